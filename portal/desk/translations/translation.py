"""One translation beside the paragraphs of its original that changed, and the confirmation that it is still right."""

from __future__ import annotations

from flask import Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.people import current_staff_id, may
from portal.content.document import PRIMARY_LANGUAGE, Document
from portal.content_forms.document_form import stamp_translation
from portal.desk.blueprint import crumbs, document_or_404, served, staff
from portal.desk.translations.states import differences, translation_label
from portal.drafts import translation_status, workflow
from portal.drafts.drafts import Opened, begin, open_draft_of, save, to_be_published
from portal.drafts.models import Draft
from portal.web.clock import real_instant, request_clock
from portal.web.languages import gettext as _
from portal.web.pages import plain_catalogue, url
from portal.web.staff import render_staff, staff_services
from portal.web.transactions import session

PERMISSIONS = {"desk.translation": "read", "desk.unaffected": "translate"}
LONGEST_REASON = 400


@staff.get("/translations/<kind>/<slug>/<code>")
def translation(kind: str, slug: str, code: str) -> Response:
    """The paragraphs of the Indonesian text that changed since this translation was made, beside it."""
    return _page(kind, slug, code, error="")


@staff.post("/translations/<kind>/<slug>/<code>/unaffected")
def unaffected(kind: str, slug: str, code: str) -> AnyResponse:
    """Confirm, with a reason, that a change of the original does not affect the translation; sent to review."""
    document = _document_or_404(kind, slug, code)
    reason = " ".join(request.form.get("reason", "").split())[:LONGEST_REASON]
    if not reason:
        return _page(kind, slug, code, error=_("Say why the change does not affect this language."))
    opened = served(kind, slug)
    if opened is None or open_draft_of(session(), kind, slug) is not None:
        return redirect(url("desk.translation", kind=kind, slug=slug, code=code), 303)
    draft = _confirmed(document, code, opened)
    message = _("Does not affect %(language)s: %(reason)s", language=_language_name(code), reason=reason)
    workflow.send_to_review(session(), draft.id, version=draft.version, reason=message, now=real_instant())
    staff_services().record("editing.unaffected", document.key)
    return redirect(url("desk.review", id_=draft.id), 303)


def _confirmed(document: Document, code: str, opened: Opened) -> Draft:
    """A draft in which the translation carries the digest of today's original."""
    now, me, name = real_instant(), current_staff_id(), f"{code}.md"
    draft = begin(
        session(),
        kind=document.kind,
        slug=document.slug,
        files=to_be_published(opened.files),
        base_files=opened.files,
        base=opened.base,
        who=me,
        now=now,
    )
    return save(
        session(),
        draft.id,
        version=draft.version,
        files={**draft.files, name: stamp_translation(draft.files[name], draft.files[f"{PRIMARY_LANGUAGE}.md"])},
        base_files=draft.files,
        who=me,
        now=now,
    )


def _language_name(code: str) -> str:
    return next((entry.name for entry in plain_catalogue().site.languages if entry.code == code), code)


def _document_or_404(kind: str, slug: str, code: str) -> Document:
    document = request_clock().version_of(document_or_404(kind, slug))
    if code == PRIMARY_LANGUAGE or code not in plain_catalogue().site.language_codes:
        abort(404)
    return document


def _page(kind: str, slug: str, code: str, *, error: str) -> Response:
    document = _document_or_404(kind, slug, code)
    draft = open_draft_of(session(), kind, slug)
    state = translation_status.state_of(document, draft, code)
    is_behind = code in document.words and document.is_outdated(code)
    return render_staff(
        "desk/translations/translation.html",
        status=422 if error else 200,
        document=document,
        code=code,
        title=document.title(PRIMARY_LANGUAGE),
        language_name=_language_name(code),
        original_name=_language_name(PRIMARY_LANGUAGE),
        state=state,
        state_words=translation_label(state),
        is_behind=is_behind,
        differences=differences(document, code) if is_behind else [],
        original=document.bodies[PRIMARY_LANGUAGE].paragraphs,
        translated=document.bodies[code].paragraphs if code in document.words else (),
        draft=draft,
        may_translate=may("translate"),
        error=error,
        reason=request.form.get("reason", "")[:LONGEST_REASON],
        longest=LONGEST_REASON,
        crumbs=[{"label": _("Translations"), "href": url("desk.translations")}, *crumbs(kind)[1:]],
    )
