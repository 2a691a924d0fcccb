"""An answer of the finder as its page shows it: the permit, why, its basis, what changes, and what is not covered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from portal.content.document import PRIMARY_LANGUAGE
from portal.languages import formatting
from portal.permits.finder.evaluation import DatedDecision, Decision, basis_of, effects_of
from portal.permits.finder.interview import NATIONALITY, Interview
from portal.permits.finder.records import rules_version
from portal.permits.finder.table import DecisionTable
from portal.permits.permit import PermitFacts
from portal.permits.views import presenters
from portal.permits.views.blueprint import KIND, published_version
from portal.permits.views.finder.longer_stay import longer_stay_rows
from portal.permits.views.permits import is_calculable, summary_rows
from portal.permits.views.presenters import FactRow, FeeRow
from portal.permits.views.shared_lines import document_lines, may_not_lines
from portal.web.documents.embeds import text_of
from portal.web.documents.page import DocumentPage, page_of
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.navigation import Link, document_link

CERTAINTIES = ("ask-office", "check", "sourced")


class OverlayNotice(TypedDict):
    """A notice that is added to an answer."""

    title: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Result:
    """Everything that the page of an answer shows; `page` is None for a referral."""

    title: str
    why: str
    is_referral: bool
    certainty: str
    basis: list[Link]
    sources: list[Link]
    version: str
    not_covered: tuple[str, ...]
    covers: str
    page: DocumentPage | None
    may_not: list[str]
    documents: list[str]
    box: list[FactRow]
    longer: list[FactRow]
    longer_title: str
    fees: list[FeeRow]
    referral: str
    links: list[Link]
    alternatives: list[Link]
    overlays: list[OverlayNotice]
    changes: list[str]
    presumed: str
    calculable: bool


def result_of(dated_decision: DatedDecision, table: DecisionTable, state: Interview) -> Result:
    """The answer as shown; a permit whose page is not published now shows as a referral."""
    decision = dated_decision.decision
    slug = table.outcomes[decision.primary].slug
    version = published_version(slug) if slug else None
    page = page_of(version) if version else None
    facts: PermitFacts | None = page.document.facts if page else None
    fees = presenters.fee_rows(facts.fees) if facts else []
    effects = effects_of(decision, table)
    referral = table.referrals.get(decision.primary)
    articles = decision.rule.articles or (facts.articles if facts else {})
    settings = table.settings
    return Result(
        title=page.title if page else _outcome_name(decision.primary, table),
        why=text_of(table.explanation(decision.rule_id)),
        is_referral=page is None,
        certainty=_certainty(decision, facts),
        basis=presenters.law_links(basis_of(decision, table), articles),
        sources=presenters.source_links([*decision.rule.sources, *(facts.sources if facts else ())]),
        version=rules_version(table),
        not_covered=tuple(settings.not_covered.get(language()) or settings.not_covered[PRIMARY_LANGUAGE]),
        covers=text_of(settings.covers),
        page=page,
        may_not=may_not_lines(page) if page else [],
        documents=document_lines(page, effects) if page else [],
        box=summary_rows(page, fees, effects) if page else [],
        longer=longer_stay_rows(facts, fees, state, dated_decision.day) if facts else [],
        longer_title=_("%(days)s from %(day)s", days=_days(state), day=_day(dated_decision.day)),
        fees=fees,
        referral=text_of(referral.text) if referral else "",
        links=[link for key in (referral.links if referral else ()) if (link := document_link(key))],
        alternatives=[link for code in decision.alternatives if (link := _outcome_link(code, table))],
        overlays=[overlay_notice(id_, table) for id_ in decision.overlays],
        changes=_changes(dated_decision, table),
        presumed=_presumed(dated_decision, table, state),
        calculable=facts is not None and is_calculable(facts),
    )


def _certainty(decision: Decision, facts: PermitFacts | None) -> str:
    """The lower certainty of the rule and the permit."""
    certainties = [decision.rule.certainty, *([facts.certainty] if facts else [])]
    return min(certainties, key=CERTAINTIES.index)


def _outcome_name(code: str, table: DecisionTable) -> str:
    if code in table.referrals:
        return text_of(table.referrals[code].title)
    slug = table.outcomes[code].slug if code in table.outcomes else ""
    version = published_version(slug) if slug else None
    return version.title(language()) if version else code


def _outcome_link(code: str, table: DecisionTable) -> Link | None:
    """The link to a permit's page; a referral has a label without an address."""
    outcome = table.outcomes.get(code)
    if outcome is None:
        return None
    if outcome.is_referral:
        return {"label": text_of(table.referrals[code].title), "href": ""}
    return document_link(f"{KIND}/{outcome.slug}")


def overlay_notice(id_: str, table: DecisionTable) -> OverlayNotice:
    """The words of an overlay of the table."""
    overlay = table.overlays[id_]
    return {"title": text_of(overlay.title), "text": text_of(overlay.text)}


def _changes(dated_decision: DatedDecision, table: DecisionTable) -> list[str]:
    sentences = []
    if dated_decision.since and dated_decision.before:
        name = _outcome_name(dated_decision.before.primary, table)
        day = _day(dated_decision.since)
        sentences.append(_("This holds since %(day)s. Before that: %(name)s.", day=day, name=name))
    if dated_decision.changes_on and dated_decision.after:
        name = _outcome_name(dated_decision.after.primary, table)
        sentences.append(_("From %(day)s this changes: %(name)s.", day=_day(dated_decision.changes_on), name=name))
    return sentences


def _presumed(dated_decision: DatedDecision, table: DecisionTable, state: Interview) -> str:
    """A caution for a day before a list was read, where the first day of the country's membership is unknown."""
    country = state.answers.get(NATIONALITY, "")
    for list_ in table.lists.values():
        membership = list_.membership_on(country, dated_decision.day)
        if membership and membership.valid_from is None and list_.read_on and dated_decision.day < list_.read_on:
            return _(
                "The list “%(name)s” was read on %(day)s. We do not know since when your country stands on it.",
                name=text_of(list_.name),
                day=_day(list_.read_on),
            )
    return ""


def _days(state: Interview) -> str:
    stay = state.situation.stay
    return presenters.days_text(stay) if isinstance(stay, int) else ""


def _day(day: date) -> str:
    return formatting.day(day, language())


def not_covered_text(first: date) -> str:
    """The message for an arrival before `first`, the first day for which the rules hold."""
    return _("Our rules begin on %(day)s, so we have no answer for an earlier arrival.", day=_day(first))


def answer_version(dated_decision: DatedDecision, table: DecisionTable) -> str:
    """What a shared link carries: the version of the rules and the code of the answer, joined by an underscore."""
    return f"{rules_version(table)}_{dated_decision.decision.primary}"


def rule_change_notice(shared: str, current: str, table: DecisionTable) -> str:
    """That the rules changed since a link was shared, and whether the answer did; "" when nothing changed.

    `shared` is the answer version in the link, which is not trusted; `current` that of the answer now.
    """
    version, _separator, code = shared[:60].partition("_")
    if not code or shared == current or not all(char.isalnum() or char == "-" for char in version + code):
        return ""
    if code not in table.outcomes:
        return _("The rules changed since this link was made; its answer is not used any more.")
    if current.endswith(f"_{code}"):
        return _("The rules changed since this link was made. The answer is still the same.")
    return _("The rules changed since this link was made. The answer then: %(name)s.", name=_outcome_name(code, table))
