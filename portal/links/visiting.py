"""One look at one address outside, in a way that no link can turn against the office's own network.

Only hosts that the content names are asked, only at the usual ports, only at public addresses; the connection goes
to exactly the address that was looked at, so a name that changes its mind meanwhile gains nothing. A redirect is
followed on the same host alone. Nothing of an answer is read but its first lines.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from portal.links.outside import host_of

OK, BROKEN, MOVED, UNREACHABLE, REFUSED = "ok", "broken", "moved", "unreachable", "refused"
PORTS = {"http": 80, "https": 443}
STEP_SECONDS = 8.0
WHOLE_SECONDS = 15.0
MOST_HOPS = 4
GONE = frozenset({404, 410})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
LASTING = frozenset({301, 308})
# Special networks that `ipaddress` takes for public, in part or whole: protocol assignments, relays to 6to4, the
# former site-local addresses, and documentation.
NOT_PUBLIC = tuple(map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24", "fec0::/10", "3fff::/20")))
# The third quarter of an address of ISATAP; the last quarter is an IPv4 address. One bit tells who assigned it.
ISATAP, ISATAP_MASK = 0x00005EFE, 0xFDFFFFFF
NAT64 = ipaddress.ip_network("64:ff9b::/32")


@dataclass(frozen=True)
class Visit:
    """What was found: a state, a word for why, the status of the answer, and where it leads instead."""

    state: str
    reason: str = ""
    status: int = 0
    location: str = ""


class Forbidden(Exception):
    """An address that may not be asked; `reason` is scheme, host, port or address."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def resolved(host: str, port: int) -> list[str]:
    """The numeric addresses of a host; raises OSError."""
    entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in entries))


def is_public(address: str) -> bool:
    """Whether a numeric address belongs to the public network and to no machine near us, however it is written."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return is_public(str(parsed.ipv4_mapped))
        # Addresses that carry another address inside lead through a gateway to who knows where.
        if parsed.sixtofour or parsed.teredo or parsed in NAT64:
            return False
        if int(parsed) >> 32 & ISATAP_MASK == ISATAP:
            return False
    if any(parsed in network for network in NOT_PUBLIC):
        return False
    return parsed.is_global and not (parsed.is_multicast or parsed.is_reserved or parsed.is_unspecified)


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Looks at addresses whose hosts are allowed; `resolve`, `allows` and `ports` are the network's own rules."""

    hosts: Collection[str]
    agent: str = "link check"
    resolve: Callable[[str, int], Iterable[str]] = resolved
    allows: Callable[[str], bool] = is_public
    ports: Collection[int] = frozenset(PORTS.values())
    step_seconds: float = STEP_SECONDS
    whole_seconds: float = WHOLE_SECONDS

    def visit(self, address: str) -> Visit:
        """Look at an address; every failure is an answer as well."""
        first = host_of(address)
        try:
            for _hop in range(MOST_HOPS + 1):
                status, location = self._ask(address)
                if status not in REDIRECTS or not location:
                    return _judged(status)
                target = urljoin(address, location)
                if host_of(target) != first:
                    # Where another host begins our errand ends; only a lasting move is worth staff's time.
                    shown = target.partition("?")[0][:300]
                    return Visit(MOVED if status in LASTING else OK, "elsewhere", status, shown)
                address = target
            return Visit(UNREACHABLE, "circle")
        except Forbidden as forbidden:
            return Visit(REFUSED, forbidden.reason)
        except socket.gaierror as unknown:
            # Any other trouble of names may be trouble of our own line.
            is_lasting = unknown.errno == socket.EAI_NONAME
            return Visit(BROKEN if is_lasting else UNREACHABLE, "no-host" if is_lasting else "no-answer")
        except ssl.SSLError:
            return Visit(UNREACHABLE, "certificate")
        except TimeoutError:
            return Visit(UNREACHABLE, "timeout")
        except (OSError, HTTPException, ValueError):
            return Visit(UNREACHABLE, "no-answer")

    def _ask(self, address: str) -> tuple[int, str]:
        """Status and Location of one answer."""
        parts, port, numeric = self._target(address)
        connection = _connection(parts, port, numeric, seconds=self.step_seconds)
        # A server that sends one byte at a time keeps each single wait short; this ends them all.
        ended = threading.Event()
        timer = threading.Timer(self.whole_seconds, _cut, (connection, ended))
        timer.daemon = True
        timer.start()
        try:
            path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
            query = f"?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?')}" if parts.query else ""
            connection.request("GET", path + query, headers={"User-Agent": self.agent, "Accept": "*/*"})
            answer: HTTPResponse = connection.getresponse()
            if ended.is_set():
                raise TimeoutError
            return answer.status, answer.headers.get("Location", "")
        except (OSError, HTTPException):
            if ended.is_set():
                raise TimeoutError from None
            raise
        finally:
            timer.cancel()
            connection.close()

    def _target(self, address: str) -> tuple[SplitResult, int, str]:
        """The parts of an allowed address, its port and the numeric address to connect to; raises Forbidden."""
        parts = urlsplit(address)
        host = host_of(address)
        if parts.scheme not in PORTS:
            raise Forbidden("scheme")
        if not host or host not in self.hosts or parts.username is not None or parts.password is not None:
            raise Forbidden("host")
        port = parts.port or PORTS[parts.scheme]
        if port not in self.ports:
            raise Forbidden("port")
        numerics = list(self.resolve(host.encode("idna").decode(), port))
        if not numerics or not all(map(self.allows, numerics)):
            raise Forbidden("address")
        return parts, port, numerics[0]


class _Pinned(HTTPConnection):
    """A connection to one numeric address, whatever the name of the host says by now."""

    numeric = ""

    def connect(self) -> None:
        self.sock = socket.create_connection((self.numeric, self.port), self.timeout)


class _PinnedTls(HTTPSConnection):
    """The same under TLS; the certificate must be that of the host's name."""

    numeric = ""
    tls = ssl.create_default_context()

    def connect(self) -> None:
        plain = socket.create_connection((self.numeric, self.port), self.timeout)
        self.sock = self.tls.wrap_socket(plain, server_hostname=self.host)


def _connection(parts: SplitResult, port: int, numeric: str, *, seconds: float) -> _Pinned | _PinnedTls:
    kind = _PinnedTls if parts.scheme == "https" else _Pinned
    made = kind((parts.hostname or "").encode("idna").decode(), port, timeout=seconds)
    made.numeric = numeric
    return made


def _cut(connection: HTTPConnection, ended: threading.Event) -> None:
    ended.set()
    open_socket = connection.sock
    if open_socket is not None:
        try:
            open_socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            # The other side was faster.
            return


def _judged(status: int) -> Visit:
    if status in GONE:
        return Visit(BROKEN, "gone", status)
    if status < 400:
        return Visit(OK, "", status)
    # Many sites turn machines away with such answers while people get in.
    return Visit(UNREACHABLE, "turned-away" if status < 500 else "trouble", status)
