"""The list of parts holds every locked package with its licence, and the audit never passes for want of an answer."""

from __future__ import annotations

import json
import re
import subprocess
from typing import Any

import pytest

from supply import audit, sbom

LOCK = sbom.LOCK.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def listed() -> Any:
    return json.loads(sbom.bom_of(LOCK))


def test_every_locked_package_is_listed_with_its_version_digests_and_licence(listed: Any) -> None:
    locked = dict(re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\]+)", LOCK, re.M))
    assert len(locked) > 50
    assert {one["name"]: one["version"] for one in listed["components"]} == locked
    for one in listed["components"]:
        digests = {digest["content"] for digest in one["hashes"]}
        assert digests
        assert all(f"sha256:{digest}" in LOCK for digest in digests)
        assert one["purl"] == f"pkg:pypi/{one['name']}@{one['version']}"
    assert sum(len(one["hashes"]) for one in listed["components"]) == LOCK.count("--hash=sha256:")


def test_every_licence_is_one_that_the_list_of_spdx_knows(listed: Any) -> None:
    from cyclonedx.spdx import is_expression, is_supported_id

    for one in listed["components"]:
        written = one["licenses"][0]["expression"]
        assert is_supported_id(written) or is_expression(written), (one["name"], written)


def test_the_same_lock_gives_the_same_bytes() -> None:
    assert sbom.bom_of(LOCK) == sbom.bom_of(LOCK)
    assert (
        json.loads(sbom.bom_of(LOCK + "# changed\n"))["serialNumber"] != json.loads(sbom.bom_of(LOCK))["serialNumber"]
    )
    assert "timestamp" not in sbom.bom_of(LOCK)


def test_it_is_valid_cyclonedx() -> None:
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    validator = JsonStrictValidator(SchemaVersion.V1_6)
    try:
        assert validator.validate_str(sbom.bom_of(LOCK)) is None
    except Exception as error:
        if type(error).__name__ != "MissingOptionalDependencyException":
            raise
        pytest.skip("the validator of the library is not installed")


def test_a_package_without_a_licence_stops_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sbom, "STATED", {})
    with pytest.raises(sbom.Unlicensed, match="pyrage"):
        sbom.bom_of(LOCK)


@pytest.mark.parametrize(
    ("code", "said", "expected", "words"),
    [
        (0, "No known vulnerabilities found", 0, "No known"),
        (1, "Found 1 known vulnerability in 1 package", 1, "Found 1"),
        (1, "requests.exceptions.ConnectionError: Max retries exceeded", 2, "COULD NOT ASK"),
        (0, "numpy could not be audited\nNo known vulnerabilities found", 2, "were not checked"),
        (1, "ServiceError: 503", 2, "nothing was checked"),
    ],
)
def test_the_audit_says_when_nobody_could_be_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], code: int, said: str, expected: int, words: str
) -> None:
    ran = subprocess.CompletedProcess([], code, said, "")
    monkeypatch.setattr(subprocess, "run", lambda *_args, **_kwargs: ran)
    assert audit.main() == expected
    assert words in capsys.readouterr().out
