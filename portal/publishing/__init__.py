"""Publishing: candidate, checks, commit to the content repository, schedule, history, reconciliation."""
