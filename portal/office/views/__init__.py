"""The front page, the pages of the office, alerts, the reference lists, and the feed of everything new."""

from portal.office.views import design, fees, home, pages, reference
from portal.office.views.blueprint import bp

__all__ = ["bp", "design", "fees", "home", "pages", "reference"]
