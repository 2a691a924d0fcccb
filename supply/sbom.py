"""`make sbom`: the list of parts in the CycloneDX form, built from the locked list; the same bytes for the same lock.

Each part has the name, version and digests that requirements.txt locks, and the licence that its own metadata states in
the installed environment. What the metadata leaves open stands in `STATED`, with where it is stated.
"""

from __future__ import annotations

import re
import sys
import uuid
from dataclasses import dataclass
from hashlib import sha256
from importlib import metadata
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

PROJECT = Path(__file__).resolve().parent.parent
LOCK, TARGET = PROJECT / "requirements.txt", PROJECT / "build" / "sbom.json"
_LOCKED = re.compile(r"^([a-z0-9._-]+)==([^ \\]+) ?\\?((?:\n    --hash=sha256:[0-9a-f]{64}(?: \\)?)+)", re.M)
_HASH = re.compile(r"sha256:([0-9a-f]{64})")
# Classifiers and old spellings that the metadata uses, as SPDX writes them.
SPDX = {
    "BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "Apache Software License": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "PSFL": "PSF-2.0",
    "Two-clause BSD license": "BSD-2-Clause",
    "MIT, BSD": "MIT AND BSD-3-Clause",
}
# Metadata names no licence, or several without saying how they go together; the file that does stands beside it.
STATED = {
    "pyrage": "MIT",  # LICENSE in the wheel
    "python-dateutil": "Apache-2.0 OR BSD-3-Clause",  # LICENSE: code from 2017-12-01 on under both, before under BSD
}


class Unlicensed(Exception):
    """A part without a known licence; its argument names it."""


@dataclass(frozen=True)
class Part:
    """One locked package: its digests are those of every file that the lock allows."""

    name: str
    version: str
    hashes: tuple[str, ...]
    licence: str


def parts(lock: str) -> list[Part]:
    """The packages of a locked list, by name; raises Unlicensed."""
    return [
        Part(name, version, tuple(sorted(_HASH.findall(hashes))), licence_of(name))
        for name, version, hashes in _LOCKED.findall(lock)
    ]


def licence_of(name: str) -> str:
    """The licence of an installed package as an SPDX expression; raises Unlicensed."""
    about = metadata.metadata(name)
    stated = about.get_all("License-Expression") or about.get_all("License") or [""]
    written = STATED.get(name) or stated[0]
    if written in SPDX or (written and "\n" not in written and len(written) < 80):
        return SPDX.get(written, written)
    named = [one.rpartition(" :: ")[2] for one in about.get_all("Classifier") or [] if one.startswith("License :: ")]
    if len(named) != 1 or named[0] not in SPDX:
        raise Unlicensed(name)
    return SPDX[named[0]]


def bom_of(lock: str) -> str:
    """The list of parts as JSON; its serial number is made of the lock, and it bears no time."""
    licences = LicenseFactory()
    components = [
        Component(
            name=part.name,
            version=part.version,
            type=ComponentType.LIBRARY,
            bom_ref=f"pkg:pypi/{part.name}@{part.version}",
            purl=PackageURL("pypi", None, part.name, part.version),
            licenses=[licences.make_with_expression(part.licence)],
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest) for digest in part.hashes],
        )
        for part in parts(lock)
    ]
    bom = Bom(components=components, serial_number=uuid.UUID(sha256(lock.encode()).hexdigest()[:32], version=4))
    bom.metadata.component = Component(name="portal", type=ComponentType.APPLICATION, bom_ref="portal")
    bom.metadata.timestamp = None  # type: ignore[assignment]
    bom.register_dependency(bom.metadata.component, components)
    text: str = JsonV1Dot6(bom).output_as_string(indent=2)
    return text + "\n"


def main() -> int:
    """Write build/sbom.json."""
    lock = LOCK.read_text(encoding="utf-8")
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(bom_of(lock), encoding="utf-8")
    print(f"{TARGET.relative_to(PROJECT)}: {len(parts(lock))} parts")
    return 0


if __name__ == "__main__":
    sys.exit(main())
