"""The files of deploy/ as the programs that read them judge them."""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest

from tests.invariants import ROOT

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
SYSTEMD = shutil.which("systemd-analyze")
# What a test may not touch: ports of the system, its certificates and its folders.
HERE = (
    (r"listen (\[::\]:)?(80|443)", r"listen unix:{folder}/\2-{number}.socket"),
    (r"/var/(cache|log)/nginx", r"{folder}"),
    (r"/etc/ssl/portal", r"{folder}"),
)


@pytest.mark.skipif(NGINX is None, reason="no nginx was found")
def test_nginx_accepts_the_configuration(tmp_path: Path) -> None:
    text = (ROOT / "deploy" / "nginx" / "portal.conf").read_text(encoding="utf-8")
    for number, (pattern, replacement) in enumerate(HERE):
        text = re.sub(pattern, replacement.format(folder=tmp_path, number=number), text)
    text = re.sub(r"\n +listen [^;]*-0\.socket[^;]*;", _one_socket_each(), text)
    certificate(tmp_path)
    (tmp_path / "snippets").mkdir()
    shutil.copy(ROOT / "deploy" / "nginx" / "portal-cache.conf", tmp_path / "snippets")
    modules = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
    load = f"load_module {modules};\n" if modules.exists() else ""
    if not load:
        text = text.replace("brotli_static on;", "")
    config = tmp_path / "nginx.conf"
    config.write_text(f"{load}pid {tmp_path}/pid;\nevents {{}}\nhttp {{\n{text}\n}}\n", encoding="utf-8")
    ran = subprocess.run(
        [str(NGINX), "-t", "-p", str(tmp_path), "-c", str(config)], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr


def _one_socket_each() -> Callable[[re.Match[str]], str]:
    seen: list[str] = []

    def replace(match: re.Match[str]) -> str:
        seen.append(match[0])
        return match[0].replace("-0.socket", f"-{len(seen)}.socket").replace(" default_server", "")

    return replace


def certificate(folder: Path) -> None:
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "1",
    ]
    files = [
        "-keyout",
        str(folder / "privkey.pem"),
        "-out",
        str(folder / "fullchain.pem"),
        "-subj",
        "/CN=portal.example",
    ]
    subprocess.run([*command, *files], check=True, capture_output=True)


@pytest.mark.skipif(SYSTEMD is None, reason="no systemd-analyze was found")
@pytest.mark.parametrize("name", ["portal-web.service", "portal-work.service"])
def test_systemd_accepts_the_units_and_finds_them_hardened(name: str) -> None:
    unit = ROOT / "deploy" / "systemd" / name
    command = [str(SYSTEMD), "security", "--offline=true", "--threshold=20", str(unit)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "Unknown" not in ran.stderr


def test_precompressed_files_unpack_to_the_originals(tmp_path: Path) -> None:
    static = tmp_path / "portal" / "static"
    static.mkdir(parents=True)
    (static / "site.css").write_text("p { color: red }\n" * 50, encoding="utf-8")
    (static / "picture.webp").write_bytes(b"RIFF")
    (tmp_path / "deploy").mkdir()
    script = shutil.copy(ROOT / "deploy" / "precompress", tmp_path / "deploy")
    subprocess.run([sys.executable, str(script)], check=True)
    original = (static / "site.css").read_bytes()
    assert brotli.decompress((static / "site.css.br").read_bytes()) == original
    assert gzip.decompress((static / "site.css.gz").read_bytes()) == original
    assert not (static / "picture.webp.br").exists()
