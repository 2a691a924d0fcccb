"""Each invariant passes a small valid tree and fails once its violation is planted there."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import invariants
from tests.client import defects
from tests.invariants import ROOT

LAWFUL = {
    "portal/__init__.py": "from flask import Flask\n",
    "portal/settings.py": "DEFAULT = 1\n",
    "portal/content/__init__.py": "from portal.settings import DEFAULT\n",
    "portal/web/__init__.py": "",
    "portal/web/clock.py": "from datetime import datetime\n\n\ndef now():\n    return datetime.now()\n",
    "portal/faq/__init__.py": "",
    "portal/faq/question.py": "import portal.content\n",
    "portal/faq/views.py": "from flask import Blueprint\nfrom portal.web import clock\n",
    "portal/news/__init__.py": "",
    "portal/news/commands.py": "from datetime import datetime\nSTARTED = datetime.now()\n",
    "portal/templates/faq/show.html": "<p>{{ request_clock.today() }}</p>\n",
    "content/site.yaml": "name: {id: Kantor Imigrasi Atambua}\nshort_name: {id: Atambua}\nregion: {id: Belu}\n",
    "content/reference/districts.yaml": "belu: {name: {id: Kabupaten Belu}}\n",
    "content/reference/fees.yaml": "paspor: {name: {id: Paspor}, values: [{value: 650000}]}\n",
    "tests/asking.py": "def ask(path):\n    return path\n\n\ndef look(path):\n    assert ask(path)\n",
    "tests/faq/test_good.py": (
        "from tests.asking import look\n\n\ndef test_a():\n    look('/')\n\n\ndef test_b():\n    _both()\n\n\n"
        "def _both():\n    look('/a')\n\n\ndef test_c(pytest):\n    with pytest.raises(OSError):\n        look('/c')\n"
    ),
    "tests/waiting.py": "import time\n\n\ndef until():\n    time.sleep(0.1)\n",
    "docs/operations.md": "`PORTAL_ENV` and `make run`\n",
    "README.md": "",
    "Makefile": "# PORTAL_ENV\n",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, text in LAWFUL.items():
        _plant(tmp_path, name, text)
    (tmp_path / "deploy").mkdir()
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


def _plant(tree: Path, name: str, text: str) -> None:
    path = tree / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


Invariant = Callable[[Path], list[str]]
INVARIANTS: dict[str, Invariant] = {
    "layers": invariants.broken_layers,
    "circles": invariants.import_circles,
    "top": lambda tree: invariants.imports_of_the_top(tree / "portal"),
    "alone": invariants.unimportable,
    "entry points": lambda tree: invariants.web_outside_entry_points(tree / "portal"),
    "signatures": lambda tree: invariants.untyped_signatures(tree / "portal"),
    "clock": lambda tree: invariants.clocks(tree / "portal"),
    "length": invariants.long_files,
    "packages": invariants.large_packages,
    "vocabulary": invariants.old_vocabulary,
    "names": invariants.local_names,
    "assertions": invariants.idle_tests,
    "waits": invariants.waits,
    "settings": lambda tree: invariants.undocumented(tree, invariants.settings_read(tree)),
}
PLANTED = [
    ("layers", "portal/faq/bad.py", "import portal.news.commands\n"),
    ("layers", "portal/content/bad.py", "from portal.web import clock\n"),
    ("layers", "portal/garage/__init__.py", ""),
    ("circles", "portal/news/bad.py", "from portal.news.worse import a\nb = 1\n"),
    ("top", "portal/faq/bad.py", "from portal import create_app\n"),
    ("top", "portal/faq/bad.py", "import portal\n"),
    ("alone", "portal/faq/bad.py", "import portal.no_such_room\n"),
    ("alone", "portal/news/bad.py", "from portal.news.worse import a\nb = 1\n"),
    ("entry points", "portal/faq/bad.py", "import flask\n"),
    ("entry points", "portal/faq/question.py", "def f():\n    from werkzeug.exceptions import abort\n"),
    ("entry points", "portal/faq/bad.py", "from portal.web.clock import request_clock\n"),
    ("signatures", "portal/content/bad.py", "from typing import Any\n\n\ndef read(value: Any) -> int:\n    return 1\n"),
    ("packages", "portal/faq/bad.py", "a = 1\n" * 1501),
    ("vocabulary", "portal/faq/bad.py", "found = 1\n"),
    ("vocabulary", "portal/faq/bad.py", "A = 1  # as in another room\n"),
    ("clock", "portal/faq/bad.py", "from datetime import datetime\nnow = datetime.now()\n"),
    ("clock", "portal/faq/views.py", "import time\nCLOCK = time.time\n"),
    ("clock", "portal/faq/bad.py", "from sqlalchemy import func\ndefault = func.now()\n"),
    ("clock", "portal/templates/faq/bad.html", "{{ now() }}\n"),
    ("length", "portal/faq/bad.py", "a = 1\n" * 401),
    ("length", "portal/static/css/bad.css", "a {}\n" * 401),
    ("length", "tests/faq/test_bad.py", "a = 1\n" * 401),
    ("names", "portal/faq/bad.py", "OFFICE = 'kanim atambua'\n"),
    ("names", "portal/templates/faq/bad.html", "<p>Belu</p>\n"),
    ("names", "portal/faq/bad.py", "FEE = 650_000\n"),
    ("names", "portal/templates/faq/bad.html", "<p>Rp650.000</p>\n"),
    ("assertions", "tests/faq/test_bad.py", "def test_a_page(client):\n    client.get('/id/')\n"),
    ("assertions", "tests/faq/test_bad.py", "from tests.asking import ask\n\n\ndef test_a_page():\n    ask('/')\n"),
    ("assertions", "tests/faq/test_bad.py", "def test_a_page():\n    test_a_page()\n"),
    ("waits", "tests/faq/test_bad.py", "import time\n\n\ndef test_a():\n    time.sleep(1)\n    assert 1\n"),
    ("waits", "tests/faq/test_bad.py", "def test_a(page):\n    page.wait_for_timeout(9)\n    assert 1\n"),
    ("alone", "portal/faq/bad.py", "import portal.faq.question\nimport portal.no_such_room\n"),
    ("settings", "portal/faq/bad.py", "import os\nos.environ['PORTAL_SECRET_WISH']\n"),
]


@pytest.mark.parametrize("name", INVARIANTS)
def test_a_lawful_tree_passes(tree: Path, name: str) -> None:
    assert INVARIANTS[name](tree) == []


@pytest.mark.parametrize(("invariant", "name", "text"), PLANTED)
def test_a_planted_violation_is_named(tree: Path, invariant: str, name: str, text: str) -> None:
    if "worse" in text:
        _plant(tree, "portal/news/worse.py", "from portal.news.bad import b\na = 1\n")
    _plant(tree, name, text)
    result = INVARIANTS[invariant](tree)
    assert result, f"{invariant} did not see {name}"
    assert invariant in ("layers", "settings", "packages") or any(Path(name).stem in one for one in result)


GOOD_PAGE = (
    "<!doctype html><html lang=id><head><meta charset=utf-8><title>Judul – Portal</title></head><body><main>"
    "<h1>Judul</h1><h2>Bagian</h2><p>Isi</p></main></body></html>"
)
DEFECTS = {
    "not valid": ("<p>Isi</p>", "<p>Isi</div>"),
    "h1 elements": ("<h2>Bagian</h2>", "<h1>Bagian</h1>"),
    "does not begin": ("<title>Judul", "<title>Lain"),
    "lang is": ("lang=id", "lang=en"),
    "stands 2 times": ("<p>Isi</p>", "<p id=a>Isi</p><p id=a>Isi</p>"),
    "missing id": ("<p>Isi</p>", "<label for=x>Nama</label>"),
    "missing anchor": ("<p>Isi</p>", "<a href='#x'>Isi</a>"),
    "has no label": ("<p>Isi</p>", "<input name=nama>"),
    "without words": ("<p>Isi</p>", "<button></button>"),
    "without alt": ("<p>Isi</p>", "<img src=a.png>"),
    "jumps from": ("<h2>Bagian</h2>", "<h3>Bagian</h3>"),
    "attribute style": ("<p>Isi</p>", "<p style='color:red'>Isi</p>"),
    "attribute onclick": ("<p>Isi</p>", "<p onclick='x()'>Isi</p>"),
    "main element": ("<main>", "<main></main><main>"),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_the_asserting_client_sees_each_defect(defect: str) -> None:
    old, new = DEFECTS[defect]
    assert old in GOOD_PAGE
    assert defects(GOOD_PAGE, path="/id/faq") == []
    assert any(defect in one for one in defects(GOOD_PAGE.replace(old, new, 1), path="/id/faq"))
