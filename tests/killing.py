"""kill -9 after so much work, counted in calls: after so much time it would fall elsewhere on a loaded machine."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from typing import Any

CALLS_A_STEP = 50


def steps_of(work: Callable[[], object]) -> int:
    """How many steps this work has."""
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1

    _each_step(step)
    try:
        work()
    finally:
        sys.setprofile(None)
    return steps


def tell_steps(pipe: int) -> None:
    """Write one byte into the pipe for each step of what this process does from now on."""
    _each_step(lambda: os.write(pipe, b"."))


def kill_after(process: BaseProcess, pipe: int, steps: int) -> None:
    """Wait until the process has told so many steps, and kill it in the middle of the next."""
    while steps > 0:
        detail = os.read(pipe, steps)
        assert detail, "the process ended by itself"
        steps -= len(detail)
    assert process.pid
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    os.close(pipe)


def _each_step(call: Callable[[], object]) -> None:
    calls = 0

    def count(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal calls
        if event in ("call", "c_call"):
            calls += 1
            if calls % CALLS_A_STEP == 0:
                call()

    sys.setprofile(count)
