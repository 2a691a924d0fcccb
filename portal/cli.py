"""Commands of the application as a whole, `flask init` and `flask work`; features bring theirs in `commands.py`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from portal import worker
from portal.migrations import is_current, upgrade
from portal.web.operations import content_commands
from portal.web.operations.commands import add_preparation, answer, json_option, prepare
from portal.web.state import portal
from portal.web.transactions import engine


def install(app: Flask, commands: Iterable[click.Command] = ()) -> None:
    """Add these commands and those of features; raises ValueError when two have one name."""
    add_preparation(app, "instance", _keep_to_owner)
    add_preparation(app, "database", _bring_up_database)
    for command in (init, work, *content_commands.COMMANDS, *commands):
        if command.name in app.cli.commands:
            raise ValueError(f"There are two commands named 'flask {command.name}'.")
        app.cli.add_command(command)


@click.command("init")
@json_option
@with_appcontext
def init(*, as_json: bool) -> None:
    """Make what the instance lacks: database, secret, content repository, search index."""
    instance = portal().settings.instance
    made = prepare(_app())
    text = "\n".join(made.values()) or f"Nothing was missing in {instance}."
    answer({"instance": str(instance), "made": made}, as_json=as_json, text=text)


@click.command("work")
@click.option("--once", is_flag=True, help="Run the jobs that are due now, then end.")
@json_option
@with_appcontext
def work(*, once: bool, as_json: bool) -> None:
    """Run background jobs (mail, reminders, purges) until told to end; one process per instance."""
    try:
        ran = worker.work(_app(), instance=portal().settings.instance, clock=_real_time, once=once)
    except worker.WorkerLocked as busy:
        raise click.ClickException(f"Nothing was run: {busy}.") from None
    if once:
        answer({"ran": ran}, as_json=as_json, text=f"{ran} jobs were due and ran.")


def _keep_to_owner() -> str:
    # The database holds personal data: no other account of this machine may read it.
    instance = portal().settings.instance
    if not instance.stat().st_mode & 0o077:
        return ""
    instance.chmod(0o700)
    return f"The instance {instance} is open to its owner only."


def _bring_up_database() -> str:
    database = engine()
    if is_current(database):
        return ""
    upgrade(database)
    return f"The database {database.url.render_as_string(hide_password=True)} has every table."


def _app() -> Flask:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    return app


def _real_time() -> datetime:
    # Mail, limits and purges go by the real time, whatever clock the pages show.
    return datetime.now(UTC)
