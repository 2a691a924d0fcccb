"""The door of every server: `granian --interface wsgi wsgi:app`; `flask` finds it by its name."""

import sys

from portal import create_app
from portal.settings import SettingsError

try:
    app = create_app()
except SettingsError as unsafe:
    # One sentence for whoever starts the site, without a traceback around it.
    sys.exit(str(unsafe))
