"""Any order of registering, writing, reviewing, publishing and pushing: what is public was approved or is stated.

Every text and value that somebody types is one of a kind, so the machine knows whose it is wherever it turns up. It
keeps its own account of who wrote in what, and asks after each step what readers see.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from portal.content.sources.bundled import ensure_repository
from portal.content.sources.repository import ContentRepository, Person
from portal.content.sources.signing import SigningKey
from portal.drafts.models import APPROVED, OPEN_STATES, REVIEW, WRITING
from portal.publishing.history import to_read_afterwards
from portal.reference_values.models import ValueChange
from portal.web.transactions import sessions
from tests.accounts.signing import DeskClient
from tests.closures.closing_site import NOW, ClosingSite, content_of
from tests.conftest import FULL, AppFactory
from tests.desk.desk_site import KEY, SHIPPED
from tests.events.event_site import SLUG as EVENT

EXAMPLES, STEPS = (25, 40) if FULL else (5, 25)
FEES, FEE_FORM = "reference/fees.yaml", "/id/staff/values/fees/kartu"
PEOPLE = ("maria", "yohanis", "agnes")
REVIEWERS = frozenset(PEOPLE[1:])
people = st.sampled_from(PEOPLE)


class Site(ClosingSite):
    """An office of three: an author and two reviewers; readers get commits of its own key alone."""

    def __init__(self, make_app: AppFactory, folder: Path) -> None:
        self.path, self.key = folder / "content.git", SigningKey(folder / "audit_key")
        ensure_repository(self.path, content_of(folder), at=SHIPPED, key=self.key)
        self.app = make_app(
            content=self.path,
            content_is_repository=True,
            clock=NOW,
            audit_key=str(self.key.path),
            content_signers=self.key.line,
        )
        self.app.config["REAL_CLOCK"] = NOW
        self.reader = self.app.test_client()
        roles = {"maria": "author", "yohanis": "reviewer", "agnes": "reviewer"}
        self.clients = {name: self.person(role, name=name.title()) for name, role in roles.items()}


class Office(RuleBasedStateMachine):
    """The office from outside, and the account that is kept of it."""

    make_app: AppFactory

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.site = Site(type(self).make_app, Path(self._folder.name))
        self.typed = self.alerts = self.pushes = 0
        self.draft = ""
        self.writers: set[str] = set()
        self.value_writers: set[str] = set()
        # Words that readers may see, words that they must not see yet, names that nobody may ever see.
        self.allowed: set[str] = set()
        self.unapproved: set[str] = set()
        self.private: list[str] = []
        self.current = self.value = ""
        # Who published what went out at once and is not read yet.
        self.unread: list[str] = []

    def teardown(self) -> None:
        with suppress(OSError):
            self._folder.cleanup()

    # What the machine asks the office.

    def state(self) -> str:
        return self.site.draft(self.draft).state if self.draft else ""

    def act(self, who: str, action: str, **form: str) -> int:
        return int(self.site.act(self.client(who), self.draft, action, **form).status_code)

    def client(self, who: str) -> DeskClient:
        return self.site.clients[who]

    def word(self) -> str:
        self.typed += 1
        word = f"kata{self.typed:04d}z"
        self.unapproved.add(word)
        return word

    def allow(self, word: str) -> None:
        self.unapproved.discard(word)
        self.allowed.add(word)

    def changes(self) -> list[ValueChange]:
        with self.site.app.app_context(), sessions()() as session:
            return list(session.scalars(select(ValueChange).where(ValueChange.state.in_(OPEN_STATES))))

    # Drafts and their review.

    @rule(who=people, flag=st.booleans(), data=st.data())
    def work_on_the_page(self, who: str, flag: bool, data: st.DataObject) -> None:
        """One of the things that make sense now, the likely ones oftener than the others."""
        is_late = [self.write_too_late] if self.draft and self.site.draft(self.draft).version > 1 else []
        likely: dict[str, list[Callable[[str, bool], None]]] = {
            WRITING: [self.write, *is_late, self.publish, self.publish_in_an_emergency, self.discard],
            REVIEW: [self.approve, self.approve, self.approve, self.write, *is_late, self.send_back],
            APPROVED: [self.publish, self.publish, self.write, *is_late, self.send_back, self.discard],
        }
        data.draw(st.sampled_from(likely.get(self.state(), [self.write])), label="what")(who, flag)

    def write(self, who: str, and_send: bool = True) -> None:
        began = self.client(who).post(f"/id/staff/edit/{KEY}/begin")
        id_ = str(began.headers["Location"]).rpartition("/")[2]
        if id_ != self.draft:
            self.draft, self.writers = id_, {who}
        word, version = self.word(), str(self.site.draft(id_).version)
        saved = self.client(who).post(f"/id/staff/drafts/{id_}", data={"version": version, "id.summary": word})
        assert saved.status_code == 303
        assert self.state() == WRITING
        self.writers.add(who)
        self.current = word
        if and_send:
            assert self.act(who, "send", reason="Lebih jelas") == 303

    def write_too_late(self, who: str, then_merge: bool) -> None:
        """Somebody saves what was typed on an older version, and takes it into the draft or lets it be."""
        word = self.word()
        late = {"version": "1", "id.summary": word}
        answer = self.client(who).post(f"/id/staff/drafts/{self.draft}", data=late)
        assert "/merge" in answer.headers["Location"]
        if not then_merge:
            return
        chosen = {"version": str(self.site.draft(self.draft).version), "choice-id.summary": "mine"}
        merged = self.client(who).post(answer.headers["Location"], data=chosen)
        assert merged.status_code == 303
        texts = "".join(self.site.draft(self.draft).files.values())
        [self.current] = [one for one in sorted(self.unapproved | self.allowed) if one in texts]
        self.writers.add(who)

    def approve(self, who: str, then_publish: bool) -> None:
        status = self.act(who, "approve", **({"then": "publish"} if then_publish else {}))
        if who not in REVIEWERS:
            assert status == 403
        elif who in self.writers:
            assert (status, self.state()) == (409, REVIEW)
        else:
            assert status == 303
            self.allow(self.current)

    def publish(self, who: str, _flag: bool) -> None:
        before = self.state()
        status = self.act(who, "publish")
        assert (status == 303) == (before == APPROVED and who in REVIEWERS)

    def send_back(self, who: str, _flag: bool) -> None:
        assert self.act(who, "send-back", note="Lagi") == (303 if who in REVIEWERS else 403)

    def publish_in_an_emergency(self, who: str, _flag: bool) -> None:
        status = self.act(who, "publish-unread", emergency="Gempa")
        assert status == (303 if who in REVIEWERS else 403)
        if status == 303:
            self.allow(self.current)
            self.read_late(self.draft)

    def read_late(self, draft: str) -> None:
        """What went out in an emergency stands on the first page until somebody who wrote nothing in it has read it."""
        where = f"/id/staff/drafts/{draft}/review"
        assert where in self.client("yohanis").get("/id/staff/").get_data(as_text=True)
        for who in PEOPLE:
            status = self.act(who, "afterwards")
            if who in REVIEWERS and who not in self.writers:
                assert status == 303
                assert where not in self.client("yohanis").get("/id/staff/").get_data(as_text=True)
                return
            assert status in (403, 409)

    def discard(self, who: str, _flag: bool) -> None:
        self.client(who).post(f"/id/staff/drafts/{self.draft}/discard")

    # Values.

    @rule(who=people, action=st.sampled_from(["propose", "send", "approve", "publish", "approve-and-publish"]))
    def work_on_the_value(self, who: str, action: str) -> None:
        open_changes = self.changes()
        if action == "propose" or not open_changes:
            self.propose(who, open_changes)
        else:
            self.act_on_the_value(who, action, open_changes[0])

    def propose(self, who: str, open_changes: list[ValueChange]) -> None:
        version = str(open_changes[0].version) if open_changes else "0"
        self.typed += 1
        value = str(700_000 + self.typed)
        typed = {"version": version, "value": value, "starts": "2027-01-01", "basis": "pp-2-2020", "reason": "Baru"}
        answer = self.client(who).post(FEE_FORM, data=typed)
        if answer.status_code == 303:
            self.value_writers = (self.value_writers if open_changes else set()) | {who}
            self.value = value
            self.unapproved.add(value)

    def act_on_the_value(self, who: str, action: str, change: ValueChange) -> None:
        where = f"/id/staff/values/changes/{change.id}"
        page = self.client(who).get(where).get_data(as_text=True)
        form: dict[str, Any] = {
            name: page.partition(f'name="{name}" value="')[2].partition('"')[0] for name in ("version", "mark")
        }
        if action == "approve-and-publish":
            form["then"], action = "publish", "approve"
        # The mark of what is shown, also to those to whom the page offers no button.
        form["mark"] = form["mark"] or self.mark(where)
        status = self.client(who).post(f"{where}/{action}", data=form).status_code
        if action != "approve":
            return
        may = who in REVIEWERS and who not in self.value_writers and change.state == REVIEW
        assert (status == 303) == may, (status, change.state, who, self.value_writers)
        if may:
            self.allow(self.value)

    def mark(self, where: str) -> str:
        for who in sorted(REVIEWERS):
            page = self.client(who).get(where).get_data(as_text=True)
            if 'name="mark"' in page:
                return page.partition('name="mark" value="')[2].partition('"')[0]
        return ""

    # What goes out at once, what strangers push, and readers who register.

    @precondition(lambda self: self.alerts < 2)
    @rule(who=people)
    def press_an_alert(self, who: str) -> None:
        self.alerts, word = self.alerts + 1, self.word()
        until = (NOW + timedelta(hours=20)).strftime("%Y-%m-%dT%H:%M")
        words = {f"{part}-{code}": f"{part} {word}" for part in ("title", "summary") for code in ("id", "en")}
        form = {"severity": "major", "on": "site", "until": until, **words}
        status = self.client(who).post("/id/staff/alerts/new/publish", data=form).status_code
        assert status == (303 if who in REVIEWERS else 403)
        if status == 303:
            self.allow(word)
            self.unread.append(who)

    @precondition(lambda self: bool(self.unread))
    @rule(who=people)
    def read_what_went_out(self, who: str) -> None:
        with self.site.app.app_context(), sessions()() as session:
            first = to_read_afterwards(session)[0]
        status = self.client(who).post(f"/id/staff/publications/{first.revision}/read").status_code
        expected = 403 if who not in REVIEWERS else 409 if who == self.unread[0] else 303
        assert status == expected
        if status == 303:
            self.unread.pop(0)

    @precondition(lambda self: self.pushes < 2)
    @rule(is_signed=st.booleans())
    def push_past_the_desk(self, is_signed: bool) -> None:
        """A stranger pushes, unsigned or with a key of his own; the operator then throws the commit away."""
        self.pushes, word = self.pushes + 1, self.word()
        repository = ContentRepository(
            self.site.path, key=SigningKey(self.site.path.parent / "thief") if is_signed else None
        )
        good = repository.head()
        text = (repository.read(good, f"{KEY}/id.md") or b"").decode().replace("summary:", f"summary: {word}", 1)
        changes: dict[str, bytes | None] = {f"{KEY}/id.md": text.encode()}
        bad = repository.save(changes, author=Person("x", ""), message="x", at=NOW, expected=good)
        repository.close()
        self.site.app.extensions["portal"].generations.bump_content()
        assert word not in self.site.page(f"/id/{KEY}")
        assert f"commit {bad[:12]}" in self.site.reader.get("/healthz").get_json()["checks"]["content"]["detail"]
        (self.site.path / "refs" / "heads" / "main").write_text(f"{good}\n")
        self.site.app.extensions["portal"].generations.bump_content()

    @precondition(lambda self: len(self.private) < 4)
    @rule()
    def register(self) -> None:
        number = len(self.private) // 2 + 1
        name = f"Warga Rahasia {number}"
        self.site.register(number, name=name)
        self.private += [name, f"warga{number}@example.org"]

    # What readers see.

    @invariant()
    def only_what_was_approved_or_stated_is_public(self) -> None:
        seen = self.site.page(f"/id/{KEY}") + self.site.page("/id/") + self.site.page(f"/id/events/{EVENT}")
        public = seen + self.site.text(f"{KEY}/id.md") + self.site.text(FEES)
        assert [word for word in sorted(self.unapproved) if word in public] == []
        assert [word for word in self.private if word in public] == []

    @invariant()
    def what_went_out_at_once_waits_for_a_reader(self) -> None:
        with self.site.app.app_context(), sessions()() as session:
            assert len(to_read_afterwards(session)) == len(self.unread)


def test_whatever_happens_only_what_was_approved_is_public(make_app: AppFactory) -> None:
    Office.make_app = make_app
    # Every example starts a site, so making a failing one shorter would take minutes.
    phases = (Phase.explicit, Phase.reuse, Phase.generate)
    chosen = settings(max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, phases=phases)
    run_state_machine_as_test(Office, settings=chosen)
    assert issubclass(Office, RuleBasedStateMachine)
