"""Changes of dated reference values: proposals, their uses in documents, staff pages."""
