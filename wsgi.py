"""The door of every server: `granian --interface wsgi wsgi:app` or `flask --app wsgi`."""

from portal import create_app

app = create_app()
