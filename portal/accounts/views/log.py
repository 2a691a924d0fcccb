"""The audit log for the administrator: newest first, of one person or one kind of action, and as a table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TypedDict

from flask import Response, request, stream_with_context

from portal.accounts import audit, people
from portal.accounts.layout import render_account
from portal.accounts.models import AuditEntry
from portal.accounts.staff_services import AccountServices
from portal.accounts.views.blueprint import bp
from portal.languages import formatting
from portal.ledger import record as verification
from portal.messages import N_
from portal.web.clock import request_clock
from portal.web.forms.fields import whole_number
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import private, url
from portal.web.state import portal
from portal.web.transactions import sessions

ON_A_PAGE = 100
AUDITED = {
    "accounts.sign-in": N_("signed in"),
    "accounts.failed": N_("failed to sign in"),
    "accounts.sign-out": N_("signed out"),
    "accounts.password": N_("chose a new password"),
    "accounts.second-factor": N_("set up an authenticator app"),
    "accounts.passkey-added": N_("added a passkey"),
    "accounts.passkey-removed": N_("removed a passkey"),
    "accounts.recovery-codes": N_("made recovery codes"),
    "accounts.recovery": N_("signed in with a recovery code"),
    "accounts.add": N_("added a person"),
    "accounts.roles": N_("changed roles"),
    "accounts.close": N_("closed an account"),
    "accounts.reset": N_("let somebody in again"),
    "accounts.looked-at": N_("looked into a first password"),
    "accounts.end-sessions": N_("ended sessions of their own"),
    "accounts.audit": N_("exported the log"),
    "audit.checkpoint": N_("signed a checkpoint of the log"),
    "audit.key": N_("made a new key for signatures"),
    "audit.adopt": N_("adopted a commit by hand"),
}


class AuditRow(TypedDict):
    """An action as the page of the log shows it, in words."""

    at: str
    who: str
    action: str
    subject: str
    network: str


@bp.get("/audit/")
def audit_log() -> Response:
    """The newest actions, a hundred on a page."""
    who, action, before = _filters()
    with sessions()() as session:
        entries = audit.entries(session, who=who, action=action, before=before, limit=ON_A_PAGE + 1)
        names = {staff.id: staff.name for staff in people.every_staff(session)}
    page = entries[:ON_A_PAGE]
    older = url("accounts.audit_log", who=who, deed=action, before=page[-1].id) if len(entries) > ON_A_PAGE else ""
    return render_account(
        "accounts/audit.html",
        rows=[_row(entry, names) for entry in page],
        proof=_proof(),
        older=older,
        who=who,
        action=action,
        people=[{"value": "", "label": _("Everybody")}]
        + [{"value": id_, "label": name} for id_, name in names.items()],
    )


@bp.get("/audit/audit.csv")
def audit_table() -> Response:
    """The whole log, or what was chosen of it, for a spreadsheet."""
    who, action, _before = _filters()
    AccountServices().record("accounts.audit", "audit")

    head = (_("Number"), _("When (UTC)"), _("Who (id)"), _("Deed"), _("What"), _("Network"), _("Deed in words"))

    def lines() -> Iterator[str]:
        with sessions()() as session:
            rows = audit.every_entry(session, who=who, action=action)
            yield from audit.csv_lines(rows, head=head, words=action_words)

    response = private(Response(stream_with_context(lines()), content_type="text/csv; charset=utf-8"))
    response.headers["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return response


class Proof(TypedDict):
    """What the last verification of the log says: one sentence, and what it found."""

    words: str
    findings: list[str]


def _proof() -> Proof:
    last = verification.read(portal().settings.instance)
    if last is None:
        return {"words": _("The log has not been verified yet. The machine does so once a day."), "findings": []}
    verified = _moment(last.at)
    if last.findings:
        words = _("Verified %(time)s: the log is not as it was written.", time=verified)
    elif last.checkpoint_at is None:
        words = _("Verified %(time)s: the chain is whole. No checkpoint has been signed yet.", time=verified)
    else:
        words = _(
            "Verified %(time)s: the chain is whole, and the checkpoint of %(signed)s proves it up to entry %(number)s.",
            time=verified,
            signed=_moment(last.checkpoint_at),
            number=last.proved,
        )
    return {"words": words, "findings": list(last.findings)}


def _moment(instant: datetime) -> str:
    return formatting.day_clock(instant.astimezone(request_clock().zone), language())


def _filters() -> tuple[str, str, int | None]:
    number = whole_number(request.args.get("before", ""), high=10**15 - 1)
    return request.args.get("who", "")[:32], request.args.get("deed", "").strip()[:60], number


def _row(entry: AuditEntry, names: dict[str, str]) -> AuditRow:
    return {
        "at": _moment(entry.at),
        "who": names.get(entry.who) or (_("the machine") if entry.who == audit.SYSTEM else entry.who),
        "action": action_words(entry.action),
        "subject": entry.subject,
        "network": _network_words(entry.network_class),
    }


def action_words(action: str) -> str:
    """What was done, in words; the action itself where its feature is not part of this application any more."""
    for feature in portal().features:
        if action in feature.audited:
            return _(feature.audited[action])
    return action


def _network_words(network_class: str) -> str:
    return {
        "machine": _("this machine"),
        "inside": _("inside network"),
        "outside-4": _("internet (IPv4)"),
        "outside-6": _("internet (IPv6)"),
    }.get(network_class, _("unknown"))
