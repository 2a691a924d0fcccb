"""What can be wrong in a text, found while it is compiled."""

from __future__ import annotations

from portal.content.problems import ProblemKind
from portal.messages import N_

TYPED_ADDRESS = ProblemKind(
    "markdown",
    "link '%(what)s' names an address; write the page instead, such as faq/paspor-hilang",
    N_("The link “%(what)s” is an address. Write the page’s name, such as faq/name."),
)
PICTURE_WITHOUT_WORDS = ProblemKind(
    "markdown",
    "picture '%(what)s' has no words for those who cannot see it; write ![words](%(what)s)",
    N_("Say what the picture “%(what)s” shows, for people who cannot see it."),
)
PICTURE_ELSEWHERE = ProblemKind(
    "markdown",
    "picture '%(what)s' is not in media/; upload it there",
    N_("The picture “%(what)s” is not among the uploaded files."),
)
UNKNOWN_BLOCK = ProblemKind(
    "markdown",
    "block ':::%(what)s' is not known; allowed: %(allowed)s",
    N_("There is no block “%(what)s”. Use the buttons above the text: %(allowed)s."),
)
UNKNOWN_EMBED = ProblemKind(
    "markdown",
    "'{{ %(what)s }}' is not known; allowed: %(allowed)s",
    N_("“%(what)s” cannot be inserted. Use the buttons above the text."),
)
HEADING_LEVEL = ProblemKind(
    "markdown",
    "heading '%(what)s' is h%(depth)s after h%(level)s; begin with ## and go down by one",
    N_("The heading “%(what)s” skips a level. Begin with ## and go down by one."),
)
HEADING_ID = ProblemKind(
    "markdown",
    "heading '%(what)s' has the id '%(id)s', which is used twice or not a-z, 0-9, -",
    N_("The heading “%(what)s” has an id that is used twice or has other signs than a-z, 0-9 and -."),
)
# The kinds by the name under which a compiled body keeps them.
MARKDOWN_PROBLEMS = {
    "typed-address": TYPED_ADDRESS,
    "picture-without-words": PICTURE_WITHOUT_WORDS,
    "picture-elsewhere": PICTURE_ELSEWHERE,
    "unknown-block": UNKNOWN_BLOCK,
    "unknown-embed": UNKNOWN_EMBED,
    "heading-level": HEADING_LEVEL,
    "heading-id": HEADING_ID,
}
PROBLEM_NAMES = {kind: name for name, kind in MARKDOWN_PROBLEMS.items()}
