"""Readers' pages: rate a page, say why, ask the office."""

from portal.feedback.views import ask, rating
from portal.feedback.views.blueprint import bp
from portal.feedback.views.rating import helpful_form

# `public.html` calls it at the foot of every public page.
TEMPLATE_GLOBALS = {"helpful_form": helpful_form}

__all__ = ["TEMPLATE_GLOBALS", "ask", "bp", "rating"]
