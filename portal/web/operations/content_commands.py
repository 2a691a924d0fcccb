"""Commands about the content as a whole: check it, report on it, update what the project ships, stamp translations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

import click
from flask.cli import with_appcontext

from portal.content.catalogue import Catalogue
from portal.content.checks.report import Report, report
from portal.content.checks.rules import Context, check
from portal.content.checks.statements import PATH as STATEMENTS
from portal.content.checks.statements import statement_problems, statements_of
from portal.content.document import PRIMARY_LANGUAGE, Document
from portal.content.parsing import decoded_text
from portal.content.problems import ContentError, Problem
from portal.content.sources.bundled import update
from portal.content.sources.repository import ContentRepository, MergeConflict
from portal.content.sources.source import FolderSource, RepositorySource, Source
from portal.settings import PROJECT
from portal.web.clock import real_instant, request_clock
from portal.web.operations.commands import answer, json_option
from portal.web.state import portal


@click.command("check-content")
@click.option("--warnings/--no-warnings", default=True, help="Whether to list warnings as well as errors.")
@json_option
@with_appcontext
def check_content(*, warnings: bool, as_json: bool) -> None:
    """Check the whole content; ends with status 1 when there is an error."""
    baseline = _published_source()
    problems = _content_problems(baseline)
    errors = [problem for problem in problems if not problem.is_warning]
    listed = problems if warnings else errors
    kinds = {kind: len(portal().live.current().all(kind)) for kind in portal().live.current().kinds()}
    compared = "compared with the published state" if baseline else "no published state to compare with"
    lines = [f"{'warning' if p.is_warning else 'error'} [{p.kind.code}] {p}" for p in listed]
    counts = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))
    lines.append(f"{counts}: {len(errors)} errors, {len(problems) - len(errors)} warnings; {compared}.")
    data = {
        "documents": kinds,
        "errors": [_plain(problem) for problem in errors],
        "warnings": [_plain(problem) for problem in problems if problem.is_warning],
        "compared": baseline is not None,
    }
    answer(data, as_json=as_json, text="\n".join(lines))
    if errors:
        raise click.exceptions.Exit(1)


@click.command("content-report")
@json_option
@with_appcontext
def content_report(*, as_json: bool) -> None:
    """Tell how much content there is, how it reads, which facts it uses, and what is due for review."""
    result = report(portal().live.current(), portal().types)
    answer(asdict(result), as_json=as_json, text="\n".join(_report_lines(result)))


@click.command("update-content")
@json_option
@with_appcontext
def update_content(*, as_json: bool) -> None:
    """Bring the content that the project ships into the office's repository; a conflict leaves it alone."""
    settings = portal().settings
    if not settings.content_is_repository:
        raise click.ClickException("PORTAL_CONTENT is a folder; there is no repository to update.")
    repository = ContentRepository(Path(settings.content), key=portal().signing_key)
    try:
        changed = update(repository, PROJECT / "content", at=real_instant())
    except MergeConflict as conflict:
        raise click.ClickException(f"Nothing was merged: {conflict}. Settle these pages on the desk first.") from None
    portal().generations.bump_content()
    answer({"changed": changed}, as_json=as_json, text="Updated." if changed else "Nothing new was shipped.")


@click.command("stamp-translation")
@click.argument("keys", nargs=-1)
@click.option("--unstamped", is_flag=True, help="Stamp every translation that has no stamp yet.")
@json_option
@with_appcontext
def stamp_translation(*, keys: tuple[str, ...], unstamped: bool, as_json: bool) -> None:
    """Say that the translations of KIND/SLUG fit today's Indonesian text; writes `translates` into their files."""
    settings = portal().settings
    if settings.content_is_repository:
        raise click.ClickException("In a repository the desk stamps translations; give a folder as PORTAL_CONTENT.")
    catalogue = portal().live.current()
    documents = [catalogue.find(key) for key in keys]
    unknown = [key for key, document in zip(keys, documents, strict=True) if document is None]
    if unknown:
        raise click.ClickException(f"There is no {', '.join(unknown)}; write kind/slug.")
    chosen = [document for document in documents if document is not None]
    if unstamped:
        chosen += [d for kind in catalogue.kinds() for d in catalogue.all(kind) if _lacks_stamp(d)]
    stamped = [path for document in chosen for path in _stamp(Path(settings.content), document)]
    answer({"stamped": stamped}, as_json=as_json, text="\n".join(stamped) or "Nothing to stamp.")


