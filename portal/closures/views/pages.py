"""The pages of published closings: the list, what one changed, and its undo."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.people import staff_name
from portal.closures import records
from portal.closures.models import ClosedTime
from portal.closures.undo import files_when_undone
from portal.closures.views.blueprint import breadcrumb, staff
from portal.closures.views.presenters import outcome, page_links
from portal.closures.views.publication import NOT_PUBLISHED, failure_message, publish_undo, text_now
from portal.closures.views.share_text import when_closed
from portal.content.problems import ContentError
from portal.web.clock import office_zone, request_clock
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import url
from portal.web.staff import render_staff, staff_time
from portal.web.state import portal
from portal.web.transactions import session


@dataclass(frozen=True)
class ClosingRow:
    """A published closing in the list."""

    title: str
    detail: str
    href: str
    state: str
    pill: str


@staff.get("/")
def index() -> Response:
    """The published closings, the newest first."""
    return render_staff("closures/index.html", rows=[_row(record) for record in records.published_records(session())])


@staff.get("/<id_>")
def show(id_: str) -> Response:
    """What a closing changed, the text to share, and its undo."""
    return _page(_record_or_404(id_))


@staff.post("/<id_>/undo")
def undo(id_: str) -> AnyResponse:
    """Undo everything that the closing did as one change; whoever was notified of it is notified again."""
    record = _record_or_404(id_)
    plan = records.plan_of(record)
    if plan.ends <= request_clock().now:
        return _page(record, _("This closing is over. There is nothing to take back."))
    texts = {path: text for path in record.after if (text := text_now(path)) is not None}
    try:
        changes = files_when_undone(
            texts, plan, before=record.before, after=record.after, now=request_clock().now, zone=office_zone()
        )
    except (ContentError, ValueError) as error:
        return _page(record, failure_message(error))
    try:
        publish_undo(record, changes, seen=texts)
    except records.AlreadyUndone:
        return _page(_record_or_404(id_), _("Somebody has undone it already."))
    except NOT_PUBLISHED as error:
        return _page(_record_or_404(id_), failure_message(error))
    return redirect(f"{url('closures.show', id_=id_)}?done=undo", 303)


def _record_or_404(id_: str) -> ClosedTime:
    return records.published_record(session(), id_) or abort(404)


def _row(record: ClosedTime) -> ClosingRow:
    plan, now = records.plan_of(record), request_clock().now
    if bool(record.undone) and records.is_published(session(), record.undone) is True:
        state, pill = _("Undone"), "done"
    elif plan.ends <= now:
        state, pill = _("Over"), "done"
    else:
        state, pill = (_("Closed now"), "cancelled") if plan.starts <= now else (_("Announced"), "soon")
    detail = ", ".join(filter(None, (plan.reason.get(language()), staff_name(record.author))))
    return ClosingRow(when_closed(plan), detail, url("closures.show", id_=record.id), state, pill)


def _page(record: ClosedTime, refused: str = "") -> Response:
    plan, served = records.plan_of(record), portal().live.current()
    # None while the undo is being published.
    undone = records.is_published(session(), record.undone) if record.undone else False
    done = request.args.get("done", "")
    return render_staff(
        "closures/show.html",
        status=409 if refused else 200,
        id_=record.id,
        title=when_closed(plan),
        reason=plan.reason.get(language(), ""),
        author=staff_name(record.author),
        published=staff_time(record.created_at),
        refused=refused,
        is_undone=undone is True,
        can_undo=undone is False and plan.ends > request_clock().now,
        done=done if done in ("publish", "undo") else "",
        outcome=outcome(served, served, plan) if undone is not True else None,
        links=page_links(served, plan),
        crumbs=breadcrumb(),
    )
