"""`flask work`: what is due runs, a failing job keeps nobody else from running, records survive a restart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask, current_app

from portal.web.operations.jobs import Job, JobRecord, add_jobs, read_record, record_path, write_record
from portal.worker import Worker, WorkerLocked, due_at, work, worker_lock

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def _app(*jobs: Job) -> Flask:
    app = Flask(__name__)
    add_jobs(app, *jobs)
    return app


def test_jobs_run_when_due_inside_the_application(tmp_path: Path, clock: Clock) -> None:
    seen: list[tuple[str, datetime]] = []

    def note(now: datetime) -> str:
        seen.append((current_app.name, now))
        return ""

    worker = Worker(_app(Job(name="mail", seconds=30, run=note)), instance=tmp_path, clock=clock)
    assert [worker.run_due(), worker.run_due()] == [1, 0]
    clock.passes(30)
    assert worker.run_due() == 1
    assert seen == [(__name__, START), (__name__, START + timedelta(seconds=30))]


def test_a_failing_job_waits_longer_and_others_go_on(tmp_path: Path, clock: Clock) -> None:
    good: list[datetime] = []

    def fail(_now: datetime) -> str:
        raise OSError("the mail server is down")

    def run(now: datetime) -> str:
        good.append(now)
        return ""

    app = _app(Job(name="bad", seconds=1, run=fail), Job(name="good", seconds=1, run=run))
    worker = Worker(app, instance=tmp_path, clock=clock)
    for _ in range(30):
        worker.run_due()
        clock.passes(1)
    assert len(good) == 30
    record = read_record(record_path(tmp_path))
    # Starts at 0, 10 and 30 seconds: each pause is twice the one before; the third is not due yet.
    assert record is not None and record.jobs["bad"].failures == 2
    assert record.alive == START + timedelta(seconds=29)


def test_success_ends_the_count_of_failures(tmp_path: Path, clock: Clock) -> None:
    answers = [OSError("once"), None]

    def run(_now: datetime) -> str:
        answer = answers.pop(0)
        if answer:
            raise answer
        return "sent"

    worker = Worker(_app(Job(name="mail", seconds=5, run=run)), instance=tmp_path, clock=clock)
    worker.run_due()
    clock.passes(60)
    worker.run_due()
    record = read_record(record_path(tmp_path))
    assert record is not None and record.jobs["mail"].failures == 0


def test_records_survive_a_restart_and_forget_what_is_gone(tmp_path: Path, clock: Clock) -> None:
    nightly = Job(name="purge", seconds=86400, run=lambda _now: "")
    old = Job(name="gone", seconds=1, run=lambda _now: "")
    assert Worker(_app(nightly, old), instance=tmp_path, clock=clock).run_due() == 2
    clock.passes(3600)
    assert Worker(_app(nightly), instance=tmp_path, clock=clock).run_due() == 0
    record = read_record(record_path(tmp_path))
    assert record is not None and set(record.jobs) == {"purge"}


def test_a_clock_that_was_set_back_does_not_stop_a_job() -> None:
    job = Job(name="mail", seconds=30, run=lambda _now: "")
    later = JobRecord(started=START + timedelta(days=400), seconds=1)
    assert due_at(job, later, now=START) == START


def test_a_broken_record_is_no_record(tmp_path: Path, clock: Clock) -> None:
    record_path(tmp_path).write_text("{", encoding="utf-8")
    assert (
        Worker(_app(Job(name="mail", seconds=30, run=lambda _now: "")), instance=tmp_path, clock=clock).run_due() == 1
    )


def test_two_jobs_of_one_name_are_refused() -> None:
    app = _app(Job(name="mail", seconds=30, run=lambda _now: ""))
    with pytest.raises(ValueError, match="mail"):
        add_jobs(app, Job(name="mail", seconds=1, run=lambda _now: ""))


def test_one_process_per_instance(tmp_path: Path, clock: Clock) -> None:
    app = _app(Job(name="mail", seconds=30, run=lambda _now: ""))
    with worker_lock(tmp_path, keep_waiting=lambda: False), pytest.raises(WorkerLocked, match=str(tmp_path)):
        work(app, instance=tmp_path, clock=clock, once=True)
    assert work(app, instance=tmp_path, clock=clock, once=True) == 1


def test_a_stopped_worker_runs_nothing_more(tmp_path: Path, clock: Clock) -> None:
    def stop(_now: datetime) -> str:
        worker.stop()
        return ""

    app = _app(Job(name="first", seconds=1, run=stop), Job(name="second", seconds=1, run=lambda _now: ""))
    worker = Worker(app, instance=tmp_path, clock=clock)
    worker.run()
    record = read_record(record_path(tmp_path))
    assert record is not None and set(record.jobs) == {"first"}


def test_the_record_is_replaced_whole(tmp_path: Path, clock: Clock) -> None:
    Worker(_app(), instance=tmp_path, clock=clock).run_due()
    before = read_record(record_path(tmp_path))
    assert before is not None
    write_record(record_path(tmp_path), before)
    assert [path.name for path in tmp_path.iterdir()] == ["work.json"]
