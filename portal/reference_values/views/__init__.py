"""Staff pages on reference values: the lists, a record with its form, a proposed change and what is done with it.

Importing this package joins every view to the blueprint.
"""

from portal.reference_values.views import actions, change, lists, record
from portal.reference_values.views.blueprint import PERMISSIONS, staff

__all__ = ["PERMISSIONS", "actions", "change", "lists", "record", "staff"]
