"""The pages of accounts: one's own, those of the administrator, the audit log."""

from portal.accounts.permissions import ONESELF
from portal.accounts.views import account, authenticator
from portal.accounts.views.blueprint import staff

PERMISSIONS = {
    "accounts.welcome": ONESELF,
    "accounts.account": ONESELF,
    "accounts.authenticator": ONESELF,
}
# Dangerous acts: the password must have been given within the last minutes.
FRESH = ("accounts.authenticator",)

__all__ = ["FRESH", "PERMISSIONS", "account", "authenticator", "staff"]
