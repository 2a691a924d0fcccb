"""What the content must satisfy beyond being readable: every id known, every link alive, every value without gap."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from portal.content.catalogue import Catalogue
from portal.content.checks.prose import prose_problems
from portal.content.document import PRIMARY_LANGUAGE, Document, DocumentType
from portal.content.parsing import Problem
from portal.content.reference import DatedValue

ONE_DAY = timedelta(days=1)
# Where an embed or a key of facts.yaml names a record of a reference.
REFERENCE_OF = {"fee": "fees", "law": "laws", "contact": "contacts", "place": "places", "term": "glossary"}
CARD_OF = {"contact-card": "contacts", "place-card": "places", "fees-card": "fees", "picture-card": "media"}
KEYS = {"topics": "topics", "audience": "audiences", "legal_basis": "laws", "facts": "facts", "fees": "fees"}
SITE_PAGES = frozenset({"", "faq", "guidance", "news", "topics", "glossary", "laws", "fees", "coverage", "search"})


@dataclass(frozen=True)
class Context:
    """What a check may ask: today, the kinds of documents, and what is published now (nothing if unknown)."""

    today: date
    types: Mapping[str, DocumentType]
    baseline: Catalogue | None = None
    rooms: frozenset[str] = frozenset()


Check = Callable[[Catalogue, Context], Iterable[Problem]]


def check(catalogue: Catalogue, context: Context, extra: Sequence[Check] = ()) -> list[Problem]:
    """Every problem of the content, errors before warnings, in the order of files."""
    found = list(catalogue.problems)
    for run in (_documents, _references, _redirects, *extra):
        found.extend(run(catalogue, context))
    return sorted(found, key=lambda problem: (problem.is_warning, problem.path, problem.key))


def document_problems(catalogue: Catalogue, context: Context, document: Document) -> list[Problem]:
    """The problems of one document alone, as it would be in that catalogue; for a check while somebody types."""
    return list(_document(catalogue, context, document, folder=document.key))


def _documents(catalogue: Catalogue, context: Context) -> Iterator[Problem]:
    linked = linked_keys(catalogue)
    for kind in catalogue.kinds():
        for document in catalogue.all(kind):
            folder = document.key
            yield from _document(catalogue, context, document, folder=folder)
            for version in document.scheduled:
                below = f"{folder}/next/{version.at:%Y-%m-%dT%H%M}"
                yield from _document(catalogue, context, version.document, folder=below)
                if not version.document.facts.based_on:
                    yield Problem(f"{below}/facts.yaml", "based_on", "is missing; name the hash of the page it changes")
            if is_orphan(document, linked):
                yield Problem(
                    folder, "", "has no topic and no page links to it; add one", is_warning=True, rule="orphan"
                )


def _document(catalogue: Catalogue, context: Context, document: Document, *, folder: str) -> Iterator[Problem]:
    yield from _known_ids(catalogue, document, folder)
    yield from _life(catalogue, context, document, folder=folder)
    primary = document.bodies[PRIMARY_LANGUAGE]
    for language, body in document.bodies.items():
        path = f"{folder}/{language}.md"
        yield from (Problem(path, "", fault, rule="markdown") for fault in body.faults)
        yield from _embeds(catalogue, body.embeds, path)
        yield from _links(catalogue, context, body.links, path=path)
        type_ = context.types.get(document.kind)
        if type_ and type_.has_parts and [p.id for p in body.parts] != [p.id for p in primary.parts]:
            yield Problem(path, "", "has other parts than the Indonesian text; give both the same {#ids}", rule="parts")
        yield from prose_problems(catalogue, document, language=language, path=path, today=context.today)


def _known_ids(catalogue: Catalogue, document: Document, folder: str) -> Iterator[Problem]:
    path = f"{folder}/facts.yaml"
    for key, reference in KEYS.items():
        known = catalogue.reference(reference)
        for id_ in getattr(document.facts, key, ()):
            if isinstance(id_, str) and id_ not in known:
                yield Problem(
                    path, key, f"names '{id_}', which is not in reference/{reference}.yaml", rule="unknown-id"
                )
    for key in document.facts.related:
        if catalogue.find(key) is None:
            yield Problem(path, "related", f"names '{key}', which does not exist; write kind/slug", rule="unknown-id")
    registered = catalogue.reference("facts")
    cited = [registered[id_] for id_ in document.facts.facts if id_ in registered]
    if document.facts.certainty == "sourced" and cited and all(not fact.sources for fact in cited):
        yield Problem(path, "certainty", "is 'sourced', but no cited fact has a source to show; write 'check'")


def _life(catalogue: Catalogue, context: Context, document: Document, *, folder: str) -> Iterator[Problem]:
    facts, path = document.facts, f"{folder}/facts.yaml"
    if facts.status == "withdrawn" and facts.withdrawn is None:
        yield Problem(path, "withdrawn", "is missing; a withdrawn page says why, with reason and successor")
    if facts.withdrawn and facts.withdrawn.successor and catalogue.find(facts.withdrawn.successor) is None:
        yield Problem(path, "withdrawn.successor", f"names '{facts.withdrawn.successor}', which does not exist")
    if facts.publish_from and facts.publish_until and facts.publish_until <= facts.publish_from:
        yield Problem(path, "publish_until", "is not after publish_from")
    if facts.status == "published" and facts.review_by and facts.review_by < context.today:
        message = f"was due on {facts.review_by}; read the page again and set a new day"
        yield Problem(path, "review_by", message, is_warning=True, rule="overdue")
    for language in document.words:
        if document.is_outdated(language):
            message = "translates an older Indonesian text; compare, then stamp it as current"
            yield Problem(f"{folder}/{language}.md", "translates", message, is_warning=True, rule="outdated")


def _embeds(catalogue: Catalogue, embeds: Iterable[object], path: str) -> Iterator[Problem]:
    for embed in embeds:
        kind, id_ = getattr(embed, "kind", ""), getattr(embed, "id", "")
        if kind == "money" and not id_.isdecimal():
            yield Problem(path, "", f"'{{{{ money:{id_} }}}}' is no whole number of rupiah", rule="unknown-id")
        if kind == "download-card" and f"media/{id_.split(' ')[0]}" not in catalogue.media:
            yield Problem(path, "", f"offers 'media/{id_.split(' ')[0]}', which does not exist", rule="dead-link")
        reference = REFERENCE_OF.get(kind) or CARD_OF.get(kind)
        if reference is None:
            continue
        ids = {"fees-card": id_.split(), "picture-card": id_.split()[:1]}
        for one in ids.get(kind, [id_]):
            if one not in catalogue.reference(reference):
                yield Problem(path, "", f"embeds '{one}', which is not in reference/{reference}", rule="unknown-id")


def _links(catalogue: Catalogue, context: Context, links: Iterable[str], *, path: str) -> Iterator[Problem]:
    for link in links:
        key, _hash, anchor = link.partition("#")
        if key.startswith("media/"):
            if key not in catalogue.media:
                yield Problem(path, "", f"shows '{key}', which does not exist", rule="dead-link")
            continue
        target = catalogue.find(key)
        if target is None:
            if key.rstrip("/") not in SITE_PAGES | context.rooms and key.split("/")[0] not in context.rooms:
                yield Problem(path, "", f"links to '{link}', which does not exist; write kind/slug", rule="dead-link")
        elif anchor and anchor not in target.bodies[PRIMARY_LANGUAGE].anchors:
            yield Problem(path, "", f"links to '{link}', but '{key}' has no part '{anchor}'", rule="dead-link")
        elif target.facts.status == "draft":
            message = f"links to '{key}', which is still a draft"
            yield Problem(path, "", message, is_warning=True, rule="draft-link")


def _references(catalogue: Catalogue, _context: Context) -> Iterator[Problem]:
    laws = catalogue.reference("laws")
    for name, records in catalogue.references.items():
        path = f"reference/{name}.yaml"
        for id_, record in records.items():
            values = getattr(record, "values", None)
            if isinstance(values, tuple) and values and isinstance(values[0], DatedValue):
                yield from _without_gap(values, path=path, id_=str(id_))
                named = {law for value in values for law in value.legal_basis}
                for law in sorted(named - set(laws)):
                    yield Problem(path, f"{id_}.values", f"names the law '{law}', which is not in reference/laws.yaml")
            for key, reference in (("legal_basis", "laws"), ("facts", "facts"), ("contacts", "contacts")):
                for one in getattr(record, key, ()) or ():
                    if one not in catalogue.reference(reference):
                        yield Problem(
                            path, f"{id_}.{key}", f"names '{one}', which is not in reference/{reference}.yaml"
                        )
    for id_, law in laws.items():
        for other in (*law.amended_by, *law.replaces):
            if other not in laws:
                yield Problem("reference/laws.yaml", str(id_), f"names the law '{other}', which is not there")


def _without_gap(values: Sequence[DatedValue], *, path: str, id_: str) -> Iterator[Problem]:
    ordered = sorted(values, key=lambda value: value.valid_from or date.min)
    for value in ordered:
        if value.valid_from and value.valid_to and value.valid_to < value.valid_from:
            yield Problem(path, f"{id_}.values", f"end on {value.valid_to}, before {value.valid_from}", rule="values")
    for before, after in pairwise(ordered):
        if before.valid_to is None or after.valid_from is None or after.valid_from <= before.valid_to:
            message = f"overlap from {after.valid_from}; end the earlier value the day before"
            yield Problem(path, f"{id_}.values", message, rule="values")
        elif after.valid_from > before.valid_to + ONE_DAY:
            message = f"leave a gap from {before.valid_to + ONE_DAY} to {after.valid_from - ONE_DAY}; write 'unknown'"
            yield Problem(path, f"{id_}.values", message, rule="values")


def _redirects(catalogue: Catalogue, context: Context) -> Iterator[Problem]:
    for old, new in catalogue.redirects.items():
        key, _hash, _anchor = new.partition("#")
        if new == "gone" or catalogue.find(key) or key in SITE_PAGES | context.rooms:
            continue
        if catalogue.find(f"pages/{key}") is None:
            yield Problem("redirects.yaml", old, f"leads to '{new}', which does not exist", rule="dead-link")


def linked_keys(catalogue: Catalogue) -> frozenset[str]:
    """The keys of all documents to which another one leads."""
    keys: set[str] = set()
    for kind in catalogue.kinds():
        for document in catalogue.all(kind):
            keys.update(document.facts.related)
            for body in document.bodies.values():
                keys.update(link.partition("#")[0] for link in body.links)
    return frozenset(keys)


def is_orphan(document: Document, linked: frozenset[str]) -> bool:
    """Whether readers can find this question or guide by search alone."""
    return (
        document.kind in ("faq", "guidance")
        and document.facts.status == "published"
        and not document.facts.topics
        and document.key not in linked
    )
