"""The sessions on the staff desk: quick actions report places or change a state, and publish at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import TypedDict

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.people import current_staff
from portal.content.problems import ContentError
from portal.languages import formatting
from portal.schedules.directory import Service
from portal.schedules.edits import edit_series, report_places, reported_quota
from portal.schedules.service import facts_path
from portal.schedules.staff.forms import InvalidReport, common_reasons, submitted_move, submitted_reason
from portal.schedules.views.presentation.session_presenters import (
    PlacesLeft,
    SessionRow,
    places_left,
    session_href,
    session_row,
)
from portal.schedules.views.queries import KIND, service_directory, service_of
from portal.timetable.sessions import edits
from portal.timetable.sessions.edits import edit_one
from portal.timetable.sessions.series import DeclaredState, Occurrence, Quota, Series
from portal.web.clock import request_clock
from portal.web.documents.cards import Card
from portal.web.forms.fields import whole_number
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import url
from portal.web.staff import NotPublished, PublishedMeanwhile, render_staff, staff_services

SCHEDULE = "schedule"
staff = Blueprint("schedules_staff", __name__)
VIEWS = ("index", "report_places", "set_state", "cancel_session", "move_session", "undo", "calendar")
# Every endpoint of this blueprint with the permission that it needs.
PERMISSIONS = {f"{staff.name}.{view}": SCHEDULE for view in VIEWS}
LISTED_FOR = timedelta(days=60)
TO_CONFIRM_WITHIN = timedelta(days=7)
CARD_ROWS = 5
MOST_PLACES = 9999
# Several people may send a quick action at one moment; each is tried again on what is published by then.
# What is refused for another reason stays refused.
TRIES = 12
UNDONE: dict[str, Callable[[Series, date], Series]] = {
    "cancel": edits.restore,
    "move": edits.move_back,
    "full": edits.reopen,
}
DECLARED_STATES: tuple[DeclaredState, ...] = ("planned", "confirmed", "full")


class ReportedPlaces(TypedDict):
    """Places as they are published."""

    total: int
    taken: int


class StateButton(TypedDict):
    """A quick action that declares a state."""

    state: DeclaredState
    words: str


class StaffSessionRow(SessionRow):
    """A session with the addresses of its quick actions; `row` is `<service>/<session key>`."""

    id: str
    row: str
    public: str
    places: str
    state_url: str
    quota: ReportedPlaces | None
    left: PlacesLeft | None
    label: str
    action: str
    day_value: str
    opens: str
    closes: str
    typed: Mapping[str, str]
    states: list[StateButton]
    cancelled: bool
    full: bool
    moved: bool


def to_confirm() -> Card | None:
    """The sessions of the next seven days that are only planned, for the first page of whoever may confirm them."""
    now = request_clock().now
    sessions = [
        (service, session)
        for service, session in service_directory().upcoming(now)
        if session.start <= now + TO_CONFIRM_WITHIN and not session.cancelled and session.declared_state == "planned"
    ]
    if not sessions or not current_staff().may(SCHEDULE):
        return None
    href = url("schedules_staff.index")
    rows = []
    for service, session in sessions[:CARD_ROWS]:
        row, anchor = session_row(service_directory(), service, session), anchor_of(service, session)
        rows.append({"label": row["title"], "href": f"{href}#{anchor}", "detail": f"{row['date']}, {row['time']}"})
    context = {
        "id": "to-confirm",
        "title": _("Sessions to confirm"),
        "rows": rows,
        "all": href,
        "count": len(sessions),
    }
    return Card("staff_card.html", context)


@staff.get("/")
def index() -> Response:
    """Today's sessions and those of the next weeks, each with its places and its state."""
    return _page()


@staff.post("/<slug>/<key>/places", endpoint="report_places")
def report_session_places(slug: str, key: str) -> AnyResponse:
    """Report how many places are taken: one more, one fewer, or a number."""
    service, session = _session_or_404(slug, key)
    now, zone = request_clock().now, request_clock().zone

    def quota_of(before: Quota | None) -> Quota:
        total, taken = _submitted_places(before)
        return reported_quota(total=total, taken=taken, now=now)

    def edit(text: str, path: str) -> str:
        return report_places(text, session.series, session.original_date, quota_of, zone=zone, path=path)

    try:
        return _publish(service, session, "places", edit, tries=TRIES if _is_step() else 1)
    except InvalidReport as invalid:
        return _page(errors={f"{slug}/{key}": invalid.message}, status=invalid.status)


