"""An application whose submissions of readers can be made and looked up."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.feedback.models import Question, Reason, Votes
from portal.web.forms.tokens import FormTokens
from portal.web.transactions import sessions
from tests.conftest import SAMPLE_CONTENT, AppFactory

OWN = {"Origin": "http://localhost"}
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


class Submissions:
    """Readers of one application, and what it stored of them."""

    def __init__(self, app: Flask, content: Path) -> None:
        self.app, self.content = app, content
        self.client = app.test_client()

    def stamp(self, purpose: str, *, age: timedelta = timedelta(minutes=1)) -> str:
        """A stamp of a form that was shown a while ago."""
        secret = str(self.app.config["SECRET_KEY"])
        return FormTokens(secret=secret, purpose=f"feedback.{purpose}").fresh(datetime.now(UTC) - age)

    def hidden(self, path: str) -> dict[str, str]:
        """The hidden fields of the form at the foot of that page."""
        text = self.client.get(path).get_data(as_text=True)
        return dict(HIDDEN.findall(text[text.index("helpful") :]))

    def rate(self, path: str, vote: str, *, address: str = "192.0.2.1", **headers: str) -> TestResponse:
        """Press a button at the foot of that page."""
        return self.client.post(
            f"/{path.split('/')[1]}/feedback/helpful",
            data={**self.hidden(path), "helpful": vote},
            headers={**(headers or OWN)},
            environ_base={"REMOTE_ADDR": address},
        )

    def ask(self, **typed: str) -> TestResponse:
        """Send the form as a person fills it in."""
        fields = {"stamp": self.stamp("ask"), "website": "", "answer_in": "id", "channel": "none", **typed}
        return self.client.post("/id/feedback/ask", data=fields, headers=OWN)

    @contextmanager
    def database(self) -> Iterator[Session]:
        """A session on the application's database."""
        with self.app.app_context(), sessions()() as opened:
            yield opened

    def votes(self) -> dict[tuple[str, str], tuple[int, int]]:
        """(helpful, not yet) by page and language."""
        with self.database() as session:
            return {(one.page, one.language): (one.helpful, one.unhelpful) for one in session.scalars(select(Votes))}

    def reasons(self) -> list[tuple[str, str, str]]:
        """Page, kind and text of every reason."""
        with self.database() as session:
            return [(one.page, one.kind, one.text) for one in session.scalars(select(Reason))]

    def questions(self) -> list[Question]:
        """Every question."""
        with self.database() as session:
            return list(session.scalars(select(Question).order_by(Question.id)))


@pytest.fixture
def submissions(make_app: AppFactory, tmp_path: Path) -> Submissions:
    content = shutil.copytree(SAMPLE_CONTENT, tmp_path / "content")
    return Submissions(make_app(content=content), content)
