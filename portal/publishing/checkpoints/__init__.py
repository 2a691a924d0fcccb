"""Checkpoints: the end of the ledger as signed commits of the branch `audit`, and the verification of the whole log."""
