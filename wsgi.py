"""The entry point of every server: `granian --interface wsgi wsgi:app`; `flask` finds it by its name."""

import gc

# What a start makes stays, so the collector would walk through it in vain again and again: a fifth of each start.
gc.disable()

import os
import sys

from portal import create_app
from portal.content.problems import ContentError
from portal.settings import SettingsError, from_environment
from portal.web.operations import logs
from portal.web.operations.commands import prepare

try:
    settings = from_environment(os.environ)
    logs.configure(production=settings.is_production)
    app = create_app(settings)
except (SettingsError, ContentError) as unsafe:
    # What to do, for whoever starts the site, without a traceback around it.
    sys.exit(str(unsafe))
prepare(app)
# What was made until here stays: the collector need not walk through all content again in each of its rounds.
gc.collect()
gc.freeze()
gc.enable()
