"""How much computing time one network may ask for: the application's own limit, with nginx before it or without.

Answers from the page cache cost nothing here; what is rendered is charged to the network that asked, in seconds of the
thread that did it. The account of a network refills by `SHARE` of a second each second, up to `MOST_SAVED`. Where it is
empty, and where more is asked at once than it still covers, the answer is 429.

A page that has to be rendered takes 2 to 90 ms, mostly 15. So a network that has been quiet opens some sixty of them in
one go and continues with six a second in each worker: 300 people behind one address who open a page every ten seconds,
one in ten of them not in the cache, use less. A machine that asks for 200 dear pages a second gets a tenth of a worker.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from wsgiref.types import WSGIEnvironment

SHARE = 0.1
MOST_SAVED = 1.0
# Of each of these seconds that the account still holds, one more request may run beside the first.
SECONDS_PER_REQUEST = 0.25
MOST_NETWORKS = 20_000
RETRY_SECONDS = 20
LOOPBACK = ("127.0.0.1", "::1", "")


class OverBudget(Exception):
    """The network has used up its computing time; it may ask again after RETRY_SECONDS."""


@dataclass(slots=True)
class _Account:
    """Seconds that a network may still use, as of an instant, and how many of its requests are running."""

    seconds: float
    at: float
    running: int = 0


class CpuBudget:
    """The accounts of networks in one process; `hops` is the number of our own proxies before it.

    Networks are known by a keyed digest whose key lives as long as the process. Loopback is not counted: it is the
    machine itself, or a proxy that PORTAL_TRUSTED_PROXIES does not mention, behind which all would be one network.
    """

    def __init__(
        self,
        *,
        hops: int,
        network_of: Callable[[str], str],
        now: Callable[[], float] = time.monotonic,
        used: Callable[[], float] = time.thread_time,
    ) -> None:
        self._hops = hops
        self._network_of = network_of
        self._now, self._used = now, used
        self._key = secrets.token_bytes(16)
        self._accounts: OrderedDict[bytes, _Account] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._accounts)

    @contextmanager
    def charged(self, environ: WSGIEnvironment) -> Iterator[None]:
        """Charge what the block computes to the network of the request; raises OverBudget before it begins."""
        address = self._address(environ)
        if address in LOOPBACK:
            yield
            return
        digest = hashlib.blake2b(self._network_of(address).encode(), key=self._key, digest_size=8).digest()
        with self._lock:
            account = self._account(digest)
            if account.seconds <= 0 or account.running > account.seconds / SECONDS_PER_REQUEST:
                raise OverBudget
            account.running += 1
        before = self._used()
        try:
            yield
        finally:
            spent = self._used() - before
            with self._lock:
                account.running -= 1
                account.seconds -= spent

    def _account(self, digest: bytes) -> _Account:
        """The account as of now; the one that asked longest ago gives way to a new one."""
        now = self._now()
        account = self._accounts.get(digest)
        if account is None:
            account = self._accounts[digest] = _Account(MOST_SAVED, now)
            if len(self._accounts) > MOST_NETWORKS:
                self._accounts.popitem(last=False)
        self._accounts.move_to_end(digest)
        account.seconds = min(MOST_SAVED, account.seconds + (now - account.at) * SHARE)
        account.at = now
        return account

    def _address(self, environ: WSGIEnvironment) -> str:
        """The reader's address as our own proxies name it, and nobody else."""
        peer: str = environ.get("REMOTE_ADDR", "")
        if not self._hops:
            return peer
        forwarded = environ.get("HTTP_X_FORWARDED_FOR", "").split(",")
        return forwarded[-self._hops].strip() if len(forwarded) >= self._hops else peer
