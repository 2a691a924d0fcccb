"""A look at a link never reaches our own network, whatever the link, the name or the other side does."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from portal.links.visiting import Visit, Visitor, is_public

Answer = Callable[[BaseHTTPRequestHandler], None]


class Server:
    """A server on loopback that counts who came."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answers: dict[str, Answer] = {}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append(self.path)
                outer.answers.get(self.path, say(200))(self)

            def log_message(self, *_args: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def say(status: int, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()

    return answer


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


@pytest.fixture
def other() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


def visitor(server: Server, *hosts: str, **rules: object) -> Visitor:
    """A visitor for whom loopback stands in for the public network."""
    chosen = {
        "hosts": hosts or ("site.example",),
        "resolve": lambda _host, _port: ["127.0.0.1"],
        "allows": lambda address: address == "127.0.0.1",
        "ports": {server.port},
        "step_seconds": 2.0,
        **rules,
    }
    return Visitor(**chosen)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("status", "visit"),
    [
        (200, Visit("ok", "", 200)),
        (206, Visit("ok", "", 206)),
        (404, Visit("broken", "gone", 404)),
        (410, Visit("broken", "gone", 410)),
        (403, Visit("unreachable", "turned-away", 403)),
        (429, Visit("unreachable", "turned-away", 429)),
        (503, Visit("unreachable", "trouble", 503)),
    ],
)
def test_what_a_site_answers(server: Server, status: int, visit: Visit) -> None:
    server.answers["/a?b=%20c"] = say(status)
    assert visitor(server).visit(f"http://site.example:{server.port}/a?b=%20c") == visit
    assert server.asked == ["/a?b=%20c"]


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://[::1]:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://2130706433:{port}/",
        "http://0x7f000001:{port}/",
        "http://0177.0.0.1:{port}/",
        "http://127.1:{port}/",
        "http://0.0.0.0:{port}/",
        "http://user:secret@site.example:{port}/",
        "http://site.example@127.0.0.1:{port}/",
        "http://127.0.0.1:{port}\\@site.example/",
        "http://other.example:{port}/",
        "ftp://site.example:{port}/",
        "file:///etc/passwd",
        "gopher://site.example:{port}/_x",
        "http:///",
        "http://[/",
        "",
    ],
)
def test_only_named_hosts_are_asked(server: Server, address: str) -> None:
    visit = visitor(server).visit(address.format(port=server.port))
    assert visit.state in ("refused", "unreachable")
    assert server.asked == []


NEAR = """127.0.0.1 10.0.0.1 172.16.5.4 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255
    198.18.0.1 192.0.2.1 ::1 :: ::ffff:127.0.0.1 ::ffff:10.0.0.1 fe80::1 fe80::1%eth0 fc00::1 fd12::1 64:ff9b::7f00:1
    64:ff9b:1::1 2002:7f00:1:: 2001:0:7f00:1:: 2001:db8::1 ff02::1 nonsense
    192.0.0.8 192.0.0.9 192.0.0.10 192.88.99.1 fec0::1 3fff::1 64:ff9b::a00:1 2606:4700::5efe:a00:1
    2606:4700::200:5efe:a00:1 ::7f00:1 ::ffff:0:7f00:1""".split()  # noqa: SIM905


@pytest.mark.parametrize("address", ["", *NEAR])
def test_addresses_near_us_are_never_public(server: Server, address: str) -> None:
    assert not is_public(address)
    visit = visitor(server, allows=is_public, resolve=lambda _h, _p: [address]).visit(
        f"http://site.example:{server.port}/"
    )
    assert visit == Visit("refused", "address")
    mixed = visitor(server, allows=is_public, resolve=lambda _h, _p: ["1.1.1.1", address])
    assert mixed.visit(f"http://site.example:{server.port}/") == Visit("refused", "address")


