"""How to measure on a noisy machine: CPU time of whole process trees, medians of rounds, ratios instead of seconds."""

from __future__ import annotations

import os
import platform
import re
import statistics
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from bench.programs import NGINX, TASKSET, WRK

SERVER_CORE, CLIENT_CORE = "0", "1"


@dataclass(frozen=True)
class Load:
    """What one run of wrk saw: requests answered, requests that failed, median and 99th percentile in ms."""

    requests: int
    errors: int
    p50: float
    p99: float


def tree(pid: int) -> list[int]:
    """The process and everything below it."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text(encoding="utf-8").rsplit(") ", 1)[1].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        children.setdefault(parent, []).append(int(stat.parent.name))
    pids = [pid]
    for parent in pids:
        pids += children.get(parent, [])
    return pids


def cpu_seconds(pid: int) -> float:
    """Time on a core of every thread of a process tree, as the scheduler counted it in nanoseconds."""
    total = 0
    for process in tree(pid):
        for schedstat in Path(f"/proc/{process}/task").glob("*/schedstat"):
            try:
                total += int(schedstat.read_text(encoding="utf-8").split()[0])
            except (FileNotFoundError, ProcessLookupError):
                continue
    return total / 1e9


def resident_mib(pid: int) -> tuple[float, float]:
    """Resident and proportional memory of one process in MiB."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8")
    kib = {name: int(value) for name, value in re.findall(r"^(Rss|Pss): +(\d+) kB", text, re.MULTILINE)}
    return kib["Rss"] / 1024, kib["Pss"] / 1024


def wrk(url: str, *, connections: int, seconds: float, headers: Mapping[str, str] | None = None) -> Load:
    """Ask one address as often as this many connections can."""
    named = [part for name, value in (headers or {}).items() for part in ("-H", f"{name}: {value}")]
    pinned = [str(TASKSET), "-c", CLIENT_CORE]
    command = [*pinned, str(WRK), "-t1", f"-c{connections}", f"-d{round(seconds)}s", "--latency", *named, url]
    stdout = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    failed = [int(number) for number in re.findall(r"(?:connect|read|write|timeout|responses:) (\d+)", stdout)]
    return Load(
        requests=int(re.search(r"(\d+) requests in", stdout)[1]),  # type: ignore[index]
        errors=sum(failed),
        p50=_milliseconds(re.search(r"^\s+50%\s+(\S+)", stdout, re.MULTILINE)[1]),  # type: ignore[index]
        p99=_milliseconds(re.search(r"^\s+99%\s+(\S+)", stdout, re.MULTILINE)[1]),  # type: ignore[index]
    )


def _milliseconds(message: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", message).groups()  # type: ignore[union-attr]
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60000}[unit]


def cpu_per_request(pid: int, url: str, *, connections: int, seconds: float) -> float:
    """Microseconds of CPU that a server's process tree spends per answered request."""
    before = cpu_seconds(pid)
    load = wrk(url, connections=connections, seconds=seconds, headers={"Accept-Encoding": "br, gzip"})
    spent = cpu_seconds(pid) - before
    if load.errors:
        raise RuntimeError(f"{load.errors} of {load.requests} requests to {url} failed")
    return spent / load.requests * 1e6


def alternating(rounds: int, *measures: Callable[[], float]) -> list[float]:
    """The median of each measure, all of them taken once per round in turn."""
    samples: list[list[float]] = [[] for _ in measures]
    for _ in range(rounds):
        for values, measure in zip(samples, measures, strict=True):
            values.append(measure())
    return [statistics.median(values) for values in samples]


def machine() -> str:
    """One line on what this was measured on."""
    model = next(
        (line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor(),
    )
    memory = next(
        (int(line.split()[1]) / 1024**2 for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0
    )
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"{os.cpu_count()} × {model}, {memory:.0f} GiB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}; load at the start {load}"
    )


def versions(names: Sequence[str]) -> str:
    """The installed versions of these packages, of nginx and of wrk."""
    named = [f"{name} {version(name)}" for name in names]
    for name, program in (("nginx", NGINX), ("wrk", WRK)):
        output = subprocess.run([str(program), "-v"], capture_output=True, text=True, check=False)
        number = re.search(r"(?:nginx/|wrk (?:debian/)?)([\d.]+)", output.stdout + output.stderr)
        named.append(f"{name} {number[1] if number else ''}".strip())
    return ", ".join(named)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
