"""Commands of the permits: ask the finder, and check its table with cases."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click
import msgspec
from flask.cli import with_appcontext

from portal.content.parsing import decoded_text, yaml_of
from portal.content.problems import ContentError
from portal.permits.countries import countries_of
from portal.permits.finder.cases import Case, failures
from portal.permits.finder.checking import proof_problems, table_problems
from portal.permits.finder.evaluation import NoAnswer, NotCovered, answer
from portal.permits.finder.interview import Interview, Wrong, read
from portal.permits.finder.loading import NoTable, table_of
from portal.permits.finder.proof import prove
from portal.permits.finder.records import record_of
from portal.permits.finder.table import DecisionTable
from portal.web.clock import request_clock
from portal.web.operations.commands import answer as print_answer
from portal.web.operations.commands import json_option
from portal.web.state import portal

ASKED = ("nationality", "second", "document", "location", "role", "purpose", "stay", "status", "goal", "arriving")
WRONG = {
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
def find_permit(*, as_json: bool, **given: str) -> None:
    """Find the permit for a case: which one, why, its legal basis, and what changes when."""
    table = _table()
    catalogue = portal().live.current()
    countries = countries_of(catalogue)
    today = request_clock().today()
    state = read({name: [given[name]] for name in ASKED if given[name]}, table, countries, today=today)
    if state.wrong or state.asked:
        raise click.ClickException(_told(state))
    try:
        result = answer(table, state.situation, state.arriving or today)
    except NotCovered as error:
        raise click.ClickException(f"Not covered: {error}.") from None
    except NoAnswer:
        raise click.ClickException("No rule answers this case; flask check-finder names the hole.") from None
    record = record_of(result, table, state.answers)
    lines = [f"{record['permit']} (rule {record['rule']}): {record['explanation'].get('en', '')}"]
    lines += [f"Legal basis: {', '.join(record['legal_basis']) or 'none, this is a referral'}"]
    lines += [f"{key}: {', '.join(record[key])}" for key in ("alternatives", "overlays") if record[key]]
    if record["changes_on"]:
        lines.append(f"From {record['changes_on']}: {record['after']['permit']}")
    print_answer(record, as_json=as_json, text="\n".join(lines))


def _told(state: Interview) -> str:
    messages = [f"--{one.field} {_quoted(one)}{WRONG[one.code]}{_meant(one)}." for one in state.wrong]
    return " ".join(messages) or f"--{state.asked} is missing."


def _quoted(wrong: Wrong) -> str:
    return f"'{wrong.typed}' " if wrong.typed else ""


def _meant(wrong: Wrong) -> str:
    return f"; did you mean {', '.join(wrong.suggestions)}" if wrong.suggestions else ""


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
    data: dict[str, Any] = {
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
    lines = [f"{key}: {data[key]}" for key in list(data)[:8]] + data["problems"]
    if cases:
        lines += _cases(cases, table, data)
    print_answer(data, as_json=as_json, text="\n".join(lines))
    if problems or data.get("failed"):
        raise click.exceptions.Exit(1)


def _cases(path: Path, table: DecisionTable, data: dict[str, Any]) -> list[str]:
    cases = _read_cases(path)
    failed = failures(table, cases, request_clock().today())
    data.update(passed=len(cases) - len(failed), failed=len(failed))
    messages = [
        f"case {one.number}: expected {one.case.expect_primary} {one.case.expect_rule}, got {one.found}"
        for one in failed
    ]
    data["failures"] = messages
    return [*messages, f"{data['passed']} passed, {data['failed']} failed"]


def _read_cases(path: Path) -> list[Case]:
    try:
        value = yaml_of(decoded_text(path.read_bytes(), path.name), path.name)
        listed = value.get("test_cases") if isinstance(value, dict) else value
        return msgspec.convert(listed, list[Case], strict=False)
    except (ContentError, msgspec.ValidationError) as error:
        raise click.ClickException(f"{path}: {error}") from None


COMMANDS = (find_permit, check_finder)
