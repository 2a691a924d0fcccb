"""The pages of permits: every code, lists of nationalities, the finder and the calculators."""

from portal.permits.views import calculators, lists, permits
from portal.permits.views.blueprint import bp
from portal.permits.views.finder import pages

__all__ = ["bp", "calculators", "lists", "pages", "permits"]
