"""Codes of registrations and requests: easy to read aloud and to copy from paper, impossible to guess."""

from __future__ import annotations

import secrets

# Without I, L, O, U, 0 and 1: nothing that paper or a voice confuses.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10


def fresh_code() -> str:
    """A new random code of 10 characters (49 bits)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normalised(typed: str) -> str:
    """A typed code in the stored form: capitals, without blanks and dashes; at most 40 characters."""
    return "".join(character for character in typed[:40].upper() if character.isalnum())


def spaced(code: str) -> str:
    """A code in groups, as people read it: K7QF-3MHD-X2."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
