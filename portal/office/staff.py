"""Alerts on the desk: the list of those that hold, a new one in three steps, and one that ends before its time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.people import current_staff
from portal.content.document import Document
from portal.content.problems import ContentError
from portal.languages import formatting
from portal.office.alerts import alert_files, ended, slug_of
from portal.office.documents import ALERT, SEVERITY_LABELS
from portal.office.forms import LONGEST, AlertForm, scopes, severities
from portal.web.clock import request_clock
from portal.web.documents.cards import Card
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import catalogue, url
from portal.web.staff import NotPublished, render_staff, staff_services

PUBLISH = "publish"
staff = Blueprint("office_staff", __name__)
# Every endpoint of this blueprint with the permission that it needs.
PERMISSIONS = {
    f"{staff.name}.{view}": PUBLISH
    for view in ("alerts", "new_alert", "alert_words", "alert_check", "publish_alert", "end_alert")
}
ENDING_SOON = timedelta(days=1)
INPUT_TIME = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True)
class AlertRow:
    """An alert in the list of the desk; times are in the office's zone."""

    slug: str
    title: str
    lang: str
    severity: str
    is_on: bool
    ends: datetime
    starts_words: str
    ends_words: str


def ending_soon() -> Card | None:
    """The alerts that end within a day, for the first page of whoever may publish."""
    ending = [row for row in _rows() if row.is_on and row.ends <= request_clock().now + ENDING_SOON]
    if not ending or not current_staff().may(PUBLISH):
        return None
    href = url("office_staff.alerts")
    rows = [{"label": row.title, "href": href, "detail": _("until %(time)s", time=row.ends_words)} for row in ending]
    title = _("Alerts that end soon")
    return Card(
        "staff_card.html", {"id": "alerts-ending", "title": title, "rows": rows, "all": href, "count": len(rows)}
    )


@staff.get("/")
def alerts() -> Response:
    """The alerts that hold or will hold, each with a button that ends it."""
    return _list()


@staff.get("/new")
def new_alert() -> Response:
    """The first step."""
    return _step_one(AlertForm.of_request({}))


@staff.route("/new/words", methods=("GET", "POST"))
def alert_words() -> AnyResponse:
    """The second step; also the way back to it."""
    if request.method == "GET":
        return redirect(url("office_staff.new_alert"), 303)
    form = AlertForm.of_request(request.form)
    return _step_two(form) if form.check_kind() else _step_one(form)


@staff.route("/new/check", methods=("GET", "POST"))
def alert_check() -> AnyResponse:
    """The third step: the alert as readers will see it."""
    if request.method == "GET":
        return redirect(url("office_staff.new_alert"), 303)
    form = AlertForm.of_request(request.form)
    if not form.check_kind():
        return _step_one(form)
    return _step_three(form) if form.check_words() else _step_two(form)


@staff.post("/new/publish")
def publish_alert() -> AnyResponse:
    """Publish the alert."""
    form = AlertForm.of_request(request.form)
    ends = form.ends()
    if not form.check_kind():
        return _step_one(form)
    if not form.check_words() or ends is None:
        return _step_two(form)
    now, words = request_clock().now, form.words()
    title = words[catalogue().site.language_codes[0]]["title"]
    slug = slug_of(title, day=now, taken=[document.slug for document in catalogue().all(ALERT.kind)])
    key = f"{ALERT.kind}/{slug}"
    try:
        files = alert_files(
            severity=form.values["severity"],
            on=form.values["on"],
            starts=now,
            ends=ends,
            words=words,
            zone=request_clock().zone,
        )
        changes = {f"{key}/{name}": text for name, text in files.items()}
        staff_services().publish(changes, reason=key, unread=True)
    except NotPublished as refused:
        return _step_three(form, refused=str(refused), status=409)
    except ContentError as broken:
        return _step_three(form, refused=str(broken), status=422)
    staff_services().record("alerts.publish", key)
    return redirect(f"{url('office_staff.alerts')}?done={slug}", 303)


@staff.post("/<slug>/end")
def end_alert(slug: str) -> AnyResponse:
    """End an alert now."""
    if catalogue().get(ALERT.kind, slug) is None:
        abort(404)
    key = f"{ALERT.kind}/{slug}"
    path = f"{key}/facts.yaml"
    try:
        text = ended(staff_services().read(path), now=request_clock().now, zone=request_clock().zone, path=path)
        staff_services().publish({path: text}, reason=f"{key}: ended", unread=True)
    except NotPublished as refused:
        return _list(refused=str(refused), status=409)
    except ContentError as broken:
        return _list(refused=str(broken), status=422)
    staff_services().record("alerts.end", key)
    return redirect(url("office_staff.alerts"), 303)


def _rows() -> list[AlertRow]:
    now = request_clock().now
    versions = [request_clock().version_of(document) for document in catalogue().all(ALERT.kind)]
    current = [version for version in versions if version.facts.status == "published" and version.facts.ends > now]
    return [_row(version) for version in sorted(current, key=lambda version: (version.facts.starts, version.slug))]


def _row(document: Document) -> AlertRow:
    facts, zone = document.facts, request_clock().zone
    starts, ends = facts.starts.astimezone(zone), facts.ends.astimezone(zone)
    return AlertRow(
        slug=document.slug,
        title=document.title(language()),
        lang=document.words_in(language()).language,
        severity=_(SEVERITY_LABELS[facts.severity]),
        is_on=starts <= request_clock().now,
        ends=ends,
        starts_words=formatting.day_clock(starts, language()),
        ends_words=formatting.day_clock(ends, language()),
    )


def _list(*, refused: str = "", status: int = 200) -> Response:
    return render_staff(
        "office/staff/alerts.html", status=status, rows=_rows(), refused=refused, done=bool(request.args.get("done"))
    )


def _page(step: int, form: AlertForm, *, status: int = 0, **context: Any) -> Response:
    return render_staff(
        f"office/staff/step{step}.html",
        status=status or (422 if form.errors else 200),
        crumbs=[{"label": _(ALERT.plural), "href": url("office_staff.alerts")}],
        form=form,
        errors=form.summary(),
        step=step,
        **context,
    )


def _step_one(form: AlertForm) -> Response:
    return _page(1, form, severities=severities(), scopes=scopes())


def _step_two(form: AlertForm) -> Response:
    clock = request_clock()
    if not form.values["until"]:
        tonight = clock.midnight(clock.now.date() + timedelta(days=1)) - timedelta(minutes=1)
        form.values["until"] = f"{tonight:{INPUT_TIME}}"
    languages = {one.code: one.name for one in catalogue().site.languages}
    return _page(2, form, languages=languages, earliest=f"{clock.now:{INPUT_TIME}}", longest=LONGEST)


def _step_three(form: AlertForm, *, refused: str = "", status: int = 200) -> Response:
    ends = form.ends()
    languages = {one.code: one.name for one in catalogue().site.languages}
    shown = [
        {
            "name": languages[code],
            "alert": {"severity": form.values["severity"], "href": None, "lang": code, "summary": "", **words},
        }
        for code, words in form.words().items()
    ]
    return _page(
        3,
        form,
        status=status,
        shown=shown,
        where=next(scope["label"] for scope in scopes() if scope["value"] == form.values["on"]),
        until=formatting.day_clock(ends, language()) if ends else "",
        zone=catalogue().site.zone_label,
        refused=refused,
    )
