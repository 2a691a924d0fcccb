"""The services with their hours and sessions: the list, a new one, one service, and sending its draft to review."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.people import current_staff_id, may
from portal.content.document import PRIMARY_LANGUAGE
from portal.content.yaml_editing import PlainScalar, yaml_text
from portal.content_forms.document_form import FACTS_FILE, join_words_file, stamp_translation
from portal.desk.begin import begin_with
from portal.desk.blueprint import checker, staff
from portal.desk.editor.findings import finding_rows
from portal.desk.review.page import WORKFLOW_REFUSALS, workflow_refusal
from portal.desk.schedule_builder.drafting import KIND, ServiceTexts, texts_or_404
from portal.desk.schedule_builder.form_view import FormView, reader_of, submitted_values
from portal.desk.schedule_builder.result import next_dates
from portal.drafts import workflow
from portal.drafts.drafts import open_draft_of
from portal.drafts.labels import state_label
from portal.drafts.models import REVIEW, WRITING
from portal.drafts.queries import open_slugs
from portal.publishing.checks import proposed_slug
from portal.web.clock import real_instant, request_clock
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import plain_catalogue, url
from portal.web.problems import plain_message
from portal.web.staff import render_staff, staff_services
from portal.web.transactions import session

PERMISSIONS = {
    "desk.services": "hours",
    "desk.new_service": "hours",
    "desk.create_service": "hours",
    "desk.service": "hours",
    "desk.send_service": "hours",
}
# A new service is looked at again after a quarter, as the shipped ones.
REVIEW_AFTER = timedelta(days=92)
OWNER = "konten"


@staff.get("/services/")
def services() -> Response:
    """Every service, those that are only drafts too."""
    documents = plain_catalogue().documents.get(KIND, {})
    titles = {slug: document.title(language()) for slug, document in documents.items()}
    for slug in open_slugs(session(), KIND):
        titles.setdefault(slug, texts_or_404(slug).title)
    rows = [
        {"title": title, "href": url("desk.service", slug=slug), "state": _state_words(slug)}
        for slug, title in sorted(titles.items(), key=lambda pair: pair[1].casefold())
    ]
    return render_staff("desk/schedules/services.html", rows=rows)


@staff.get("/services/new")
def new_service() -> Response:
    """The form of a new service."""
    return render_staff("desk/schedules/new.html", form=FormView({}))


@staff.post("/services/new")
def create_service() -> AnyResponse:
    """Begin the draft of a new service with its name, its group and its place; then come its hours."""
    values = submitted_values()
    reader = reader_of(values)
    titles = reader.local("title")
    summaries = reader.local("summary")
    if PRIMARY_LANGUAGE not in titles:
        reader.fail(f"title.{PRIMARY_LANGUAGE}", _("Write the name of the service."))
    if PRIMARY_LANGUAGE not in summaries:
        reader.fail(f"summary.{PRIMARY_LANGUAGE}", _("Say in one sentence what it is for."))
    if reader.errors:
        return render_staff("desk/schedules/new.html", status=422, form=FormView(values, reader.errors))
    taken = {*plain_catalogue().documents.get(KIND, {}), *open_slugs(session(), KIND), "new"}
    slug = proposed_slug(titles[PRIMARY_LANGUAGE], tuple(taken))
    choices = {key: text for key in ("group", "place") if (text := reader.text(key))}
    begin_with(KIND, slug, _new_files(choices, titles, summaries))
    return redirect(url("desk.service_hours", slug=slug), 303)


def _new_files(choices: dict[str, str], titles: dict[str, str], summaries: dict[str, str]) -> dict[str, str]:
    review_by: date = request_clock().now.date() + REVIEW_AFTER
    facts = {"status": "published", **choices, "review_by": PlainScalar(review_by.isoformat()), "owner": OWNER}
    files = {FACTS_FILE: yaml_text({**facts, "certainty": "ask-office"})}
    for code, title in titles.items():
        front = {"title": title} | ({"summary": summaries[code]} if code in summaries else {})
        files[f"{code}.md"] = join_words_file(yaml_text(front), "")
    primary = files[f"{PRIMARY_LANGUAGE}.md"]
    translations = [name for name in files if name not in (FACTS_FILE, f"{PRIMARY_LANGUAGE}.md")]
    return files | {name: stamp_translation(files[name], primary) for name in translations}


@staff.get("/services/<slug>")
def service(slug: str) -> Response:
    """A service: its hours, its series, its draft."""
    return _service_page(texts_or_404(slug), {})


@staff.post("/services/<slug>/send")
def send_service(slug: str) -> AnyResponse:
    """Send the draft of a service to a second reader."""
    texts, reason = texts_or_404(slug), request.form.get("reason", "")
    draft = texts.draft
    if draft is None or not workflow.is_own(draft, current_staff_id()):
        abort(403)
    if not reason.strip():
        return _service_page(texts, {"reason": _("Say in one sentence why the page changes.")})
    errors = checker().check(KIND, slug, draft.files).errors
    if errors:
        return _service_page(texts, {"reason": plain_message(errors[0])})
    id_, key = draft.id, draft.key
    try:
        workflow.send_to_review(session(), id_, version=draft.version, reason=reason, now=real_instant())
    except WORKFLOW_REFUSALS as refused:
        return _service_page(texts_or_404(slug), {"reason": workflow_refusal(refused)}, status=409)
    staff_services().record("editing.send", f"{key}#{id_}")
    return redirect(url("desk.service", slug=slug), 303)


def _service_page(texts: ServiceTexts, errors: dict[str, str], *, status: int = 0) -> Response:
    facts, draft = texts.facts(), texts.draft
    series = [
        {
            "id": one.id,
            "href": url("desk.service_series", slug=texts.slug, id_=one.id),
            "dates": next_dates(one)[:3],
        }
        for one in facts.sessions
    ]
    is_own = draft is not None and workflow.is_own(draft, current_staff_id())
    return render_staff(
        "desk/schedules/service.html",
        status=status or (422 if errors else 200),
        texts=texts,
        state=state_label(draft.state) if draft else "",
        series=series,
        can_send=draft is not None and draft.state == WRITING and is_own,
        in_review=draft is not None and draft.state == REVIEW,
        findings=finding_rows(checker().check(KIND, texts.slug, draft.files), {}) if draft else [],
        form=FormView(submitted_values() if request.method == "POST" else {}, errors),
        saved="saved" in request.args,
        can_write=may("write"),
        crumbs=[{"label": _("Hours and services"), "href": url("desk.services")}],
    )


def _state_words(slug: str) -> str:
    draft = open_draft_of(session(), KIND, slug)
    return state_label(draft.state) if draft else ""
