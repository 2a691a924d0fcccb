"""Background jobs: what features register for `flask work`, and the heartbeat that this process writes."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec
from flask import Flask

_EXTENSION = "portal.jobs"


@dataclass(frozen=True, kw_only=True)
class Job:
    """What `flask work` calls repeatedly inside an application context.

    `run` gets the real time and gives one sentence for the log, or "" when there was nothing to do. It must be
    idempotent and survive being killed; `seconds` pass from one start to the next.
    """

    name: str
    seconds: float
    run: Callable[[datetime], str]


class JobRecord(msgspec.Struct, frozen=True, kw_only=True):
    """How a job went last: when it started, how long it took and how often it has failed in a row."""

    started: datetime
    seconds: float
    failures: int = 0


class WorkRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The heartbeat of `flask work`: its latest time and the record of each job."""

    alive: datetime
    jobs: dict[str, JobRecord] = {}


def add_jobs(app: Flask, *jobs: Job) -> None:
    """Register jobs for `flask work`; raises ValueError when a name is taken."""
    registered: dict[str, Job] = app.extensions.setdefault(_EXTENSION, {})
    for job in jobs:
        if job.name in registered:
            raise ValueError(f"There are two jobs named '{job.name}'; a job's name is its record.")
        registered[job.name] = job


def jobs_of(app: Flask) -> tuple[Job, ...]:
    """Give the jobs of this application in the order of their registration."""
    registered: dict[str, Job] = app.extensions.get(_EXTENSION, {})
    return tuple(registered.values())


def record_path(instance: Path) -> Path:
    """Give the file in which `flask work` leaves its record."""
    return instance / "work.json"


def read_record(path: Path) -> WorkRecord | None:
    """Give the record, or None when there is none that can be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=WorkRecord)
    except (OSError, msgspec.DecodeError, ValueError):
        return None


def write_record(path: Path, record: WorkRecord) -> None:
    """Replace the record in one step, so that a reader never sees half of it."""
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.write_bytes(msgspec.json.encode(record))
    fresh.replace(path)