@pytest.mark.parametrize("address", ["1.1.1.1", "8.8.8.8", "2606:4700:4700::1111", "::ffff:1.1.1.1"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


def test_the_real_rules_refuse_this_machine(server: Server) -> None:
    real = Visitor(hosts=("localhost", "127.0.0.1"), ports={server.port})
    for host in ("localhost", "127.0.0.1"):
        assert real.visit(f"http://{host}:{server.port}/") == Visit("refused", "address")
    assert server.asked == []


def test_other_ports_are_refused(server: Server) -> None:
    assert visitor(server, ports={80, 443}).visit(f"http://site.example:{server.port}/") == Visit("refused", "port")
    assert visitor(server).visit("http://site.example:99999/").state != "ok"
    assert server.asked == []


def test_a_name_that_changes_its_mind_gains_nothing(server: Server) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    rebinding = visitor(server, resolve=lambda _host, _port: next(answers))
    assert rebinding.visit(f"http://site.example:{server.port}/").state == "ok"
    assert rebinding.visit(f"http://site.example:{server.port}/") == Visit("refused", "address")
    assert len(server.asked) == 1


@pytest.mark.parametrize(("status", "state"), [(301, "moved"), (308, "moved"), (302, "ok"), (307, "ok")])
def test_a_redirect_to_another_host_is_not_followed(server: Server, other: Server, status: int, state: str) -> None:
    target = f"http://127.0.0.1:{other.port}/secret"
    server.answers["/"] = say(status, Location=f"{target}?token=1")
    visit = visitor(server, "site.example", "127.0.0.1").visit(f"http://site.example:{server.port}/")
    assert visit == Visit(state, "elsewhere", status, target)
    assert other.asked == []


def test_a_redirect_on_the_same_host_is_followed_under_the_same_rules(server: Server, other: Server) -> None:
    server.answers["/"] = say(301, Location="/next")
    server.answers["/next"] = say(302, Location=f"http://SITE.example.:{server.port}/last")
    server.answers["/last"] = say(404)
    look = visitor(server)
    assert look.visit(f"http://site.example:{server.port}/") == Visit("broken", "gone", 404)
    server.answers["/last"] = say(302, Location=f"http://site.example:{other.port}/")
    assert look.visit(f"http://site.example:{server.port}/") == Visit("refused", "port")
    server.answers["/last"] = say(302, Location="file:///etc/passwd")
    assert look.visit(f"http://site.example:{server.port}/").state == "ok"
    assert other.asked == []


def test_a_circle_ends(server: Server) -> None:
    server.answers["/"] = say(302, Location="/")
    assert visitor(server).visit(f"http://site.example:{server.port}/") == Visit("unreachable", "circle")
    assert len(server.asked) == 5


def test_a_server_that_drips_is_left(server: Server) -> None:
    stop = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        try:
            while not stop.wait(0.05):
                handler.wfile.write(b"x")
        except OSError:
            return

    server.answers["/"] = drip
    visit = visitor(server, whole_seconds=0.5).visit(f"http://site.example:{server.port}/")
    stop.set()
    assert visit == Visit("unreachable", "timeout")


@pytest.mark.parametrize("answer", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 500])
def test_nonsense_is_no_answer(answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

        def serve() -> None:
            accepted, _address = listening.accept()
            with accepted:
                accepted.recv(4096)
                accepted.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        look = Visitor(
            hosts=("site.example",), resolve=lambda _h, _p: ["127.0.0.1"], allows=lambda _a: True, ports={port}
        )
        assert look.visit(f"http://site.example:{port}/").state == "unreachable"
        thread.join()


def test_a_site_without_tls_where_tls_is_named(server: Server) -> None:
    assert visitor(server).visit(f"https://site.example:{server.port}/") == Visit("unreachable", "certificate")


@pytest.mark.parametrize(
    ("problem", "visit"),
    [
        (socket.gaierror(socket.EAI_NONAME, "x"), Visit("broken", "no-host")),
        (socket.gaierror(socket.EAI_AGAIN, "x"), Visit("unreachable", "no-answer")),
    ],
)
def test_a_host_without_an_address(server: Server, problem: Exception, visit: Visit) -> None:
    def resolve(_host: str, _port: int) -> list[str]:
        raise problem

    assert visitor(server, resolve=resolve).visit(f"http://site.example:{server.port}/") == visit
