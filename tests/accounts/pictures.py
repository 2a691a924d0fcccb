"""The pictures of signing in for docs/editors.md: `python -m tests.accounts.pictures docs/images`."""

from __future__ import annotations

import sys
import tempfile
import threading
from pathlib import Path

from passlib.totp import TOTP
from werkzeug.serving import make_server

from portal.accounts.models import Staff
from portal.database import writing
from portal.web.transactions import sessions
from tests import chromium
from tests.accounts.signing import PASSWORD, make_staff
from tests.conftest import AppFactory

PHONE = {"width": 400, "height": 760}


def main() -> None:
    """Take the pictures into the folder that is named; the key and the codes in them belong to nobody."""
    folder = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as made, chromium.launched() as browser:
        app = AppFactory(Path(made))()
        staff = make_staff(app, "reviewer", ready=False)
        with app.app_context(), sessions()() as database, writing(database):
            database.get_one(Staff, staff.id).must_change_password = False
        server = make_server("127.0.0.1", 0, app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = browser.new_page(viewport=PHONE)
        page.goto(f"http://127.0.0.1:{server.server_port}/id/staff/account")
        page.fill("[name=email]", staff.email)
        page.screenshot(path=folder / "desk-sign-in.png")
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.screenshot(path=folder / "desk-authenticator.png", full_page=True)
        page.fill("[name=code]", TOTP(key=page.inner_text("code.key")).generate().token)
        page.click("main button[type=submit]")
        page.click("main button[type=submit]")
        page.screenshot(path=folder / "desk-recovery-codes.png", full_page=True)
        server.shutdown()


if __name__ == "__main__":
    main()
