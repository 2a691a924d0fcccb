"""The WSGI layer before Flask: finished answers kept for exactly as long as they are right."""
