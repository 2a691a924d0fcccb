"""The ledger: a chain of digests over the rows of a log, which shows the first row that was altered, lost or added."""
