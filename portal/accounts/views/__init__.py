"""The pages of accounts: one's own, those of the administrator, the audit log."""

from portal.accounts.permissions import ADMINISTER, ONESELF
from portal.accounts.views import account, authenticator, confirmation, log, own_sessions, people
from portal.accounts.views.blueprint import bp
from portal.web.languages import gettext as _

PERMISSIONS = {
    "accounts.welcome": ONESELF,
    "accounts.account": ONESELF,
    "accounts.authenticator": ONESELF,
    "accounts.confirm_both": ONESELF,
    "accounts.own_sessions": ONESELF,
    "accounts.end_session": ONESELF,
    "accounts.end_other_sessions": ONESELF,
    "accounts.members": ADMINISTER,
    "accounts.add_member": ADMINISTER,
    "accounts.member": ADMINISTER,
    "accounts.change_member": ADMINISTER,
    "accounts.close_member": ADMINISTER,
    "accounts.reset_member": ADMINISTER,
    "accounts.look_at_first_password": ADMINISTER,
    "accounts.audit_log": ADMINISTER,
    "accounts.audit_table": ADMINISTER,
}
# Dangerous acts: the password must have been given within the last minutes.
FRESH = (
    "accounts.authenticator",
    "accounts.add_member",
    "accounts.member",
    "accounts.change_member",
    "accounts.close_member",
    "accounts.reset_member",
    "accounts.audit_table",
)


def people_label() -> str:
    """The word for the list of people at the side of the desk."""
    return _("Members of staff")


def audit_label() -> str:
    """The word for the audit log at the side of the desk."""
    return _("Audit log")


__all__ = [
    "FRESH",
    "PERMISSIONS",
    "account",
    "audit_label",
    "authenticator",
    "bp",
    "confirmation",
    "log",
    "own_sessions",
    "people",
    "people_label",
]
