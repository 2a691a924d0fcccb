"""The second step of signing in: the code of the app, or the page of passkeys for whoever has no app."""

from __future__ import annotations

from typing import Any

from flask import redirect, session
from flask_security.twofactor import CodeTfPlugin

from portal.web.pages import url

METHOD = "passkey"


class SecondStep(CodeTfPlugin):
    """One method for everybody who has an app, a passkey or both, so that no page asks which."""

    def get_setup_methods(self, user: Any) -> list[tuple[str, str]]:
        """The app where there is one, else passkeys, else nothing."""
        methods: list[tuple[str, str]] = super().get_setup_methods(user)
        return methods or ([(METHOD, METHOD)] if user.passkeys else [])

    def tf_login(self, user: Any, json_payload: dict[str, Any], next_loc: str | None) -> Any:
        """Lead on to the step, whose page knows from the session whose password was given."""
        if user.has_app:
            return super().tf_login(user, json_payload, next_loc)
        session["tf_state"] = "ready"
        return redirect(url("passkeys.enter", next=next_loc))
