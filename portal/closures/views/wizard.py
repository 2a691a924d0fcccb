"""The wizard of a closing: when and which services, then everything that changes, then one publication."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b

from flask import Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.closures.apply import files_when_closed
from portal.closures.plan import Plan
from portal.closures.views.blueprint import breadcrumb, staff
from portal.closures.views.forms import ClosingForm, event_field, session_field
from portal.closures.views.presenters import (
    Outcome,
    directory_in,
    event_row,
    events_in_catalogue,
    outcome,
    session_row,
)
from portal.closures.views.publication import NOT_PUBLISHED, failure_message, publish_closing
from portal.closures.views.share_text import when_closed
from portal.content.problems import ContentError
from portal.publishing import wiring
from portal.publishing.wiring import no_repository_message
from portal.web.clock import office_zone, request_clock
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import plain_catalogue, url
from portal.web.staff import NotPublished, render_staff, staff_services
from portal.web.state import portal

OFFICE = "office"
FIRST_STEP = frozenset({"date", "from", "until-date", "until", "service", "alert"})


@staff.get("/new")
def new() -> Response:
    """The first step: when, which services, and why."""
    return _first_step(_form())


@staff.route("/new/check", methods=("GET", "POST"))
def check() -> AnyResponse:
    """The second step: what is affected, and everything that will change."""
    if request.method == "GET":
        return redirect(url("closures.new"), 303)
    form = _form()
    if not form.validate_first_step() or "back" in request.form:
        return _first_step(form)
    return _second_step(form)


@staff.post("/new/publish")
def publish() -> AnyResponse:
    """Publish everything as one change, if it is what the preview showed."""
    form = _form()
    if not form.validate_first_step():
        return _first_step(form)
    plan = form.plan(taken=_alert_slugs())
    if plan is None:
        return _second_step(form)
    try:
        before = _texts_now(plan)
        after = files_when_closed(before, plan, now=request_clock().now, zone=office_zone())
    except (NotPublished, ContentError, ValueError) as error:
        return _second_step(form, refused=failure_message(error), status=409)
    if request.form.get("seen") != _digest(form, before):
        return _second_step(form, refused=_("Something changed meanwhile. Look at it again, then publish."), status=409)
    try:
        id_ = publish_closing(plan, before=before, after=after)
    except NOT_PUBLISHED as error:
        return _second_step(form, refused=failure_message(error), status=409)
    return redirect(f"{url('closures.show', id_=id_)}?done=publish", 303)


def _form() -> ClosingForm:
    content = plain_catalogue()
    directory, events = directory_in(content), events_in_catalogue(content)
    return ClosingForm(request.form, directory, events, content.site.language_codes, request_clock().now)


def _alert_slugs() -> set[str]:
    return {document.slug for document in plain_catalogue().all("alerts")}


def _texts_now(plan: Plan) -> dict[str, str]:
    """The facts of everything that the plan names, as readers see them now; raises NotPublished."""
    return {path: staff_services().read(path) for path in plan.facts_paths}


def _digest(form: ClosingForm, texts: Mapping[str, str]) -> str:
    """A digest of what the preview rests on: the files that change, and what is affected."""
    affected = [f"{service.slug}/{item.key}" for service, item in form.affected_sessions()]
    affected += [event.slug for event in form.affected_events()]
    return blake2b(repr((sorted(texts.items()), affected)).encode(), digest_size=12).hexdigest()


def _summary(errors: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"message": message, "href": f"#field-{name}"} for name, message in errors.items()]


def _first_step(form: ClosingForm) -> Response:
    site = plain_catalogue().site
    return render_staff(
        "closures/new.html",
        status=422 if form.errors else 200,
        typed=form.submitted,
        chosen=form.chosen if form.submitted else _services_of_the_office(form),
        services=[
            {"value": service.slug, "label": service.document.title(language())} for service in form.directory.services
        ],
        languages={entry.code: entry.name for entry in site.languages},
        errors=form.errors,
        summary=_summary(form.errors),
        today=request_clock().today().isoformat(),
        alert=form.submitted.get("alert", "site"),
        no_repository="" if wiring.can_publish() else no_repository_message(),
        crumbs=breadcrumb(),
    )


def _services_of_the_office(form: ClosingForm) -> list[str]:
    """The services at an office: they close together, so they are chosen beforehand."""
    places = {id_ for id_, place in form.directory.places.items() if getattr(place, "kind", "") == OFFICE}
    return [service.slug for service in form.directory.services if service.facts.place in places]


def _second_step(form: ClosingForm, *, refused: str = "", status: int = 0) -> Response:
    """What is affected, with a choice for each, and the preview when no field is wrong."""
    plan = form.plan(taken=_alert_slugs())
    preview: Outcome | None = None
    seen = ""
    if plan is not None:
        try:
            before = _texts_now(plan)
            seen = _digest(form, before)
            preview = _preview(before, plan)
        except (NotPublished, ContentError, ValueError) as error:
            refused = refused or failure_message(error)
    summary = _summary(form.errors) + ([{"message": refused, "href": "#publish"}] if refused else [])
    site = plain_catalogue().site
    return render_staff(
        "closures/check.html",
        status=status or (422 if summary else 200),
        typed=request.form,
        errors=form.errors,
        summary=summary,
        first_step=_first_step_fields(),
        when=when_closed(plan) if plan else "",
        sessions=[
            session_row(
                form.directory,
                service,
                item,
                name=session_field(service, item),
                action=form.session_action(service, item),
            )
            for service, item in form.affected_sessions()
        ],
        events=[
            event_row(event, name=event_field(event), action=form.event_action(event))
            for event in form.affected_events()
        ],
        services=[service.document.title(language()) for service in form.services],
        proposed_alert={code: form.proposed_alert(code) for code in site.language_codes},
        has_alert=request.form.get("alert", "site") != "none",
        languages={entry.code: entry.name for entry in site.languages},
        today=request_clock().today().isoformat(),
        seen=seen,
        preview=preview,
        crumbs=breadcrumb(),
    )


def _first_step_fields() -> list[tuple[str, str]]:
    """The fields of the first step, which the second one carries on."""
    fields = request.form.items(multi=True)
    return [(name, value) for name, value in fields if name in FIRST_STEP or name.startswith("reason-")]


def _preview(before: Mapping[str, str], plan: Plan) -> Outcome:
    after = files_when_closed(before, plan, now=request_clock().now, zone=office_zone())
    publisher, served = wiring.publisher(), portal().live.current()
    candidate = publisher.candidates.read(after, served=served).catalogue
    problems = publisher.examiner.errors(candidate, served, today=request_clock().today())
    if problems:
        raise ContentError(*problems)
    return outcome(served, candidate, plan)