@staff.post("/<slug>/<key>/state")
def set_state(slug: str, key: str) -> AnyResponse:
    """Declare that a session is planned, confirmed or full."""
    service, session = _session_or_404(slug, key)
    submitted = request.form.get("state", "")
    state = next((state for state in DECLARED_STATES if state == submitted), None)
    if state is None:
        abort(400)
    if session.cancelled:
        return _page(errors={f"{slug}/{key}": _("This session is cancelled.")}, status=409)
    return _publish_edit(service, session, state, lambda series: edit_one(series, session.original_date, state=state))


@staff.post("/<slug>/<key>/cancel")
def cancel_session(slug: str, key: str) -> AnyResponse:
    """Cancel a session for a reason that readers see; it stays listed, and can be held again by one press."""
    service, session = _session_or_404(slug, key)
    reason = submitted_reason()
    if not reason:
        return _page(errors={f"{slug}/{key}": _("Say why it is cancelled; readers see it.")}, status=422)
    return _publish_edit(
        service, session, "cancelled", lambda series: edits.cancel(series, session.original_date, reason)
    )


@staff.post("/<slug>/<key>/move")
def move_session(slug: str, key: str) -> AnyResponse:
    """Move a session to another day, and to other hours where the form gives both of them."""
    service, session = _session_or_404(slug, key)
    try:
        moved_to, hours = submitted_move(session)
    except InvalidReport as invalid:
        return _page(errors={f"{slug}/{key}": invalid.message}, status=invalid.status)
    day, reason = session.original_date, submitted_reason()
    return _publish_edit(
        service,
        session,
        "moved",
        lambda series: edit_one(
            series,
            day,
            moved_to=moved_to if moved_to != day else None,
            hours="" if hours == series.hours else hours,
            reason=reason,
        ),
    )


@staff.post("/<slug>/<key>/undo")
def undo(slug: str, key: str) -> AnyResponse:
    """Take a cancellation, a move or a declaration as full back."""
    service, session = _session_or_404(slug, key)
    takes_back = UNDONE.get(request.form.get("what", ""))
    if takes_back is None:
        abort(400)
    try:
        return _publish_edit(service, session, "undone", lambda series: takes_back(series, session.original_date))
    except edits.NoSuchSession:
        message = _("Somebody has taken this back already.")
        return _page(errors={f"{slug}/{key}": message}, status=409)


def _publish_edit(
    service: Service, session: Occurrence, action: str, change: Callable[[Series], Series]
) -> AnyResponse:
    """Publish the session's series as `change` gives it, with a higher sequence."""
    now, zone = request_clock().now, request_clock().zone

    def edit(text: str, path: str) -> str:
        return edit_series(text, session.series, lambda series: (change(series),), zone=zone, path=path, now=now)

    return _publish(service, session, action, edit)


def _is_step() -> bool:
    """Whether the form says one more or one fewer, which is right whatever the number is by now."""
    return request.form.get("step", "0") in ("-1", "1")


def _submitted_places(before: Quota | None) -> tuple[int, int]:
    """Total and taken places as the form reports them, given those that are published; raises InvalidReport."""
    if before is not None and _is_step():
        # A step counts from what is published now, so the steps of two people add up.
        return before.total, min(max(before.taken + int(request.form["step"]), 0), MOST_PLACES)
    total_text = request.form.get("total", "").strip()
    taken = whole_number(request.form.get("taken", ""), high=MOST_PLACES)
    total = whole_number(total_text or "0", high=MOST_PLACES)
    if taken is None or total is None:
        raise InvalidReport(_("Enter a number from 0 to %(most)d", most=MOST_PLACES))
    if before is None:
        if not total:
            raise InvalidReport(_("Enter how many places there are"))
        return total, taken
    if request.form.get("seen", str(before.taken)) != str(before.taken):
        raise InvalidReport(
            _("Somebody else reported another number meanwhile. Look at it, then save again."), status=409
        )
    return total if total_text else before.total, taken


