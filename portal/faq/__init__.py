"""Questions that people ask, each answered in its first sentence."""
