"""The check of the table: expected cases, and the proof over all situations."""
