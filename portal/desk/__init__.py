"""The staff pages on documents: dashboard, editing, review, history, translations."""
