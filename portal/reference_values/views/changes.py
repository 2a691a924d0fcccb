"""A change of a value on its way: what readers will be told, every page that shows it, and the deeds of four eyes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from flask import Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.people import current_staff, current_staff_id, may, person_of, staff_name, staff_named
from portal.content.problems import ContentError
from portal.content.sources.repository import Person
from portal.drafts import workflow
from portal.drafts.labels import state_label
from portal.drafts.models import APPROVED, OPEN_STATES, PUBLISHING, REVIEW, WRITING
from portal.drafts.workflow import IllegalTransition, SelfApproval, StaleVersion
from portal.languages import formatting
from portal.publishing.edits import Edit
from portal.publishing.wiring import REFUSALS, publish_edit, refusal_message
from portal.reference_values import proposals
from portal.reference_values.changes import DATED, HolidayChange, NoValueThen, SameValue, from_stored
from portal.reference_values.models import ValueChange
from portal.reference_values.uses import Uses, uses_of, uses_of_days
from portal.reference_values.views.blueprint import staff
from portal.reference_values.views.pages import NEW, Made, crumbs, made_of
from portal.reference_values.views.presenters import (
    change_words,
    detail_of,
    readers_words,
    reference_words,
    rows_of,
    shown_uses,
    title_of,
)
from portal.web.clock import real_instant, request_clock
from portal.web.documents.preview import as_published, render_preview, requested_time
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import plain_catalogue, url
from portal.web.problems import plain_message
from portal.web.staff import NotPublished, render_staff, staff_services, staff_time
from portal.web.state import portal
from portal.web.transactions import session

PERMISSIONS = {
    "reference_values.value_change": "read",
    "reference_values.value_page": "read",
    "reference_values.send_value": "write",
    "reference_values.discard_value": "write",
    "reference_values.send_back_value": "review",
    "reference_values.approve_value": "review",
    "reference_values.publish_value": "publish",
}
STATES = (WRITING, REVIEW, APPROVED, "published")


@staff.get("/values/changes/<id_>")
def value_change(id_: str) -> Response:
    """What the change does, and everything that it reaches."""
    return change_page(change_or_404(id_))


@staff.get("/values/changes/<id_>/page")
def value_page(id_: str) -> Response:
    """A page of the site with the change in it, at the time of `at`."""
    change = change_or_404(id_)
    made = _made(change)
    document = plain_catalogue().find(request.args.get("page", "")[:200])
    if not isinstance(made, Made) or document is None:
        abort(404)
    shown = as_published(made.catalogue.find(document.key) or document)
    return render_preview(shown, made.catalogue.replacing(shown), language(), at=requested_time())


@staff.post("/values/changes/<id_>/send")
def send_value(id_: str) -> AnyResponse:
    """Ask for a second pair of eyes."""
    change = change_or_404(id_)
    made = _made(change)
    if isinstance(made, str):
        return change_page(change, {"form": made})
    asked = request.form.get("version", "")
    version = int(asked) if asked.isdecimal() and len(asked) < 9 else 0
    return _act(change, "send", proposals.send, version=version)


@staff.post("/values/changes/<id_>/send-back")
def send_back_value(id_: str) -> AnyResponse:
    """Give the change back with a note."""
    change, note = change_or_404(id_), request.form.get("note", "")
    if not note.strip():
        return change_page(change, {"note": _("Say what has to change, so that the author need not guess.")})
    return _act(change, "send-back", proposals.send_back, note=note)


@staff.post("/values/changes/<id_>/discard")
def discard_value(id_: str) -> AnyResponse:
    """Close the change without publishing it."""
    change = change_or_404(id_)
    if not workflow.is_own(change, current_staff_id()) and not may("review"):
        abort(403)
    lead = f"{url('reference_values.values')}?list={change.reference}&done=discard"
    return _act(change, "discard", proposals.discard, lead=lead)


@staff.post("/values/changes/<id_>/approve")
def approve_value(id_: str) -> AnyResponse:
    """Approve what was read; with `then=publish` it is published at once."""
    change = change_or_404(id_)
    made = _made(change)
    if isinstance(made, str):
        return change_page(change, {"form": made}, status=409)
    digest = proposals.digest_of(change, made.after)
    if request.form.get("mark") != digest:
        return change_page(change, {"form": _moved()}, status=409)
    answer = _act(change, "approve", proposals.approve, by=current_staff_id(), digest=digest)
    if request.form.get("then") == "publish" and answer.status_code == 303 and may("publish"):
        return _publish(change_or_404(id_), made)
    return answer


@staff.post("/values/changes/<id_>/publish")
def publish_value(id_: str) -> AnyResponse:
    """Publish the approved change: every page announces it by itself."""
    change = change_or_404(id_)
    made = _made(change)
    if isinstance(made, str):
        return change_page(change, {"form": made}, status=409)
    return _publish(change, made)


def _publish(change: ValueChange, made: Made) -> AnyResponse:
    id_, subject = change.id, f"{change.reference}/{change.record}"
    edit = Edit(
        author=change.author,
        person=_person(change.author),
        committer=person_of(current_staff()),
        approved_by=staff_name(change.reviewer),
        reason=f"{subject}: {change.reason}",
        changes=made.after,
        seen=made.before,
    )
    digest = proposals.digest_of(change, made.after)
    try:
        proposals.begin(session(), id_, revision=edit.revision, digest=digest, now=real_instant())
    except (StaleVersion, IllegalTransition) as refused:
        return _refused(id_, refused)
    try:
        publish_edit(edit)
    except (NotPublished, *REFUSALS) as refused:
        message = str(refused) if isinstance(refused, NotPublished) else refusal_message(refused)
        proposals.finalize(session(), id_, now=real_instant())
        return change_page(change_or_404(id_), {"form": message}, status=409)
    proposals.finalize(session(), id_, now=real_instant())
    staff_services().record("values.publish", f"{subject}#{id_}")
    return redirect(url("reference_values.value_change", id_=id_) + "?done=publish", 303)


def _person(id_: str) -> Person:
    found = staff_named(session(), id_)
    return person_of(found) if found else Person(staff_name(id_), "")


def _act(
    change: ValueChange, action: str, function: Callable[..., object], *, lead: str = "", **given: object
) -> AnyResponse:
    """Call a function of the proposals, record it in the audit log and show the change again, or why it was refused."""
    id_, subject = change.id, change.key
    try:
        function(session(), id_, now=real_instant(), **given)
    except (SelfApproval, StaleVersion, IllegalTransition) as refused:
        return _refused(id_, refused)
    staff_services().record(f"values.{action}", f"{subject}#{id_}")
    return redirect(lead or url("reference_values.value_change", id_=id_), 303)


def _refused(id_: str, refused: Exception) -> Response:
    if isinstance(refused, SelfApproval):
        message = _("You proposed this change yourself. Somebody else has to approve it.")
    elif isinstance(refused, IllegalTransition):
        message = _("Meanwhile the change is: %(state)s.", state=state_label(refused.state))
    else:
        message = _moved()
    return change_page(change_or_404(id_), {"form": message}, status=409)


def _moved() -> str:
    return _("The change or the list was changed while you read it. Read it again, then decide.")


def change_or_404(id_: str) -> ValueChange:
    """The change of that id; one whose publication was interrupted is settled first."""
    found = session().get(ValueChange, id_) if len(id_) == 32 and id_.isalnum() else None
    if found is None:
        abort(404)
    if found.state == PUBLISHING and found.edited_at < real_instant() - timedelta(minutes=1):
        proposals.finalize(session(), id_, now=real_instant())
        found = session().get_one(ValueChange, id_)
    return found


def _made(change: ValueChange) -> Made | str:
    """The change laid over what is served now, or why that cannot be."""
    try:
        made = made_of(change.reference, change.record, from_stored(change.change))
    except SameValue:
        return _("This is what holds already on that day.")
    except NoValueThen:
        return _("No value is known for that day, so nothing can follow on it. Choose a later day.")
    except ContentError as broken:
        return "; ".join(plain_message(problem) for problem in broken.problems)
    if made.problems:
        return "; ".join(f"{one.path}: {plain_message(one)}" for one in made.problems[:3])
    return made


def _uses(change: ValueChange, made: Made) -> Uses:
    typed = from_stored(change.change)
    if isinstance(typed, HolidayChange):
        before = plain_catalogue().reference("holidays").get(change.record)
        days = [typed.starts, *([before.day] if before is not None and before.day else [])]
        return uses_of_days(plain_catalogue(), made.catalogue, days, portal().holiday_documents)
    return uses_of(made.catalogue, change.reference, change.record, portal().value_outcomes)


def change_page(change: ValueChange, errors: dict[str, str] | None = None, *, status: int = 0) -> Response:
    """The page of a change; errors by field, `form` for those of the whole."""
    shown, typed = errors or {}, from_stored(change.change)
    made = _made(change) if change.state in OPEN_STATES else ""
    own = workflow.is_own(change, current_staff_id())
    record = plain_catalogue().reference(change.reference).get(change.record)
    at = _seen_at(typed.starts)
    seen: dict[str, Any] = {"rows": [], "told": [], "uses": None, "approved_mark": ""}
    if isinstance(made, Made):
        after = made.catalogue.reference(change.reference).get(change.record)
        if change.reference in DATED:
            seen["rows"] = rows_of(getattr(record, "values", ()), getattr(after, "values", ()))
        seen["told"] = readers_words(after, list(dict.fromkeys((request_clock().today(), typed.starts))))
        seen["uses"] = shown_uses(_uses(change, made), made.catalogue, {"id": change.id, "at": at.isoformat()})
        seen["approved_mark"] = proposals.digest_of(change, made.after)
    elif made:
        shown = {"form": made, **shown}
    return render_staff(
        "reference_values/change.html",
        status=status or (422 if errors else 200),
        change=change,
        title=f"{reference_words(change.reference)}: {title_of(change.reference, record, change.record)}",
        words=change_words(typed),
        now_words=detail_of(record, request_clock().today()) if record is not None else "",
        states=[{"label": state_label(state)} for state in STATES],
        current=STATES.index(change.state) if change.state in STATES[:3] else len(STATES),
        own=own,
        author=staff_name(change.editor),
        edited=staff_time(change.edited_at),
        reviewer=staff_name(change.reviewer) if change.reviewer else "",
        errors=shown,
        summary=[{"message": words, "href": f"#field-{name}"} for name, words in shown.items()],
        note=request.form.get("note", ""),
        days=_days(change, typed.starts, at),
        edit_href=_form_href(change, is_new=record is None),
        actions=_actions(change, own=own, is_sound=isinstance(made, Made)),
        can_publish=may("publish"),
        done=request.args.get("done") == "publish",
        crumbs=crumbs(change.reference),
        **seen,
    )


def _seen_at(starts: date) -> date:
    """The day on which pages are shown: today, or the first day of the change."""
    return request_clock().today() if request.args.get("seen") == "today" else max(starts, request_clock().today())


def _days(change: ValueChange, starts: date, at: date) -> list[dict[str, Any]]:
    """The choice of the day on which the pages are shown."""
    today, address = request_clock().now.date(), url("reference_values.value_change", id_=change.id)
    first = formatting.day(max(starts, today), language())
    return [
        {"label": _("on %(day)s", day=first), "href": f"{address}?seen=starts#uses", "current": at != today},
        {"label": _("today"), "href": f"{address}?seen=today#uses", "current": at == today},
    ]


def _actions(change: ValueChange, *, own: bool, is_sound: bool) -> set[str]:
    """The deeds that this person may do with the change now."""
    found: set[str] = set()
    if change.state == WRITING and may("write"):
        found |= {"edit", "discard"} | ({"send"} if is_sound else set())
    if change.state == REVIEW and may("review"):
        found.add("send-back")
        if not own and is_sound:
            found.add("approve")
    if change.state == APPROVED:
        found |= {"publish"} if may("publish") and is_sound else set()
        found |= {"send-back"} if may("review") else set()
    if change.state in (REVIEW, APPROVED) and (own or may("review")) and may("write"):
        found.add("discard")
    return found


def _form_href(change: ValueChange, *, is_new: bool) -> str:
    if is_new:
        return url("reference_values.value", reference=change.reference, record=NEW) + f"?new={change.record}"
    return url("reference_values.value", reference=change.reference, record=change.record)
