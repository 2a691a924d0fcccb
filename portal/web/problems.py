"""Problems of content as staff read them."""

from __future__ import annotations

from portal.content.problems import Problem
from portal.web.languages import gettext as _


def plain_message(problem: Problem) -> str:
    """What is wrong and what to do, in the language of the page; in English where no plain sentence is written."""
    return _(problem.kind.plain, **problem.params) if problem.kind.plain else problem.message
