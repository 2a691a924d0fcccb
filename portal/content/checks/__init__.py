"""Checks of the content as a whole: references, prose, numbers without a fact."""
