"""The matrix of translations, and one translation beside its original."""