def _report_lines(result: Report) -> Iterator[str]:
    """The report in lines for people."""
    yield f"{'kind':<11}{'language':<10}{'pages':>6}{'words':>9}{'words per sentence':>20}{'highest':>9}{'LIX':>6}"
    for reading in result.readings:
        yield (
            f"{reading.kind:<11}{reading.language:<10}{reading.documents:>6}{reading.words:>9,}{reading.words_per_sentence:>20.1f}"
            f"{reading.longest_mean:>9.1f}{reading.lix:>6.0f}"
        )
    yield "certainty: " + ", ".join(f"{number} {name}" for name, number in sorted(result.certainty.items()))
    used, all_ = len(result.facts_cited), len(result.facts_cited) + len(result.facts_unused)
    yield f"facts cited: {used} of {all_}"
    for label, ids in (
        ("facts not used", result.facts_unused),
        ("without a legal basis", result.without_legal_basis),
        ("questions without keywords", result.without_keywords),
        ("without a current translation", result.without_translation),
        ("orphans", result.orphans),
        ("review due", [f"{day}: {number}" for day, number in Counter(day for day, _key in result.due).items()]),
    ):
        yield f"{label}: {', '.join(ids) if ids else 'none'}"
    yield f"open statements: {len(result.open_statements)}"
    for key, statement in result.open_statements:
        yield f"  {key}: {statement}"


def _content_problems(baseline: Source | None) -> list[Problem]:
    """Every problem of the content being served, compared with the published state where there is one."""
    before = None
    if baseline is not None:
        try:
            before = portal().live.reader.read(baseline)
        except ContentError:
            before = None
    context = Context(request_clock().today(), portal().types, before, open_kinds=frozenset(portal().types))
    return check(portal().live.current(), context, (*portal().checks, _beside_statements))


def _beside_statements(catalogue: Catalogue, context: Context) -> Iterable[Problem]:
    """The pages beside what their sources state, where the content holds the statements."""
    if STATEMENTS not in catalogue.listing:
        return ()
    try:
        known = statements_of(decoded_text(portal().live.source.read(STATEMENTS), STATEMENTS))
    except ContentError as error:
        return error.problems
    return statement_problems(catalogue, context, known)


def _plain(problem: Problem) -> dict[str, object]:
    return {
        "path": problem.path,
        "key": problem.key,
        "message": problem.message,
        "is_warning": problem.is_warning,
        "rule": problem.kind.code,
    }


def _published_source() -> Source | None:
    """What readers see now: the office's main, or in a project's folder its last commit."""
    settings = portal().settings
    if settings.content_is_repository:
        return RepositorySource(Path(settings.content))
    folder = Path(settings.content)
    git = folder.parent / ".git"
    if not isinstance(portal().live.source, FolderSource) or not git.is_dir():
        return None
    source = RepositorySource(git, below=f"{folder.name}/")
    return source if source.version() and source.listing() else None


def _lacks_stamp(document: Document) -> bool:
    return any(not words.translates for code, words in document.words.items() if code != PRIMARY_LANGUAGE)


def _stamp(folder: Path, document: Document) -> list[str]:
    current = document.bodies[PRIMARY_LANGUAGE].translatable
    stamped = []
    for code in document.words:
        path = folder / document.kind / document.slug / f"{code}.md"
        if code == PRIMARY_LANGUAGE or document.words[code].translates == current:
            continue
        lines = [line for line in path.read_text(encoding="utf-8").split("\n") if not line.startswith("translates:")]
        end = lines.index("---", 1)
        lines.insert(end, f'translates: "{current}"')
        path.write_text("\n".join(lines), encoding="utf-8")
        stamped.append(str(path.relative_to(folder)))
    return stamped


COMMANDS = (check_content, content_report, update_content, stamp_translation)