def _session_or_404(slug: str, key: str) -> tuple[Service, Occurrence]:
    service = service_directory().get(slug)
    session = service.occurrence(key) if service is not None else None
    if service is None or session is None:
        abort(404)
    return service, session


def _publish(
    service: Service, session: Occurrence, action: str, edit: Callable[[str, str], str], *, tries: int = 1
) -> AnyResponse:
    """Publish the service's facts after `edit(text, path)`, and go back to the session's row."""
    path, row = facts_path(service.slug), f"{service.slug}/{session.key}"
    refusal = ""
    for _try in range(tries):
        try:
            text = edit(staff_services().read(path), path)
            staff_services().publish({path: text}, reason=f"{action}: {KIND}/{row}")
        except PublishedMeanwhile as conflict:
            refusal = str(conflict)
            continue
        except NotPublished as refused:
            return _page(errors={row: str(refused)}, status=409)
        except ContentError as invalid:
            return _page(errors={row: "; ".join(problem.message for problem in invalid.problems)}, status=422)
        staff_services().record(f"schedules.{action}", f"{KIND}/{row}")
        index_url = url("schedules_staff.index")
        return redirect(f"{index_url}?done={session.key}#{anchor_of(service, session)}", 303)
    return _page(errors={row: refusal}, status=409)


def _state_button(state: DeclaredState) -> str:
    """What a press that declares the state says."""
    return {"planned": _("Only planned"), "confirmed": _("Confirm"), "full": _("Mark full")}[state]


def anchor_of(service: Service, session: Occurrence) -> str:
    """The id of the session's row in the list."""
    return f"session-{service.slug}-{session.key}"


def _row(service: Service, session: Occurrence) -> StaffSessionRow:
    public_row = session_row(service_directory(), service, session)
    quota = session.quota
    target = {"slug": service.slug, "key": session.key}
    return {
        **public_row,
        "id": anchor_of(service, session),
        "row": f"{service.slug}/{session.key}",
        "public": session_href(service, session),
        "places": url("schedules_staff.report_places", **target),
        "state_url": url("schedules_staff.set_state", **target),
        "quota": {"total": quota.total, "taken": quota.taken} if quota else None,
        "left": places_left(session),
        "label": _("Places taken, %(title)s, %(day)s", title=public_row["title"], day=public_row["date"]),
        "action": url("schedules_staff.index") + f"{service.slug}/{session.key}",
        "day_value": session.start.date().isoformat(),
        "opens": f"{session.start:%H:%M}",
        "closes": f"{session.end:%H:%M}",
        "typed": request.form if (request.view_args or {}) == target else {},
        "states": [
            {"state": state, "words": _state_button(state)}
            for state in (() if session.declared_state == "full" else DECLARED_STATES)
            if state != session.declared_state
        ],
        "cancelled": session.cancelled,
        "full": session.declared_state == "full",
        "moved": session.previous_appointment is not None,
    }


def _page(*, errors: dict[str, str] | None = None, status: int = 200) -> Response:
    """The list, with a message beside each row (`<service>/<session key>`) that `errors` names."""
    today, now = request_clock().now.date(), request_clock().now
    rows = [
        (session.start.date(), _row(service_of(service.document), session))
        for service in service_directory().services
        for session in service.occurrences
        if today <= session.start.date() and session.start <= now + LISTED_FOR
    ]
    rows.sort(key=lambda pair: (pair[0], pair[1]["time"], pair[1]["title"]))
    groups: dict[str, list[StaffSessionRow]] = {}
    for day, row in rows:
        groups.setdefault(formatting.day(day, language(), weekday=True), []).append(row)
    messages = errors or {}
    done = request.args.get("done", "")
    return render_staff(
        "schedules/staff/index.html",
        status=status,
        groups=groups,
        reasons=common_reasons(),
        today=formatting.day(today, language(), weekday=True),
        messages=messages,
        errors=[{"message": words, "href": f"#session-{row.replace('/', '-')}"} for row, words in messages.items()],
        done=any(row["id"].endswith(done) for _day, row in rows) if done else False,
    )
