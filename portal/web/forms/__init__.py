"""Public forms: base class, fields, guard (single-use tokens, honeypot, limits per network)."""
