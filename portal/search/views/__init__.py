"""The pages of the search: results, the same as JSON, suggestions while typing."""

from portal.search.views.pages import bp
from portal.search.views.room import GLOSSARY, JOBS, PLACES, install, page_label

__all__ = ["GLOSSARY", "JOBS", "PLACES", "bp", "install", "page_label"]
