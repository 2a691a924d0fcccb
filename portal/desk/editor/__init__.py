"""The editor of a draft: its form, saving, merging conflicting texts, and the preview."""
