"""The pages of permits: every code, lists of nationalities, the finder and the calculators."""

from portal.permits.views import calculators, finder, lists, permits
from portal.permits.views.blueprint import bp, label

__all__ = ["bp", "calculators", "finder", "label", "lists", "permits"]
