"""The sessions on the desk: one tap reports places or changes a state, and the page of readers tells it at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.people import current_staff
from portal.content.problems import ContentError
from portal.languages import formatting
from portal.schedules import edits
from portal.schedules.directory import Service
from portal.schedules.views.presentation.presenters import places_left, session, session_href
from portal.schedules.views.presentation.status_text import state_words
from portal.schedules.views.queries import KIND, service_directory, service_of
from portal.timetable.sessions.edits import edit_one
from portal.timetable.sessions.series import Occurrence, Quota
from portal.web.clock import request_clock
from portal.web.documents.cards import Card
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import url
from portal.web.staff import NotPublished, render_staff, staff_services

SCHEDULE = "schedule"
staff = Blueprint("schedules_staff", __name__)
# Every endpoint of this blueprint with the permission that it needs.
PERMISSIONS = {f"{staff.name}.{view}": SCHEDULE for view in ("index", "report_places", "set_state")}
AHEAD = timedelta(days=60)
SOON = timedelta(days=7)
SHOWN = 5
LIST = "staff_card.html"
MOST_PLACES = 9999
# Several people may tap at one moment; each looks again at what is published by then.
TRIES = 12
TAPPED = ("planned", "confirmed", "full")
Revise = Callable[[str, str], str]


def label() -> str:
    """The word for the sessions in the list of the desk."""
    return _("Sessions")


def to_confirm() -> Card | None:
    """The sessions of the next seven days that are only planned, for the first page of whoever may confirm them."""
    soon, now = request_clock().now + SOON, request_clock().now
    found = [
        (service, item)
        for service, item in service_directory().upcoming(now)
        if item.start <= soon and not item.cancelled and item.declared_state == "planned"
    ]
    if not found or not current_staff().may(SCHEDULE):
        return None
    href = url("schedules_staff.index")
    rows = [
        {"label": shown["title"], "href": f"{href}#{shown['id']}", "detail": f"{shown['date']}, {shown['time']}"}
        for shown in (_row(service, item) for service, item in found[:SHOWN])
    ]
    return Card(
        LIST, {"id": "to-confirm", "title": _("Sessions to confirm"), "rows": rows, "all": href, "count": len(found)}
    )


@staff.get("/")
def index() -> Response:
    """Today's sessions and those of the next weeks, each with its places and its state."""
    return _page()


@staff.post("/<slug>/<key>/places")
def report_places(slug: str, key: str) -> AnyResponse:
    """Report how many places are taken: one more, one fewer, or a number."""
    service, item = _session(slug, key)
    now, zone = request_clock().now, request_clock().zone

    def count(before: Quota | None) -> Quota:
        total, taken = _places(before)
        return edits.reported(total=total, taken=taken, now=now)

    def revise(text: str, path: str) -> str:
        return edits.with_count(text, item.series, item.original_date, count, zone=zone, path=path)

    try:
        return _publish(service, item, "places", revise, tries=TRIES if _is_tap() else 1)
    except _Miscounted as wrong:
        return _page(wrong={f"{slug}/{key}": wrong.message}, status=wrong.status)


@staff.post("/<slug>/<key>/state")
def set_state(slug: str, key: str) -> AnyResponse:
    """Say that a session is planned, confirmed or full."""
    service, item = _session(slug, key)
    state = request.form.get("state", "")
    if state not in TAPPED:
        abort(400)
    if item.cancelled:
        return _page(wrong={f"{slug}/{key}": _("This session is cancelled.")}, status=409)
    return _publish(
        service,
        item,
        state,
        lambda text, path: edits.revised(
            text,
            item.series,
            lambda series: (edit_one(series, item.original_date, state=state),),
            now=request_clock().now,
            zone=request_clock().zone,
            path=path,
        ),
    )


class _Miscounted(Exception):
    """The number that was sent cannot be reported; `message` says why and what to do."""

    def __init__(self, message: str, status: int = 422) -> None:
        super().__init__(message)
        self.message, self.status = message, status


def _is_tap() -> bool:
    """Whether the form says one more or one fewer, which is right whatever the number is by now."""
    return request.form.get("step", "0") in ("-1", "1")


