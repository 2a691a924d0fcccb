"""A third language is a record, a catalogue and words: the whole site works in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.invariants import ROOT


def test_a_language_is_added_by_a_record_a_catalogue_and_words(tmp_path: Path) -> None:
    for folder in ("portal", "translations"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "tests/sample_content", tmp_path / "content")
    (tmp_path / "tests").mkdir()
    for module in (ROOT / "tests").glob("*.py"):
        shutil.copy(module, tmp_path / "tests")
    ran = subprocess.run(
        [sys.executable, "-W", "error::UserWarning", "-m", "tests.third_language"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ran.stdout.strip(), ran.returncode) == ("", 0), ran.stderr
