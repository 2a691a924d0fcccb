"""The process behind `flask work`: runs each registered job when it is due, one after the other.

Lock: one process per instance holds `work.lock`; a second one waits for it. Heartbeat: after each round the process
writes `work.json` with the time and the record of each job, which /healthz reads. Records survive a restart, so a
nightly job does not run again because the site was restarted. A job that raises is logged, retried with exponential
back-off and does not keep the others from running.
"""

from __future__ import annotations

import fcntl
import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask

from portal.web.operations.jobs import Job, JobRecord, WorkRecord, jobs_of, read_record, record_path, write_record

log = logging.getLogger("portal.work")

# Longest sleep between two rounds: the heartbeat is never older than this plus the running job.
LONGEST_SLEEP_SECONDS = 10.0
# A failing job waits longer each time, up to this.
LONGEST_BACK_OFF_SECONDS = 600.0
FIRST_BACK_OFF_SECONDS = 5.0


class WorkerLocked(Exception):
    """Another `flask work` holds the lock of this instance."""


def due_at(job: Job, record: JobRecord | None, *, now: datetime) -> datetime:
    """Give the moment at which the job is due: now when it never ran or the clock was set back."""
    if record is None or record.started > now:
        return now
    pause = job.seconds
    if record.failures:
        pause = max(pause, min(LONGEST_BACK_OFF_SECONDS, FIRST_BACK_OFF_SECONDS * 2**record.failures))
    return record.started + timedelta(seconds=pause)


class Worker:
    """Runs the jobs of an application and keeps their records in the instance."""

    def __init__(self, app: Flask, *, instance: Path, clock: Callable[[], datetime]) -> None:
        self._app = app
        self._jobs = jobs_of(app)
        self._clock = clock
        self._path = record_path(instance)
        self._stopped = threading.Event()
        known = read_record(self._path)
        names = {job.name for job in self._jobs}
        self._records = {name: record for name, record in known.jobs.items() if name in names} if known else {}

    def stop(self, *_signal: object) -> None:
        """Ask the loop to end after the running job; a signal handler."""
        self._stopped.set()

    @property
    def stopped(self) -> bool:
        """Whether the loop has been asked to end."""
        return self._stopped.is_set()

    def run_due(self) -> int:
        """Run every job that is due and write the heartbeat; gives the number of jobs that ran."""
        ran = 0
        for job in self._jobs:
            now = self._clock()
            if not self.stopped and due_at(job, self._records.get(job.name), now=now) <= now:
                self._records[job.name] = self._run(job, now=now)
                ran += 1
        write_record(self._path, WorkRecord(alive=self._clock(), jobs=self._records))
        return ran

    def run(self) -> None:
        """Run jobs as they fall due until asked to stop."""
        while not self.stopped:
            self.run_due()
            self._stopped.wait(self._sleep())

    def _sleep(self) -> float:
        now = self._clock()
        soonest = min(
            (due_at(job, self._records.get(job.name), now=now) for job in self._jobs),
            default=now + timedelta(seconds=LONGEST_SLEEP_SECONDS),
        )
        return min(LONGEST_SLEEP_SECONDS, max(0.0, (soonest - now).total_seconds()))

    def _run(self, job: Job, *, now: datetime) -> JobRecord:
        began = time.perf_counter()
        failures = 0
        try:
            with self._app.app_context():
                result = job.run(now)
            if result:
                log.info("%s: %s", job.name, result)
        except Exception:
            # One broken job must not keep the others from running; its failures show in /healthz.
            before = self._records.get(job.name)
            failures = before.failures + 1 if before else 1
            log.exception("%s failed (%d in a row)", job.name, failures)
        return JobRecord(started=now, seconds=round(time.perf_counter() - began, 3), failures=failures)


@contextmanager
def worker_lock(instance: Path, *, keep_waiting: Callable[[], bool]) -> Iterator[None]:
    """Hold the instance's lock on background work.

    Waits while `keep_waiting` says so, then raises WorkerLocked. The lock ends with the process, however it ends.
    """
    instance.mkdir(parents=True, exist_ok=True)
    with (instance / "work.lock").open("a") as lock_file:
        warned = False
        while True:
            try:
                fcntl.flock(lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not keep_waiting():
                    raise WorkerLocked(f"another `flask work` runs on {instance}") from None
                if not warned:
                    log.warning("another `flask work` runs on this instance; waiting for it to end")
                    warned = True
                time.sleep(0.5)
        yield


def work(app: Flask, *, instance: Path, clock: Callable[[], datetime], once: bool = False) -> int:
    """Run the jobs until SIGTERM or SIGINT (or, with `once`, those that are due now); gives how many ran once."""
    worker = Worker(app, instance=instance, clock=clock)
    if once:
        with worker_lock(instance, keep_waiting=lambda: False):
            return worker.run_due()
    signal.signal(signal.SIGTERM, worker.stop)
    signal.signal(signal.SIGINT, worker.stop)
    try:
        with worker_lock(instance, keep_waiting=lambda: not worker.stopped):
            log.info("%d jobs: %s", len(jobs_of(app)), ", ".join(job.name for job in jobs_of(app)) or "none")
            worker.run()
    except WorkerLocked:
        # Asked to stop while still waiting for the other one.
        return 0
    return 0
