"""The first pages of the desk: what to do today, cards, the list of texts."""
