"""`make audit`: asks for known weaknesses of the locked packages, where a network allows.

It ends with 0 when none is known, 1 when one is, and 2 with plain words when nobody could be asked: never read that as
a pass. What is known today is not what will be known tomorrow, so it is no part of the tests.
"""

from __future__ import annotations

import subprocess
import sys

from supply.sbom import LOCK, PROJECT

COMMAND = ("-m", "pip_audit", "--disable-pip", "--require-hashes", "--progress-spinner", "off", "--timeout", "10", "-r")
NOBODY_ASKED = (
    "COULD NOT ASK: no service that knows weaknesses could be reached, so nothing was checked.\n"
    "Run `make audit` on a machine with a network, or hand build/sbom.json to a scanner that has a copy of its own."
)
SKIPPED = "could not be audited"
UNREACHABLE = ("ConnectionError", "Max retries", "Failed to establish", "timed out", "ServiceError", "NameResolution")


def main() -> int:
    """Ask about requirements.txt."""
    command = [sys.executable, *COMMAND, str(LOCK)]
    ran = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    said = ran.stdout + ran.stderr
    if ran.returncode and any(sign in said for sign in UNREACHABLE):
        print(NOBODY_ASKED)
        return 2
    print(said.strip())
    if skipped := said.count(SKIPPED):
        print(f"COULD NOT ASK about {skipped} packages: the service does not know them. They were not checked.")
        return 1 if ran.returncode else 2
    return min(ran.returncode, 1)


if __name__ == "__main__":
    sys.exit(main())
