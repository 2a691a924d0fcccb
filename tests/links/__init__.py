"""Tests of the check of outside links."""
