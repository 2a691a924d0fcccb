"""What a running nginx does with the files of deploy/nginx: hosts, cookies, networks."""

from __future__ import annotations

import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.invariants import ROOT
from tests.test_deploy import NGINX, certificate
from tests.waiting import until

pytestmark = [pytest.mark.system, pytest.mark.skipif(NGINX is None, reason="no nginx was found")]
CONF = ROOT / "deploy" / "nginx"
# A server that answers with the variables of a request; the reader's address is the one that the test says.
VARIABLES = """
server {
    listen unix:FOLDER/variables;
    set_real_ip_from unix:;
    real_ip_header X-Address;
    location /cookie { return 200 "$portal_private"; }
    location /network { return 200 "$portal_network"; }
}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A running nginx whose ports 80 and 443 are the sockets `80` and `443` of the folder."""
    folder = tmp_path_factory.mktemp("nginx")
    text = (CONF / "portal.conf").read_text(encoding="utf-8")
    text = re.sub(r"\n +listen \[::\][^;]*;", "", text)
    text = re.sub(r"listen (80|443)", rf"listen unix:{folder}/\1", text)
    text = re.sub(r"/var/(cache|log)/nginx|/etc/ssl/portal", str(folder), text).replace("brotli_static on;", "")
    certificate(folder)
    (folder / "snippets").mkdir()
    shutil.copy(CONF / "portal-cache.conf", folder / "snippets")
    variables = VARIABLES.replace("FOLDER", str(folder))
    config = folder / "nginx.conf"
    head = f"daemon off; pid {folder}/pid; error_log {folder}/error.log;\nevents {{}}\n"
    config.write_text(f"{head}http {{\n{text}\n{variables}\n}}\n", encoding="utf-8")
    process = subprocess.Popen([str(NGINX), "-p", str(folder), "-c", str(config)])
    try:
        until(lambda: (folder / "variables").exists() and (folder / "pid").exists())
        yield folder
    finally:
        process.terminate()
        process.wait()


def ask(folder: Path, name: str, path: str, *headers: str, server_name: str = "") -> bytes:
    """The whole answer of one request over the socket of that name, under TLS with a server name."""
    stream = socket.socket(socket.AF_UNIX)
    stream.connect(str(folder / name))
    if server_name:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        stream = context.wrap_socket(stream, server_hostname=server_name)
    with stream:
        stream.sendall("\r\n".join([f"GET {path} HTTP/1.1", *headers, "Connection: close", "", ""]).encode())
        answer = b""
        while part := stream.recv(65536):
            answer += part
        return answer


def variables(folder: Path, path: str, *headers: str) -> bytes:
    return ask(folder, "variables", path, "Host: any", *headers).partition(b"\r\n\r\n")[2]


@pytest.mark.parametrize("host", ["evil.example", "portal.example.evil.example", "127.0.0.1", "localhost"])
def test_an_unknown_host_gets_nothing(folder: Path, host: str) -> None:
    assert ask(folder, "80", "/id/", f"Host: {host}") == b""
    assert ask(folder, "443", "/id/", f"Host: {host}", server_name="portal.example") == b""
    with pytest.raises(ssl.SSLError):
        ask(folder, "443", "/id/", "Host: portal.example", server_name="evil.example")


def test_the_host_of_the_portal_is_answered(folder: Path) -> None:
    assert ask(folder, "80", "/id/", "Host: portal.example").startswith(b"HTTP/1.1 301")
    assert ask(folder, "443", "/id/", "Host: portal.example", server_name="portal.example").startswith(b"HTTP/1.1 50")


@pytest.mark.parametrize(
    ("cookie", "is_private"),
    [
        ("__Host-desk=abc", b"1"),
        ("a=b; __Host-desk=abc", b"1"),
        ("desk=abc", b"1"),
        ("language=en", b"1"),
        ("a=b;language=en", b"1"),
        ("visited=language", b"0"),
        ("mydesk=1", b"0"),
        ("", b"0"),
    ],
)
def test_cookies_of_the_portal_pass_the_shared_copies_by(folder: Path, cookie: str, is_private: bytes) -> None:
    assert variables(folder, "/cookie", f"Cookie: {cookie}") == is_private


def test_limits_count_a_whole_network_of_version_6_as_one(folder: Path) -> None:
    def network(address: str) -> bytes:
        return variables(folder, "/network", f"X-Address: {address}")

    assert network("2001:db8:1:2::1") == network("2001:db8:1:2:ffff:1:2:3") == bytes.fromhex("20010db800010002")
    assert network("2001:db8:1:3::1") != network("2001:db8:1:2::1")
    assert network("2001:db8:a0a:a0a:a0a:a0a:a0a:a0a") == bytes.fromhex("20010db80a0a0a0a")
    assert network("192.0.2.7") == bytes([192, 0, 2, 7])
    assert network("192.0.2.8") != network("192.0.2.7")
