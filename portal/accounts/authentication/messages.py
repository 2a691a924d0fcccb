"""What Flask-Security says, in our words: looked up in the portal's own catalogue like every other sentence."""

from __future__ import annotations


def N_(message: str) -> str:  # noqa: N802 - the name by which the sentences are gathered
    """Mark a sentence that is translated later."""
    return message


_ERROR, _INFO = "error", "info"
_WRONG = N_("E-mail address or password is not right. Check both and try again.")
_WRONG_PASSWORD = N_("This is not your password. Check it and try again.")
_WRONG_CODE = N_("This code is not right or no longer valid. Type the code that the app shows now.")

MESSAGES: dict[str, tuple[str, str]] = {
    "GENERIC_AUTHN_FAILED": (_WRONG, _ERROR),
    "USER_DOES_NOT_EXIST": (_WRONG, _ERROR),
    "INVALID_EMAIL_ADDRESS": (N_("Type your whole e-mail address, for instance name@example.org."), _ERROR),
    "EMAIL_NOT_PROVIDED": (N_("Type your e-mail address."), _ERROR),
    "PASSWORD_NOT_PROVIDED": (N_("Type your password."), _ERROR),
    "INVALID_PASSWORD": (_WRONG_PASSWORD, _ERROR),
    "FIRST_PASSWORD_USED": (
        N_("This first password was used already. Ask your administrator for a new one, and say that it was used."),
        _ERROR,
    ),
    "DISABLED_ACCOUNT": (N_("This account is closed. Ask your administrator."), _ERROR),
    "PASSWORD_INVALID_LENGTH": (N_("The password needs at least %(length)s characters."), _ERROR),
    "PASSWORD_TOO_SIMPLE": (
        N_("This password is easy to guess. Choose several words that only you connect."),
        _ERROR,
    ),
    "RETYPE_PASSWORD_MISMATCH": (N_("The two new passwords differ. Type the same one twice."), _ERROR),
    "PASSWORD_IS_THE_SAME": (N_("The new password must differ from the one you have."), _ERROR),
    "INVALID_CODE": (_WRONG_CODE, _ERROR),
    "TWO_FACTOR_INVALID_TOKEN": (_WRONG_CODE, _ERROR),
    "INVALID_RECOVERY_CODE": (N_("This recovery code is not right or was used before. Each works once."), _ERROR),
    "INVALID_INPUT": (N_("This cannot be read. Type it again."), _ERROR),
}


def message_settings() -> dict[str, tuple[str, str]]:
    """The settings by which Flask-Security speaks like the portal."""
    return {f"SECURITY_MSG_{name}": message for name, message in MESSAGES.items()}
