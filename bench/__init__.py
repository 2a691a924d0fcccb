"""Measurements of the portal against its peers: CPU per request, A and B alternating in one run, medians of rounds."""
