"""Permits: every code with its legal basis, a finder proved complete before it is published, and calculators."""
