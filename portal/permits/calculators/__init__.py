"""Calculators work out days and costs from what a reader types; nothing they are told is kept."""
