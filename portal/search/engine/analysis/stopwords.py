"""Words too common to rank by, of every language together: a query may mix them."""

from __future__ import annotations

from portal.languages.registry import LANGUAGES

STOPWORDS: frozenset[str] = frozenset().union(*(language.stop_words for language in LANGUAGES.values()))
