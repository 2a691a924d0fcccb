"""Publishing and undoing a closing from within a request: the edit, its record, and what is said of a refusal."""

from __future__ import annotations

from collections.abc import Mapping

from portal.accounts.people import current_staff, person_of
from portal.closures import records
from portal.closures.models import ClosedTime
from portal.closures.plan import Plan
from portal.content.problems import ContentError
from portal.events.views.queries import seats_changed
from portal.publishing.edits import Edit
from portal.publishing.wiring import REFUSALS, publish_edit, refusal_message
from portal.web.clock import office_zone, real_instant
from portal.web.problems import plain_message
from portal.web.staff import NotPublished, staff_services
from portal.web.transactions import session, sessions

NOT_PUBLISHED = (NotPublished, *REFUSALS)


def publish_closing(plan: Plan, *, before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """Publish the files of a closing; gives the id of its record. Raises NOT_PUBLISHED and leaves no record then."""
    edit = _edit(plan, "closed", changes=after, seen=before)
    # The request's own transaction ends first: on SQLite it would keep the record from being written.
    session().commit()
    with sessions()() as records_session:
        id_ = records.add_record(
            records_session,
            plan,
            before=before,
            after=after,
            revision=edit.revision,
            author=edit.author,
            now=real_instant(),
        )
    try:
        publish_edit(edit)
    except NOT_PUBLISHED:
        with sessions()() as records_session:
            records.remove_record(records_session, id_)
        raise
    _finish(plan, "publish", id_)
    return id_


def publish_undo(record: ClosedTime, changes: Mapping[str, str | None], *, seen: Mapping[str, str]) -> None:
    """Publish the files that undo a closing; raises AlreadyUndone and NOT_PUBLISHED."""
    id_, plan = record.id, records.plan_of(record)
    edit = _edit(plan, "open after all", changes=changes, seen=seen)
    session().commit()
    with sessions()() as records_session:
        records.begin_undo(records_session, id_, revision=edit.revision)
    try:
        publish_edit(edit)
    except NOT_PUBLISHED:
        with sessions()() as records_session:
            records.abandon_undo(records_session, id_, revision=edit.revision)
        session().expire_all()
        raise
    _finish(plan, "undo", id_)


def text_now(path: str) -> str | None:
    """The text of a file as readers see it now."""
    try:
        return staff_services().read(path)
    except NotPublished:
        return None


def failure_message(error: Exception) -> str:
    """Why a closing cannot be made or published."""
    if isinstance(error, ContentError):
        return "; ".join(f"{problem.path}: {plain_message(problem)}" for problem in error.problems)
    return refusal_message(error) if isinstance(error, REFUSALS) else str(error)


def _edit(plan: Plan, what: str, *, changes: Mapping[str, str | None], seen: Mapping[str, str]) -> Edit:
    author = current_staff()
    day = plan.starts.astimezone(office_zone())
    return Edit(
        author=author.id,
        person=person_of(author),
        reason=f"{day:%Y-%m-%d %H:%M}: {what} ({next(iter(plan.reason.values()))})",
        changes=changes,
        seen={path: seen.get(path) for path in changes},
        unread=True,
    )


def _finish(plan: Plan, action: str, id_: str) -> None:
    session().expire_all()
    for event in plan.events:
        seats_changed(event.slug)
    staff_services().record(f"closings.{action}", f"closings/{id_}")
