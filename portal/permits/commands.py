"""Commands of the permits: ask the finder, and check its table with cases."""

from __future__ import annotations

import time
from pathlib import Path
from typing import NotRequired, TypedDict

import click
import msgspec
from flask.cli import with_appcontext

from portal.content.parsing import decoded_text, yaml_of
from portal.content.problems import ContentError
from portal.permits.countries import countries_of
from portal.permits.finder.evaluation import NoAnswer, NotCovered, answer
from portal.permits.finder.interview import Interview, InvalidAnswer, read_interview
from portal.permits.finder.loading import NoTable, table_of
from portal.permits.finder.proving.cases import Case, failures
from portal.permits.finder.proving.checking import proof_problems, table_problems
from portal.permits.finder.proving.proof import prove
from portal.permits.finder.records import record_of
from portal.permits.finder.table import DecisionTable
from portal.web.clock import request_clock
from portal.web.operations.commands import answer as print_answer
from portal.web.operations.commands import json_option
from portal.web.state import portal

REASONS = {
    "country": "names no country",
    "twice": "names two countries",
    "same": "names the same country twice",
    "choice": "is not one of the answers",
    "number": "is no whole number of days",
    "low": "is less than 1 day",
    "high": "is longer than any permit",
    "empty": "is missing",
    "date": "is no date; write one such as 2026-12-24",
    "late": "is more than five years ahead",
}


def _table() -> DecisionTable:
    try:
        return table_of(portal().live.current())
    except NoTable as error:
        raise click.ClickException(str(error)) from None


@click.command("find-permit")
@click.option("--nationality", default="", help="Country code or name, or 'unknown'.")
@click.option("--second", default="", help="The country of a second passport.")
@click.option("--document", default="", help="'other' for a document that is no national passport.")
@click.option("--location", default="", help="abroad, in_country, host or unknown.")
@click.option("--role", default="", help="For hosts: how they are connected with the foreigner.")
@click.option("--purpose", default="", help="What the person wants to do.")
@click.option("--stay", default="", help="Length of stay in days, or 'unknown'.")
@click.option("--status", default="", help="The permit that is held now.")
@click.option("--goal", default="", help="What the holder wants to do.")
@click.option("--arriving", default="", help="Day of arrival; today without it.")
@json_option
@with_appcontext
def find_permit(*, as_json: bool, **answers: str) -> None:
    """Find the permit for a case: which one, why, its legal basis, and what changes when."""
    table = _table()
    countries = countries_of(portal().live.current())
    today = request_clock().today()
    parameters = {name: [value] for name, value in answers.items() if value}
    state = read_interview(parameters, table, countries, today=today)
    if state.invalid_answers or state.next_question:
        raise click.ClickException(_missing_or_invalid(state))
    try:
        decision = answer(table, state.situation, state.arriving or today)
    except NotCovered as error:
        raise click.ClickException(f"Not covered: {error}.") from None
    except NoAnswer:
        raise click.ClickException("No rule answers this case; flask check-finder names the hole.") from None
    record = record_of(decision, table, state.answers)
    lines = [f"{record['permit']} (rule {record['rule']}): {record['explanation'].get('en', '')}"]
    lines += [f"Legal basis: {', '.join(record['legal_basis']) or 'none, this is a referral'}"]
    if record["alternatives"]:
        lines.append(f"alternatives: {', '.join(record['alternatives'])}")
    if record["overlays"]:
        lines.append(f"overlays: {', '.join(record['overlays'])}")
    if record["changes_on"] and record["after"]:
        lines.append(f"From {record['changes_on']}: {record['after']['permit']}")
    print_answer(record, as_json=as_json, text="\n".join(lines))


def _missing_or_invalid(state: Interview) -> str:
    return " ".join(map(_message, state.invalid_answers)) or f"--{state.next_question} is missing."


def _message(invalid: InvalidAnswer) -> str:
    typed = f"'{invalid.typed}' " if invalid.typed else ""
    suggestions = f"; did you mean {', '.join(invalid.suggestions)}" if invalid.suggestions else ""
    return f"--{invalid.field} {typed}{REASONS[invalid.code]}{suggestions}."


class CheckReport(TypedDict):
    """What `flask check-finder` reports: numbers of findings, and of cases where they were given."""

    cells: int
    classes: int
    empty: int
    contradicting: int
    unreachable: int
    without_basis: int
    dead: int
    seconds: float
    problems: list[str]
    passed: NotRequired[int]
    failed: NotRequired[int]
    failures: NotRequired[list[str]]


@click.command("check-finder")
@click.option("--cases", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Cases with their answers.")
@json_option
@with_appcontext
def check_finder(*, cases: Path | None, as_json: bool) -> None:
    """Prove the finder's table over all classes of situations, and check cases; ends with 1 on a finding."""
    table, catalogue = _table(), portal().live.current()
    started = time.perf_counter()
    problems = table_problems(table, catalogue)
    proof = prove(table)
    problems += proof_problems(proof, table, catalogue)
    seconds = time.perf_counter() - started
    report: CheckReport = {
        "cells": proof.cells,
        "classes": proof.classes,
        "empty": len(proof.empty),
        "contradicting": len(proof.contradicting),
        "unreachable": len(proof.unreachable),
        "without_basis": len(proof.without_basis),
        "dead": len(proof.dead),
        "seconds": round(seconds, 3),
        "problems": [str(problem) for problem in problems],
    }
    lines = [f"{key}: {value}" for key, value in report.items() if key != "problems"] + report["problems"]
    if cases:
        lines += _case_lines(cases, table, report)
    print_answer(report, as_json=as_json, text="\n".join(lines))
    if problems or report.get("failed"):
        raise click.exceptions.Exit(1)


def _case_lines(path: Path, table: DecisionTable, report: CheckReport) -> list[str]:
    cases = _read_cases(path)
    failed = failures(table, cases, request_clock().today())
    report["passed"], report["failed"] = len(cases) - len(failed), len(failed)
    messages = [
        f"case {number}: expected {case.expect_primary} {case.expect_rule}, got {other}"
        for number, case, other in ((failure.number, failure.case, failure.answer) for failure in failed)
    ]
    report["failures"] = messages
    return [*messages, f"{report['passed']} passed, {report['failed']} failed"]


def _read_cases(path: Path) -> list[Case]:
    try:
        value = yaml_of(decoded_text(path.read_bytes(), path.name), path.name)
        cases = value.get("test_cases") if isinstance(value, dict) else value
        return msgspec.convert(cases, list[Case], strict=False)
    except (ContentError, msgspec.ValidationError) as error:
        raise click.ClickException(f"{path}: {error}") from None


COMMANDS = (find_permit, check_finder)
