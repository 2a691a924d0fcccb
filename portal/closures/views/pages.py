"""The closing wizard: when and what, then everything that it changes, then one publication; and the way back."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

from flask import Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.people import current_staff, person_of, staff_name
from portal.closures import records
from portal.closures.apply import closed, reopened
from portal.closures.models import ClosedTime
from portal.closures.plan import Plan
from portal.closures.views.forms import ClosingForm
from portal.closures.views.presenters import (
    book_in,
    event_row,
    events_of,
    outcome,
    reached_links,
    session_row,
    when_words,
)
from portal.content.catalogue import Catalogue
from portal.content.parsing import ContentError
from portal.desk.blueprint import staff
from portal.events.views.queries import seats_changed
from portal.publishing import wiring
from portal.publishing.messages import plain_message
from portal.publishing.publish import Edit
from portal.publishing.wiring import REFUSALS, no_repository_message, publish_edit, refusal_message
from portal.web.clock import office_zone, real_instant, request_clock
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.navigation import Link
from portal.web.pages import plain_catalogue, url
from portal.web.staff import NotPublished, render_staff, staff_services, staff_time
from portal.web.state import portal
from portal.web.transactions import session, sessions

PERMISSIONS = {
    f"desk.{view}": "schedule"
    for view in ("closings", "new_closing", "closing_check", "publish_closing", "closing", "undo_closing")
}
OFFICE = "office"


def closings_label() -> str:
    """The name of this part in the list of the desk."""
    return _("Closings")


@staff.get("/closings/")
def closings() -> Response:
    """The closings that were published, the newest first."""
    return render_staff("desk/closings.html", rows=[_row(one) for one in records.published(session())])


def _row(record: ClosedTime) -> dict[str, Any]:
    plan = records.plan_of(record)
    undone = bool(record.undone) and records.is_out(session(), record.undone) is True
    if undone:
        state, pill = _("Undone"), "done"
    elif plan.ends <= request_clock().now:
        state, pill = _("Over"), "done"
    else:
        state, pill = (_("Closed now"), "cancelled") if plan.starts <= request_clock().now else (_("Announced"), "soon")
    return {
        "title": when_words(plan),
        "detail": ", ".join(filter(None, (plan.reason.get(language()), staff_name(record.author)))),
        "href": url("desk.closing", id_=record.id),
        "state": state,
        "pill": pill,
    }


@staff.get("/closings/new")
def new_closing() -> Response:
    """The first step: when, which services, and why."""
    return _step_one(_form())


@staff.route("/closings/new/check", methods=("GET", "POST"))
def closing_check() -> AnyResponse:
    """The second step: what it meets, and everything that will change."""
    if request.method == "GET":
        return redirect(url("desk.new_closing"), 303)
    form = _form()
    if not form.check_time() or "back" in request.form:
        return _step_one(form)
    return _step_two(form)


@staff.post("/closings/new/publish")
def publish_closing() -> AnyResponse:
    """Publish everything as one change."""
    form = _form()
    if not form.check_time():
        return _step_one(form)
    plan = form.plan(taken={one.slug for one in plain_catalogue().all("alerts")})
    if plan is None:
        return _step_two(form)
    try:
        before = _texts(plan)
        after = closed(before, plan, now=request_clock().now, zone=office_zone())
    except (NotPublished, ContentError, ValueError) as refused:
        return _step_two(form, refused=_words(refused), status=409)
    if request.form.get("seen") != _mark(form, before):
        return _step_two(form, refused=_("Something changed meanwhile. Look at it again, then publish."), status=409)
    me = current_staff()
    edit = Edit(
        author=me.id,
        person=person_of(me),
        reason=_reason(plan, "closed"),
        changes=after,
        seen={path: before.get(path) for path in after},
    )
    session().commit()
    with sessions()() as own:
        kept = records.remember(
            own, plan, before=before, after=after, revision=edit.revision, author=me.id, now=real_instant()
        )
    try:
        publish_edit(edit)
    except (NotPublished, *REFUSALS) as refused:
        with sessions()() as own:
            records.forget(own, kept)
        return _step_two(form, refused=_words(refused), status=409)
    _told(plan)
    staff_services().record("closings.publish", f"closings/{kept}")
    return redirect(f"{url('desk.closing', id_=kept)}?done=publish", 303)


@staff.get("/closings/<id_>")
def closing(id_: str) -> Response:
    """What a closing did, the text to pass on, and the way back."""
    return _closing_page(_record_or_404(id_))


@staff.post("/closings/<id_>/undo")
def undo_closing(id_: str) -> AnyResponse:
    """Take everything that the closing did back as one change; whoever was told of it is told again."""
    record = _record_or_404(id_)
    plan = records.plan_of(record)
    if plan.ends <= request_clock().now:
        return _closing_page(record, _("This closing is over. There is nothing to take back."))
    me = current_staff()
    now_texts = {path: text for path in record.after if (text := _text_now(path)) is not None}
    try:
        changes = reopened(
            now_texts, plan, before=record.before, after=record.after, now=request_clock().now, zone=office_zone()
        )
    except (ContentError, ValueError) as refused:
        return _closing_page(record, _words(refused))
    edit = Edit(
        author=me.id,
        person=person_of(me),
        reason=_reason(plan, "open after all"),
        changes=changes,
        seen={path: now_texts.get(path) for path in changes},
    )
    session().commit()
    try:
        with sessions()() as own:
            records.begin_undo(own, id_, revision=edit.revision)
    except records.UndoneAlready:
        return _closing_page(_record_or_404(id_), _("Somebody has undone it already."))
    try:
        publish_edit(edit)
    except (NotPublished, *REFUSALS) as refused:
        with sessions()() as own:
            records.give_up_undo(own, id_, revision=edit.revision)
        session().expire_all()
        return _closing_page(_record_or_404(id_), _words(refused))
    _told(plan)
    staff_services().record("closings.undo", f"closings/{id_}")
    return redirect(f"{url('desk.closing', id_=id_)}?done=undo", 303)


def _told(plan: Plan) -> None:
    session().expire_all()
    for one in plan.events:
        seats_changed(one.slug)


def _reason(plan: Plan, deed: str) -> str:
    first = plan.starts.astimezone(office_zone())
    return f"{first:%Y-%m-%d %H:%M}: {deed} ({next(iter(plan.reason.values()))})"


def _words(refused: Exception) -> str:
    if isinstance(refused, ContentError):
        return "; ".join(f"{problem.path}: {plain_message(problem)}" for problem in refused.problems)
    return refusal_message(refused) if isinstance(refused, REFUSALS) else str(refused)


def _form() -> ClosingForm:
    content = plain_catalogue()
    return ClosingForm(
        request.form, book_in(content), events_of(content), content.site.language_codes, request_clock().now
    )


def _texts(plan: Plan) -> dict[str, str]:
    """The facts of everything that the plan names, as readers see them now."""
    return {path: staff_services().read(path) for path in plan.facts_paths}


def _text_now(path: str) -> str | None:
    try:
        return staff_services().read(path)
    except NotPublished:
        return None


def _mark(form: ClosingForm, texts: dict[str, str]) -> str:
    """A mark of what the preview rests on: the files that change, and what was met."""
    met = [f"{service.slug}/{item.key}" for service, item in form.met_sessions()]
    met += [one.slug for one in form.met_events()]
    return blake2b(repr((sorted(texts.items()), met)).encode(), digest_size=12).hexdigest()


def _record_or_404(id_: str) -> ClosedTime:
    found = session().get(ClosedTime, id_) if len(id_) == 32 and id_.isalnum() else None
    if found is None or records.is_out(session(), found.revision) is not True:
        abort(404)
    return found


def _crumbs() -> list[Link]:
    return [{"label": closings_label(), "href": url("desk.closings")}]


def _step_one(form: ClosingForm) -> Response:
    typed = form.sent
    chosen = form.services if typed else _of_the_office(form)
    site = plain_catalogue().site
    return render_staff(
        "desk/closing_new.html",
        status=422 if form.errors else 200,
        typed=typed,
        chosen=chosen,
        services=[{"value": one.slug, "label": one.document.title(language())} for one in form.book.services],
        languages={one.code: one.name for one in site.languages},
        errors=form.errors,
        summary=_summary(form),
        today=request_clock().today().isoformat(),
        alert=typed.get("alert", "site"),
        no_repository="" if wiring.can_publish() else no_repository_message(),
        crumbs=_crumbs(),
    )


def _of_the_office(form: ClosingForm) -> list[str]:
    """The services at an office of ours: they close together, so they are chosen before anybody chooses."""
    places = {id_ for id_, place in form.book.places.items() if getattr(place, "kind", "") == OFFICE}
    return [one.slug for one in form.book.services if one.facts.place in places]


def _summary(form: ClosingForm) -> list[dict[str, str]]:
    return [{"message": words, "href": f"#field-{name}"} for name, words in form.errors.items()]


def _step_two(form: ClosingForm, *, refused: str = "", status: int = 0) -> Response:
    """The page that shows what is met and what will be; choices are kept, wrong ones told."""
    taken = {one.slug for one in plain_catalogue().all("alerts")}
    plan = form.plan(taken=taken)
    shown: dict[str, Any] = {}
    seen = ""
    if plan is not None:
        try:
            before = _texts(plan)
            seen = _mark(form, before)
            shown = _preview(before, plan)
        except (NotPublished, ContentError, ValueError) as broken:
            refused = refused or _words(broken)
    errors = _summary(form) + ([{"message": refused, "href": "#publish"}] if refused else [])
    site = plain_catalogue().site
    return render_staff(
        "desk/closing_check.html",
        status=status or (422 if errors else 200),
        typed=request.form,
        form=form,
        errors=form.errors,
        summary=errors,
        kept=_kept(),
        when=when_words(plan) if plan else "",
        sessions=[
            {
                **session_row(form.book, service, item),
                "name": f"session-{service.slug}-{item.key}",
                "deed": form.deed(f"session-{service.slug}-{item.key}", "cancel"),
            }
            for service, item in form.met_sessions()
        ],
        events=[
            {
                **event_row(one),
                "name": f"event-{one.slug}",
                "deed": form.deed(f"event-{one.slug}", form.default_for(one)),
            }
            for one in form.met_events()
        ],
        services=[one.document.title(language()) for one in form.closed],
        alert_words={code: form.alert_words(code) for code in site.language_codes},
        has_alert=request.form.get("alert", "site") != "none",
        languages={one.code: one.name for one in site.languages},
        today=request_clock().today().isoformat(),
        seen=seen,
        shown=shown,
        zone_label=site.zone_label,
        crumbs=_crumbs(),
    )


def _kept() -> list[tuple[str, str]]:
    """The answers of the first step, which the second one carries on."""
    names = {"date", "from", "until-date", "until", "service", "alert"}
    return [
        (name, value) for name, value in request.form.items(multi=True) if name in names or name.startswith("reason-")
    ]


def _preview(before: dict[str, str], plan: Plan) -> dict[str, Any]:
    after = closed(before, plan, now=request_clock().now, zone=office_zone())
    publisher, served = wiring.publisher(), portal().live.current()
    candidate: Catalogue = publisher.candidates.read(after, served=served).catalogue
    problems = publisher.examiner.errors(candidate, served, today=request_clock().today())
    if problems:
        raise ContentError(*problems)
    return outcome(served, candidate, plan)


def _closing_page(record: ClosedTime, refused: str = "") -> Response:
    plan, served = records.plan_of(record), portal().live.current()
    undone = records.is_out(session(), record.undone) if record.undone else False
    done = request.args.get("done", "")
    return render_staff(
        "desk/closing.html",
        status=409 if refused else 200,
        id_=record.id,
        title=when_words(plan),
        reason=plan.reason.get(language(), ""),
        author=staff_name(record.author),
        published=staff_time(record.created_at),
        refused=refused,
        is_undone=undone is True,
        can_undo=undone is False and plan.ends > request_clock().now,
        done=done if done in ("publish", "undo") else "",
        shown=outcome(served, served, plan) if undone is not True else {},
        links=reached_links(served, plan),
        crumbs=_crumbs(),
    )