def _places(before: Quota | None) -> tuple[int, int]:
    """Total and taken places as the form reports them, given those that are published; raises _Miscounted."""
    step = request.form.get("step", "0")
    if before is not None and _is_tap():
        # A tap counts from what is published now, so two people at one door add up.
        return before.total, min(max(before.taken + int(step), 0), MOST_PLACES)
    taken, total = request.form.get("taken", "").strip(), request.form.get("total", "").strip()
    if not taken.isdecimal() or not (total or "0").isdecimal() or max(len(taken), len(total)) > 4:
        raise _Miscounted(_("Enter a number from 0 to %(most)d", most=MOST_PLACES))
    if before is None:
        if not total or not int(total):
            raise _Miscounted(_("Enter how many places there are"))
        return int(total), int(taken)
    if request.form.get("seen", str(before.taken)) != str(before.taken):
        raise _Miscounted(
            _("Somebody else reported another number meanwhile. Look at it, then save again."), status=409
        )
    return int(total) if total else before.total, int(taken)


def _session(slug: str, key: str) -> tuple[Service, Occurrence]:
    service = service_directory().get(slug)
    item = service.occurrence(key) if service is not None else None
    if service is None or item is None:
        abort(404)
    return service, item


def _publish(service: Service, item: Occurrence, deed: str, revise: Revise, *, tries: int = 1) -> AnyResponse:
    path, row = f"{KIND}/{service.slug}/facts.yaml", f"{service.slug}/{item.key}"
    refusal = ""
    for _try in range(tries):
        try:
            text = revise(staff_services().read(path), path)
            staff_services().publish({path: text}, reason=f"{deed}: {KIND}/{row}")
        except NotPublished as refused:
            refusal = str(refused)
            continue
        except ContentError as broken:
            return _page(wrong={row: "; ".join(problem.message for problem in broken.problems)}, status=422)
        staff_services().record(f"schedules.{deed}", f"{KIND}/{row}")
        return redirect(f"{url('schedules_staff.index')}?done={item.key}#{_anchor(service, item)}", 303)
    return _page(wrong={row: refusal}, status=409)


def _anchor(service: Service, item: Occurrence) -> str:
    return f"session-{service.slug}-{item.key}"


def _row(service: Service, item: Occurrence) -> dict[str, Any]:
    shown = session(service_directory(), service, item)
    quota = item.quota
    return {
        **shown,
        "id": _anchor(service, item),
        "row": f"{service.slug}/{item.key}",
        "public": session_href(service, item),
        "places": url("schedules_staff.report_places", slug=service.slug, key=item.key),
        "state_url": url("schedules_staff.set_state", slug=service.slug, key=item.key),
        "quota": {"total": quota.total, "taken": quota.taken} if quota else None,
        "left": places_left(item),
        "label": _("Places taken, %(title)s, %(day)s", title=shown["title"], day=shown["date"]),
        "states": [{"state": one, "words": state_words(one)} for one in TAPPED if one != item.declared_state],
        "stated": item.declared_state,
        "cancelled": item.cancelled,
    }


def _page(*, wrong: dict[str, str] | None = None, status: int = 200) -> Response:
    today, now = request_clock().now.date(), request_clock().now
    rows = [
        (item.start.date(), _row(service_of(service.document), item))
        for service in service_directory().services
        for item in service.occurrences
        if today <= item.start.date() and item.start <= now + AHEAD
    ]
    rows.sort(key=lambda pair: (pair[0], pair[1]["time"], pair[1]["title"]))
    groups: dict[str, list[dict[str, Any]]] = {}
    for day, row in rows:
        groups.setdefault(formatting.day(day, language(), weekday=True), []).append(row)
    shown = wrong or {}
    done = request.args.get("done", "")
    return render_staff(
        "schedules/staff/index.html",
        status=status,
        groups=groups,
        today=formatting.day(today, language(), weekday=True),
        wrong=shown,
        errors=[{"message": words, "href": f"#session-{row.replace('/', '-')}"} for row, words in shown.items()],
        done=any(row["id"].endswith(done) for _day, row in rows) if done else False,
    )
