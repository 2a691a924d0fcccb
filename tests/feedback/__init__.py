"""Tests of the room of readers' voices."""
