"""What the content must satisfy beyond being readable: every id known, every link alive, every value without gap."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise

from portal.content.catalogue import Catalogue
from portal.content.checks.laws import law_problems
from portal.content.checks.prose import prose_problems
from portal.content.checks.samples import sample_problems
from portal.content.document import PRIMARY_LANGUAGE, ContentRule, Document, DocumentType
from portal.content.markdown.problems import MARKDOWN_PROBLEMS
from portal.content.problems import Problem, ProblemKind
from portal.content.reference import DatedValue
from portal.messages import N_

ONE_DAY = timedelta(days=1)
# Where an embed or a key of facts.yaml names a record of a reference.
REFERENCE_OF = {"fee": "fees", "law": "laws", "contact": "contacts", "place": "places", "term": "glossary"}
CARD_OF = {"contact-card": "contacts", "place-card": "places", "fees-card": "fees", "picture-card": "media"}
KEYS = {"topics": "topics", "audience": "audiences", "legal_basis": "laws", "facts": "facts", "fees": "fees"}
# Pages of the site that belong to no kind of document.
SITE_PATHS = frozenset({"", "search"})

NO_BASE = ProblemKind("schema", "is missing; name the hash of the page it changes")
ORPHAN = ProblemKind(
    "orphan",
    "has no topic and no page links to it; add one",
    N_("Choose a topic, or nobody will find this page in the lists."),
    is_warning=True,
)
OTHER_PARTS = ProblemKind(
    "parts",
    "has other parts than the Indonesian text; give both the same {#ids}",
    N_("The headings of both languages have to carry the same ids, such as {#cost}."),
)
UNKNOWN_ID = ProblemKind(
    "unknown-id",
    "names '%(what)s', which is not in reference/%(reference)s.yaml",
    N_("“%(what)s” is not in the list. Choose another."),
)
UNKNOWN_EMBEDDED_ID = ProblemKind(
    "unknown-id",
    "embeds '%(what)s', which is not in reference/%(reference)s",
    N_("“%(what)s” is not in the list. Choose another."),
)
UNKNOWN_PAGE = ProblemKind(
    "unknown-id",
    "names '%(what)s', which does not exist; write kind/slug",
    N_("There is no page “%(what)s”. Choose another."),
)
UNKNOWN_SUCCESSOR = ProblemKind(
    "schema",
    "names '%(what)s', which does not exist",
    N_("There is no page “%(what)s”. Choose another."),
)
SOURCED_BY_NOTHING = ProblemKind(
    "schema",
    "is 'sourced', but no cited fact has a source to show; write 'check'",
    N_("None of the chosen facts has a source to show. Choose another state."),
)
NO_WITHDRAWAL = ProblemKind("schema", "is missing; a withdrawn page says why, with reason and successor")
ENDS_BEFORE_START = ProblemKind(
    "schema",
    "is not after publish_from",
    N_("The end of publication has to come after its start."),
)
OVERDUE = ProblemKind(
    "overdue",
    "was due on %(what)s; read the page again and set a new day",
    N_("This page was to be read again by %(what)s."),
    is_warning=True,
)
OUTDATED = ProblemKind(
    "outdated",
    "translates an older Indonesian text; compare, then stamp it as current",
    N_("The Indonesian text changed after this translation was checked."),
    is_warning=True,
)
NO_AMOUNT = ProblemKind(
    "unknown-id",
    "'{{ money:%(what)s }}' is no whole number of rupiah",
    N_("An amount in the text is no whole number of rupiah."),
)
UNKNOWN_DOWNLOAD = ProblemKind(
    "dead-link", "offers '%(what)s', which does not exist", N_("There is no file “%(what)s”.")
)
UNKNOWN_PICTURE = ProblemKind("dead-link", "shows '%(what)s', which does not exist", N_("There is no file “%(what)s”."))
DEAD_LINK = ProblemKind(
    "dead-link",
    "links to '%(what)s', which does not exist; write kind/slug",
    N_("The link “%(what)s” leads to no page of this site."),
)
DEAD_ANCHOR = ProblemKind(
    "dead-link",
    "links to '%(what)s', but '%(page)s' has no part '%(part)s'",
    N_("The link “%(what)s” leads to a part that the page does not have."),
)
DRAFT_LINK = ProblemKind(
    "draft-link",
    "links to '%(what)s', which is still a draft",
    N_("The link “%(what)s” leads to a page that is not public yet."),
    is_warning=True,
)
UNKNOWN_LAW_OF_VALUE = ProblemKind("schema", "names the law '%(law)s', which is not in reference/laws.yaml")
UNKNOWN_OTHER_LAW = ProblemKind("schema", "names the law '%(law)s', which is not there")
VALUE_BACKWARDS = ProblemKind("values", "end on %(end)s, before %(start)s")
VALUES_OVERLAP = ProblemKind("values", "overlap from %(day)s; end the earlier value the day before")
VALUES_GAP = ProblemKind("values", "leave a gap from %(first)s to %(last)s; write 'unknown'")
DEAD_REDIRECT = ProblemKind("dead-link", "leads to '%(target)s', which does not exist")


@dataclass(frozen=True)
class Context:
    """What a check may ask: today, the kinds of documents, and what is published now (nothing if unknown).

    Links to anything below the kinds of `open_kinds` are let through, since their features have pages of their own.
    """

    today: date
    types: Mapping[str, DocumentType]
    baseline: Catalogue | None = None
    open_kinds: frozenset[str] = frozenset()

    def rules_of(self, kind: str) -> frozenset[ContentRule]:
        """What is asked of the documents of that kind; nothing of one that is not known."""
        type_ = self.types.get(kind)
        return type_.rules if type_ else frozenset()

    @cached_property
    def site_paths(self) -> frozenset[str]:
        """The pages that are no documents, by their path below the language."""
        return SITE_PATHS | self.open_kinds | {path for type_ in self.types.values() for path in type_.site_paths}


Check = Callable[[Catalogue, Context], Iterable[Problem]]


def check(catalogue: Catalogue, context: Context, extra: Sequence[Check] = ()) -> list[Problem]:
    """Every problem of the content, errors before warnings, in the order of files."""
    problems = list(catalogue.problems)
    for run in (_documents, _references, _laws, _redirects, *extra):
        problems.extend(run(catalogue, context))
    return sorted(problems, key=lambda problem: (problem.is_warning, problem.path, problem.key))


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
                    yield NO_BASE.at(f"{below}/facts.yaml", "based_on")
            if ContentRule.REACHABLE in context.rules_of(kind) and is_orphan(document, linked):
                yield ORPHAN.at(folder)


def _document(catalogue: Catalogue, context: Context, document: Document, *, folder: str) -> Iterator[Problem]:
    yield from _known_ids(catalogue, document, folder)
    yield from _life(catalogue, context, document, folder=folder)
    yield from sample_problems(catalogue, document, folder)
    primary = document.bodies[PRIMARY_LANGUAGE]
    for language, body in document.bodies.items():
        path = f"{folder}/{language}.md"
        yield from (MARKDOWN_PROBLEMS[fault.name].at(path, **fault.params) for fault in body.faults)
        yield from _embeds(catalogue, body.embeds, path)
        yield from _links(catalogue, context, body.links, path=path)
        type_ = context.types.get(document.kind)
        if type_ and type_.has_parts and [p.id for p in body.parts] != [p.id for p in primary.parts]:
            yield OTHER_PARTS.at(path)
        rules = context.rules_of(document.kind)
        yield from prose_problems(catalogue, document, rules, language=language, path=path, today=context.today)


def _known_ids(catalogue: Catalogue, document: Document, folder: str) -> Iterator[Problem]:
    path = f"{folder}/facts.yaml"
    for key, reference in KEYS.items():
        known = catalogue.reference(reference)
        for id_ in getattr(document.facts, key, ()):
            if isinstance(id_, str) and id_ not in known:
                yield UNKNOWN_ID.at(path, key, what=id_, reference=reference)
    for key in document.facts.related:
        if catalogue.find(key) is None:
            yield UNKNOWN_PAGE.at(path, "related", what=key)
    registered = catalogue.reference("facts")
    cited = [registered[id_] for id_ in document.facts.facts if id_ in registered]
    if document.facts.certainty == "sourced" and cited and all(not fact.sources for fact in cited):
        yield SOURCED_BY_NOTHING.at(path, "certainty")


def _life(catalogue: Catalogue, context: Context, document: Document, *, folder: str) -> Iterator[Problem]:
    facts, path = document.facts, f"{folder}/facts.yaml"
    if facts.status == "withdrawn" and facts.withdrawn is None:
        yield NO_WITHDRAWAL.at(path, "withdrawn")
    if facts.withdrawn and facts.withdrawn.successor and catalogue.find(facts.withdrawn.successor) is None:
        yield UNKNOWN_SUCCESSOR.at(path, "withdrawn.successor", what=facts.withdrawn.successor)
    if facts.publish_from and facts.publish_until and facts.publish_until <= facts.publish_from:
        yield ENDS_BEFORE_START.at(path, "publish_until")
    if facts.status == "published" and facts.review_by and facts.review_by < context.today:
        yield OVERDUE.at(path, "review_by", what=facts.review_by)
    for language in document.words:
        if document.is_outdated(language):
            yield OUTDATED.at(f"{folder}/{language}.md", "translates")


def _embeds(catalogue: Catalogue, embeds: Iterable[object], path: str) -> Iterator[Problem]:
    for embed in embeds:
        kind, id_ = getattr(embed, "kind", ""), getattr(embed, "id", "")
        if kind == "money" and not id_.isdecimal():
            yield NO_AMOUNT.at(path, what=id_)
        if kind == "download-card" and f"media/{id_.split(' ')[0]}" not in catalogue.media:
            yield UNKNOWN_DOWNLOAD.at(path, what=f"media/{id_.split(' ')[0]}")
        reference = REFERENCE_OF.get(kind) or CARD_OF.get(kind)
        if reference is None:
            continue
        ids = {"fees-card": id_.split(), "picture-card": id_.split()[:1]}
        for one in ids.get(kind, [id_]):
            if one not in catalogue.reference(reference):
                yield UNKNOWN_EMBEDDED_ID.at(path, what=one, reference=reference)


def _links(catalogue: Catalogue, context: Context, links: Iterable[str], *, path: str) -> Iterator[Problem]:
    site_paths = context.site_paths
    for link in links:
        key, _hash, anchor = link.partition("#")
        if key.startswith("media/"):
            if key not in catalogue.media:
                yield UNKNOWN_PICTURE.at(path, what=key)
            continue
        target = catalogue.find(key)
        if target is None:
            if key.rstrip("/") not in site_paths and key.split("/")[0] not in context.open_kinds:
                yield DEAD_LINK.at(path, what=link)
        elif anchor and anchor not in target.bodies[PRIMARY_LANGUAGE].anchors:
            yield DEAD_ANCHOR.at(path, what=link, page=key, part=anchor)
        elif target.facts.status == "draft":
            yield DRAFT_LINK.at(path, what=key)


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
                    yield UNKNOWN_LAW_OF_VALUE.at(path, f"{id_}.values", law=law)
            for key, reference in (("legal_basis", "laws"), ("facts", "facts"), ("contacts", "contacts")):
                for one in getattr(record, key, ()) or ():
                    if one not in catalogue.reference(reference):
                        yield UNKNOWN_ID.at(path, f"{id_}.{key}", what=one, reference=reference)
    for id_, law in laws.items():
        for other in (*law.amended_by, *law.replaces):
            if other not in laws:
                yield UNKNOWN_OTHER_LAW.at("reference/laws.yaml", str(id_), law=other)


def _laws(catalogue: Catalogue, context: Context) -> Iterator[Problem]:
    yield from law_problems(catalogue, context.today)


def _without_gap(values: Sequence[DatedValue], *, path: str, id_: str) -> Iterator[Problem]:
    ordered = sorted(values, key=lambda value: value.valid_from or date.min)
    for value in ordered:
        if value.valid_from and value.valid_to and value.valid_to < value.valid_from:
            yield VALUE_BACKWARDS.at(path, f"{id_}.values", end=value.valid_to, start=value.valid_from)
    for before, after in pairwise(ordered):
        if before.valid_to is None or after.valid_from is None or after.valid_from <= before.valid_to:
            yield VALUES_OVERLAP.at(path, f"{id_}.values", day=after.valid_from)
        elif after.valid_from > before.valid_to + ONE_DAY:
            first, last = before.valid_to + ONE_DAY, after.valid_from - ONE_DAY
            yield VALUES_GAP.at(path, f"{id_}.values", first=first, last=last)


def _redirects(catalogue: Catalogue, context: Context) -> Iterator[Problem]:
    at_root = [kind for kind, type_ in context.types.items() if type_.at_root]
    for old, new in catalogue.redirects.items():
        key, _hash, _anchor = new.partition("#")
        if new == "gone" or catalogue.find(key) or key in context.site_paths:
            continue
        if not any(catalogue.get(kind, key) for kind in at_root):
            yield DEAD_REDIRECT.at("redirects.yaml", old, target=new)


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
    """Whether readers can find this document by search alone."""
    facts = document.facts
    return facts.status == "published" and not facts.topics and document.key not in linked
