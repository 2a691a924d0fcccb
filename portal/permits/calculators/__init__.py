"""Arithmetic of days and costs, without access to content or the web."""
