"""The documents of the site on the desk: the list of a kind, one document, a new one."""
