"""Who asks: the reader's address and scheme as our own proxies tell them, and nobody else."""

from __future__ import annotations

import pytest
from flask import jsonify, request

from tests.conftest import AppFactory


@pytest.mark.parametrize(
    ("proxies", "address", "scheme"),
    [(0, "127.0.0.1", "http"), (1, "203.0.113.9", "https"), (2, "198.51.100.7", "https")],
)
def test_as_many_proxies_are_believed_as_the_setting_says(
    make_app: AppFactory, proxies: int, address: str, scheme: str
) -> None:
    app = make_app(trusted_proxies=proxies)
    app.add_url_rule("/who", "who", lambda: jsonify(request.remote_addr, request.scheme, request.host))
    headers = {
        "X-Forwarded-For": "192.0.2.1, 198.51.100.7, 203.0.113.9",
        "X-Forwarded-Proto": "ftp, https, https",
        "X-Forwarded-Host": "evil.example",
    }
    answer = app.test_client().get("/who", headers=headers)
    assert answer.get_json() == [address, scheme, "localhost"]
