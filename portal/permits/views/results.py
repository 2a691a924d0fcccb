"""An answer as a page shows it: the permit, why, what goes with it, what changes, and what it does not cover."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from portal.permits.finder.evaluation import DatedDecision, Decision, basis_of
from portal.permits.finder.interview import Interview
from portal.permits.finder.records import version_of
from portal.permits.finder.table import DecisionTable
from portal.permits.permit import PermitFacts
from portal.permits.views import words
from portal.permits.views.blueprint import version_of as permit_version
from portal.permits.views.permits import box
from portal.permits.views.questions import day_words
from portal.web.documents.embeds import text_of
from portal.web.documents.page import DocumentPage, page_of
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.navigation import Link, document_link


@dataclass(frozen=True)
class Result:
    """Everything that the page of an answer shows."""

    title: str
    why: str
    code: str
    is_referral: bool
    certainty: str
    basis: list[Link]
    sources: list[Link]
    version: str
    not_covered: tuple[str, ...]
    covers: str
    page: DocumentPage | None = None
    box: list[dict[str, Any]] = field(default_factory=list)
    fees: list[dict[str, Any]] = field(default_factory=list)
    referral: str = ""
    links: list[Link] = field(default_factory=list)
    alternatives: list[Link] = field(default_factory=list)
    overlays: list[dict[str, str]] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    presumed: str = ""
    calculable: bool = False


def result_of(dated_decision: DatedDecision, rules: DecisionTable, state: Interview) -> Result:
    """The answer in words; a permit page that readers may not see now shows as a referral."""
    decision = dated_decision.decision
    version = permit_version(rules.outcomes[decision.primary].slug) if rules.outcomes[decision.primary].slug else None
    page = page_of(version) if version else None
    facts: PermitFacts | None = page.document.facts if page else None
    fees = words.fee_rows(facts.fees) if facts else []
    referral = rules.referrals.get(decision.primary)
    articles = decision.rule.articles or (facts.articles if facts else {})
    settings = rules.settings
    return Result(
        title=page.title if page else name_of(decision.primary, rules),
        why=text_of(rules.explanation(decision.rule_id)),
        code=decision.primary,
        is_referral=page is None,
        certainty=_certainty(decision, facts),
        basis=words.laws(basis_of(decision, rules), articles),
        sources=words.sources([*decision.rule.sources, *(facts.sources if facts else ())]),
        version=version_of(rules),
        not_covered=tuple(settings.not_covered.get(language()) or settings.not_covered["id"]),
        covers=text_of(settings.covers),
        page=page,
        box=box(page, fees) if page else [],
        fees=fees,
        referral=text_of(referral.text) if referral else "",
        links=[link for key in (referral.links if referral else ()) if (link := document_link(key))],
        alternatives=[link for code in decision.alternatives if (link := alternative(code, rules))],
        overlays=[_overlay(id_, rules) for id_ in decision.overlays],
        changes=_changes(dated_decision, rules),
        presumed=_presumed(dated_decision, rules, state),
        calculable=bool(facts and (facts.stay.first_days or facts.stay.years)),
    )


def _certainty(decision: Decision, facts: PermitFacts | None) -> str:
    order = ("ask-office", "check", "sourced")
    values = [decision.rule.certainty, *([facts.certainty] if facts else [])]
    return min(values, key=order.index)


def name_of(code: str, rules: DecisionTable) -> str:
    """The name of a permit or referral in the page's language."""
    if code in rules.referrals:
        return text_of(rules.referrals[code].title)
    slug = rules.outcomes[code].slug if code in rules.outcomes else ""
    version = permit_version(slug) if slug else None
    return version.title(language()) if version else code


def alternative(code: str, rules: DecisionTable) -> Link | None:
    """Another way as a link to its page; a referral is named without one."""
    outcome = rules.outcomes.get(code)
    if outcome is None:
        return None
    if outcome.is_referral:
        return {"label": text_of(rules.referrals[code].title), "href": ""}
    return document_link(f"permits/{outcome.slug}")


def _overlay(id_: str, rules: DecisionTable) -> dict[str, str]:
    overlay = rules.overlays[id_]
    return {"title": text_of(overlay.title), "text": text_of(overlay.text)}


def _changes(dated_decision: DatedDecision, rules: DecisionTable) -> list[str]:
    sentences = []
    if dated_decision.since and dated_decision.before:
        name = name_of(dated_decision.before.primary, rules)
        sentences.append(
            _("This holds since %(day)s. Before that: %(name)s.", day=day_words(dated_decision.since), name=name)
        )
    if dated_decision.changes_on and dated_decision.after:
        name = name_of(dated_decision.after.primary, rules)
        sentences.append(_("From %(day)s this changes: %(name)s.", day=day_words(dated_decision.changes_on), name=name))
    return sentences


def _presumed(dated_decision: DatedDecision, rules: DecisionTable, state: Interview) -> str:
    """A caution for days before a list was read, where nobody noted since when a country stands on it."""
    country = state.answers.get("nationality", "")
    for one in rules.lists.values():
        membership = one.membership_on(country, dated_decision.day)
        if membership and membership.valid_from is None and one.read_on and dated_decision.day < one.read_on:
            name, day = text_of(one.name), day_words(one.read_on)
            return _(
                "The list “%(name)s” was read on %(day)s. We do not know since when your country stands on it.",
                name=name,
                day=day,
            )
    return ""


def not_covered_words(first: date) -> str:
    """That the day lies before the data, and from when answers hold."""
    return _("Our rules begin on %(day)s, so we have no answer for an earlier arrival.", day=day_words(first))


def mark_of(dated_decision: DatedDecision, rules: DecisionTable) -> str:
    """What a shared link remembers: the version of the rules and the answer."""
    return f"{version_of(rules)}_{dated_decision.decision.primary}"


def seen_words(seen: str, mark: str, rules: DecisionTable) -> str:
    """For an old shared link: that the rules changed since, and whether the answer did."""
    version, _sep, code = seen[:60].partition("_")
    if not code or seen == mark or not all(char.isalnum() or char == "-" for char in version + code):
        return ""
    if code not in rules.outcomes:
        return _("The rules changed since this link was made; its answer is not used any more.")
    if mark.endswith(f"_{code}"):
        return _("The rules changed since this link was made. The answer is still the same.")
    return _("The rules changed since this link was made. The answer then: %(name)s.", name=name_of(code, rules))
