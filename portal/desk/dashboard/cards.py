"""What waits, for the desk's first page: pages to read again, translations behind, failed searches."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import abort, redirect, request
from sqlalchemy import func, select
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.people import current_staff_id, may
from portal.content.document import PRIMARY_LANGUAGE
from portal.content.yaml_editing import yaml_text
from portal.content_forms.document_form import FACTS_FILE, join_words_file
from portal.content_forms.widgets import clean
from portal.desk.blueprint import staff
from portal.desk.kinds import kinds, singular
from portal.desk.translations import judged
from portal.drafts.drafts import NEW_PAGE, begin
from portal.drafts.models import OPEN_STATES, Draft
from portal.drafts.translation_status import OUTDATED
from portal.events.registrations.models import CANCELLED, Registration
from portal.languages import formatting
from portal.mail import FAILED, backlog
from portal.publishing.checks import proposed_slug
from portal.search.engine.query.tiers import Tier
from portal.search.models import LONGEST_KEPT, SearchCount
from portal.search.query_counts import Frequent, frequent_queries
from portal.web.clock import real_instant, request_clock
from portal.web.documents.cards import Card
from portal.web.languages import gettext as _
from portal.web.languages import language, ngettext
from portal.web.pages import plain_catalogue, url
from portal.web.problems import plain_message
from portal.web.staff import staff_services
from portal.web.state import portal
from portal.web.transactions import session

PERMISSIONS = {"desk.draft_of_search": "write"}
LIST = "staff_card.html"
SHOWN = 5
SPAN = timedelta(days=14)
QUESTIONS = "faq"


def reviews_due() -> Card | None:
    """The pages whose day of reading again has come, the longest overdue first."""
    today = request_clock().now.date()
    due = [
        document
        for kind in kinds()
        for document in map(request_clock().version_of, plain_catalogue().all(kind))
        if document.facts.status == "published" and document.facts.review_by and document.facts.review_by <= today
    ]
    due.sort(key=lambda document: document.facts.review_by)
    rows = [
        {
            "label": document.title(language()),
            "href": url("desk.document", kind=document.kind, slug=document.slug),
            "detail": _(
                "to be read again by %(day)s; %(owner)s",
                day=formatting.short_day(document.facts.review_by, language()),
                owner=document.facts.owner or _("nobody named"),
            ),
        }
        for document in due[:SHOWN]
    ]
    return _list("reviews-due", _("To be read again"), rows, count=len(due), all_=url("desk.index"))


def translations_behind() -> Card | None:
    """The translations that are behind, for whoever translates."""
    if not may("translate"):
        return None
    behind = [document for document, _draft, states in judged() if OUTDATED in states.values()]
    rows = [
        {
            "label": document.title(language()),
            "href": url(
                "desk.translation",
                kind=document.kind,
                slug=document.slug,
                code=next(code for code in document.words if document.is_outdated(code)),
            ),
            "detail": singular(document.kind),
        }
        for document in behind[:SHOWN]
        if any(document.is_outdated(code) for code in document.words)
    ]
    all_ = url("desk.translations") + f"?show={OUTDATED}"
    return _list("behind", _("Translations that are behind"), rows, count=len(behind), all_=all_)


def broken_pages() -> Card | None:
    """Files that the site cannot read, of which it still shows the last good version."""
    problems = portal().live.current().problems
    rows = [{"label": one.path or _("Content"), "href": None, "detail": plain_message(one)} for one in problems[:SHOWN]]
    return _list("broken", _("Files that cannot be read"), rows, count=0, all_="")


def failed_letters() -> Card | None:
    """How many letters could not be sent, for whoever looks after attendees."""
    count = backlog(session()).get(FAILED, 0) if may("register") else 0
    if not count:
        return None
    words = ngettext("%(num)d letter could not be sent", "%(num)d letters could not be sent", count)
    rows = [{"label": words, "href": url("events_staff.index"), "detail": _("See the lists of the events.")}]
    return _list("letters", _("Letters"), rows, count=0, all_="")


def registrations_today() -> Card | None:
    """How many people registered today, as numbers only."""
    if not may("register"):
        return None
    midnight = request_clock().midnight(request_clock().now.date())
    found = session().execute(
        select(func.count(), func.coalesce(func.sum(Registration.party_size), 0)).where(
            Registration.created_at >= midnight, Registration.state != CANCELLED
        )
    )
    parties, heads = found.one()
    if not parties:
        return None
    words = ngettext("%(num)d registration today", "%(num)d registrations today", int(parties))
    detail = ngettext("%(num)d person", "%(num)d persons", int(heads))
    rows = [{"label": words, "href": url("events_staff.index"), "detail": detail}]
    return _list("registered", _("Registrations"), rows, count=0, all_="")


def searches() -> Card | None:
    """How much was searched in the last two weeks, and what found nothing or nothing sure, from three times on."""
    today = request_clock().now.date()
    days = [today - SPAN + timedelta(days=number + 1) for number in range(SPAN.days)]
    points = _by_day(days)
    total, empty = (sum(point[name] for point in points) for name in ("value", "part"))
    if not total:
        return None
    tiers = (Tier.NOTHING, Tier.RELATED)
    found = [
        _failed(one, code=code)
        for code in plain_catalogue().site.language_codes
        for one in frequent_queries(session(), since=days[0], language=code, tiers=tiers, most=SHOWN)
    ]
    context = {
        "points": points,
        "sentence": _("%(total)d searches in 14 days; %(empty)d found nothing.", total=total, empty=empty),
        "first": formatting.short_day(days[0], language(), year=False),
        "table": [
            {"day": formatting.short_day(day, language()), **point} for day, point in zip(days, points, strict=True)
        ],
        "rows": sorted(found, key=lambda row: -int(row["count"]))[:SHOWN],
        "may_write": may("write"),
        "csrf": staff_services().csrf_token(),
    }
    return Card("desk/searches_card.html", context)


@staff.post("/searches/draft")
def draft_of_search() -> AnyResponse:
    """A draft of a question from what people searched for; opens its form."""
    query = " ".join(clean(request.form.get("query", "")).split())[:LONGEST_KEPT]
    if not query or QUESTIONS not in portal().types:
        abort(400)
    taken = {*plain_catalogue().documents.get(QUESTIONS, {})}
    taken |= set(session().scalars(select(Draft.slug).where(Draft.kind == QUESTIONS, Draft.state.in_(OPEN_STATES))))
    front = {"title": query[:1].upper() + query[1:] + ("" if query.endswith("?") else "?"), "keywords": [query]}
    draft = begin(
        session(),
        kind=QUESTIONS,
        slug=proposed_slug(query, tuple(taken)),
        files={FACTS_FILE: NEW_PAGE, f"{PRIMARY_LANGUAGE}.md": join_words_file(yaml_text(front), "")},
        base_files={},
        base=portal().live.source.version(),
        who=current_staff_id(),
        now=real_instant(),
    )
    staff_services().record("editing.begin", draft.key)
    return redirect(url("desk.edit", id_=draft.id), 303)


def _by_day(days: list[date]) -> list[dict[str, int]]:
    rows = session().execute(
        select(SearchCount.day, SearchCount.tier, func.sum(SearchCount.count))
        .where(SearchCount.day >= days[0])
        .group_by(SearchCount.day, SearchCount.tier)
    )
    counts: dict[tuple[date, str], int] = {(day, tier): int(count) for day, tier, count in rows}
    return [
        {
            "value": sum(counts.get((day, tier.value), 0) for tier in Tier),
            "part": counts.get((day, Tier.NOTHING.value), 0),
        }
        for day in days
    ]


def _numbers(day: date, point: dict[str, int]) -> dict[str, Any]:
    return {"day": formatting.short_day(day, language()), **point}


def _failed(one: Frequent, *, code: str) -> dict[str, Any]:
    times = ngettext("%(num)d time in 14 days", "%(num)d times in 14 days", one.count)
    return {"query": one.query, "count": one.count, "detail": times, "lang": code}


def _list(id_: str, title: str, rows: list[dict[str, Any]], *, count: int, all_: str) -> Card | None:
    return Card(LIST, {"id": id_, "title": title, "rows": rows, "all": all_, "count": count}) if rows else None


# In the order of the desk's first page.
DESK_CARDS = (
    reviews_due,
    translations_behind,
    broken_pages,
    failed_letters,
    registrations_today,
    searches,
)
