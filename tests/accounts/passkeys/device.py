"""A passkey made of software: it answers what a page asks, right or wrong in one chosen way."""

from __future__ import annotations

import hashlib
import html
import json
import re
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url

ORIGIN = "http://localhost"
PRESENT_AND_VERIFIED, PRESENT = 0x05, 0x01
HOLDS_KEY = 0x40


def options_in(page: str) -> dict[str, Any]:
    """What the page asks the device."""
    asked = re.search(r'data-options="([^"]+)"', page)
    assert asked, page
    options: dict[str, Any] = json.loads(html.unescape(asked[1]))
    return options


class Device:
    """One key pair on ES256; `handle` is the person's, learned when it is made."""

    def __init__(self, id_: bytes = b"a passkey of tests") -> None:
        self.id, self.handle, self.key = id_, "", ec.generate_private_key(ec.SECP256R1())

    def create(self, options: dict[str, Any], *, flags: int = PRESENT_AND_VERIFIED, origin: str = ORIGIN) -> str:
        """The answer to adding it."""
        self.handle = options["user"]["id"]
        numbers = self.key.public_key().public_numbers()
        point = {-2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        key = cbor2.dumps({1: 2, 3: -7, -1: 1, **point})
        held = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + key
        data = self._data(options["rp"]["id"], flags | HOLDS_KEY) + held
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options, origin)
        return self._answer(clientDataJSON=client, attestationObject=attestation)

    def get(self, options: dict[str, Any], *, flags: int = PRESENT_AND_VERIFIED, origin: str = ORIGIN) -> str:
        """The answer to signing in."""
        data, client = self._data(options["rpId"], flags), self._client("webauthn.get", options, origin)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        answer = json.loads(self._answer(clientDataJSON=client, authenticatorData=data, signature=signature))
        answer["response"]["userHandle"] = self.handle
        return json.dumps(answer)

    def _data(self, host: str, flags: int) -> bytes:
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + bytes(4)

    def _client(self, kind: str, options: dict[str, Any], origin: str) -> bytes:
        return json.dumps({"type": kind, "challenge": options["challenge"], "origin": origin}).encode()

    def _answer(self, **response: bytes) -> str:
        id_ = bytes_to_base64url(self.id)
        coded = {name: bytes_to_base64url(value) for name, value in response.items()}
        return json.dumps({"id": id_, "rawId": id_, "type": "public-key", "response": coded})
