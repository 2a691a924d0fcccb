"""Approving, editing, merging and publishing at once: nothing becomes public that nobody approved."""

from __future__ import annotations

import random
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.drafts import drafts, workflow
from portal.drafts.drafts import DraftClosed, DraftOvertaken
from portal.drafts.models import APPROVED, OPEN_STATES, REVIEW, Draft
from portal.drafts.workflow import IllegalTransition, SelfApproval, StaleVersion, contributors
from portal.publishing.edits import Edit, EditConflict, NotReady
from portal.publishing.models import PUBLISHING, Publication
from portal.publishing.reconcile import reconcile
from tests.conftest import FULL
from tests.content.tree import FILES
from tests.databases import fresh_postgres, sqlite_url
from tests.publishing.office import MARIA, NOW, PAGE, Office

pytestmark = pytest.mark.system

ROUNDS = 500 if FULL else 30
NAME, PATH = "id.md", f"{PAGE}/id.md"
REFUSALS = (SelfApproval, StaleVersion, IllegalTransition, DraftClosed, DraftOvertaken, NotReady, KeyError)


@dataclass(frozen=True)
class Approval:
    """What somebody approved: the text, the published one under it, and who had written in it by then."""

    text: str
    base: str
    by: str
    writers: tuple[str, ...]


@dataclass
class Round:
    """One page, a draft in review, and everybody who wants something of it at the same moment."""

    office: Office
    other: Office
    number: int
    draft: str
    version: int
    approvals: list[Approval] = field(default_factory=list)
    stated: dict[str, str] = field(default_factory=dict)
    outcomes: Counter[str] = field(default_factory=Counter)

    def text(self, who: str) -> str:
        return f"{FILES[PATH]}\n{who} {self.number}.\n"

    def refuse(self, act: Callable[[], None]) -> None:
        try:
            act()
        except REFUSALS as refused:
            self.outcomes[type(refused).__name__] += 1

    def approve_and_publish(self, office: Office, by: str, *, newest: bool) -> None:
        """Approve what was read, at the beginning or now, then publish it as the desk does."""
        for attempt in range(4):
            with office.session() as session:
                version = session.get_one(Draft, self.draft).version if newest else self.version
                session.rollback()
                try:
                    draft = workflow.approve(session, self.draft, by=by, version=version, now=NOW)
                except (StaleVersion, IllegalTransition):
                    # Who reads it again meanwhile finds another version.
                    if newest and attempt < 3:
                        continue
                    raise
                writers = tuple(contributors(draft))
                self.approvals.append(Approval(draft.files[NAME], draft.base_files[NAME], by, writers))
                break
        self.publish(office)

    def publish(self, office: Office) -> None:
        with office.session() as session:
            if workflow.void_stale_approval(session, self.draft, now=NOW):
                self.outcomes["voided"] += 1
                return
        try:
            office.publish(self.draft)
            self.outcomes["published"] += 1
        except EditConflict:
            self.outcomes["conflict"] += 1
            with office.session() as session:
                workflow.reopen(session, self.draft, now=NOW)

    def write(self, office: Office, who: str) -> None:
        """Save onto the version that was read; who comes too late merges and sends it to review again."""
        with office.session() as session:
            draft = session.get_one(Draft, self.draft)
            before, version = drafts.read_version(session, self.draft, self.version), self.version
            files = {**draft.files, NAME: self.text(who)}
            try:
                drafts.save(session, self.draft, version=version, files=files, base_files=before, who=who, now=NOW)
            except DraftOvertaken as overtaken:
                self.merge(session, overtaken, files, who)
            draft = session.get_one(Draft, self.draft, populate_existing=True)
            version = draft.version
            session.rollback()
            workflow.send_to_review(session, self.draft, version=version, reason="lagi", now=NOW)
            self.outcomes["written"] += 1

    def merge(self, session: Session, overtaken: DraftOvertaken, files: dict[str, str], who: str) -> None:
        version, copy = overtaken.draft.version, overtaken.conflict_copy.id
        session.rollback()
        drafts.finalize(session, self.draft, version=version, files=files, who=who, now=NOW, conflict_copy=copy)
        self.outcomes["merged"] += 1

    def correct(self, office: Office, who: str) -> None:
        """A colleague's correction of the published page, whose approval is another story."""
        seen, text = office.text(PATH), self.text(who)
        self.stated[text] = seen or ""
        edit = Edit(author=who, person=MARIA, reason=who, changes={PATH: text}, seen={PATH: seen}, approved_by="x")
        try:
            office.publish(edit)
            self.outcomes["corrected"] += 1
        except EditConflict:
            self.outcomes["conflict"] += 1

    def run(self, chance: random.Random) -> None:
        """Let some of them act at once, one who approves among them."""
        here, there = self.office, self.other
        approving: list[Callable[[], None]] = [
            lambda: self.approve_and_publish(here, "yohanis", newest=False),
            lambda: self.approve_and_publish(there, "agnes", newest=True),
        ]
        others: list[Callable[[], None]] = [
            lambda: self.approve_and_publish(there, "yohanis", newest=True),
            lambda: self.publish(there),
            lambda: self.write(here, "maria"),
            lambda: self.write(there, "agnes"),
            lambda: self.write(there, "rambu"),
            lambda: self.correct(here, "kolega"),
        ]
        actors = chance.sample(approving, chance.randint(1, 2)) + chance.sample(others, chance.randint(1, 4))
        chance.shuffle(actors)
        barrier, errors = threading.Barrier(len(actors)), list[BaseException]()

        def act(actor: Callable[[], None]) -> None:
            try:
                barrier.wait()
                self.refuse(actor)
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=act, args=(actor,)) for actor in actors]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []

    def check(self, before: str) -> int:
        """Every commit since then holds an approved text over the page for which it was approved; gives how many."""
        repository = self.office.repository()
        try:
            commits, head = 0, repository.head()
            while head != before:
                parent = repository.parent(head)
                text, base = ((repository.read(one, PATH) or b"").decode() for one in (head, parent))
                approvals = [one for one in self.approvals if (one.text, one.base) == (text, base)]
                assert approvals or self.stated.get(text) == base, (self.number, text, base, self.approvals)
                assert all(one.by not in one.writers for one in approvals)
                head, commits = parent, commits + 1
            return commits
        finally:
            repository.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def offices(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Office, Office]]:
    """Two processes' worth of one office: each with a publisher and an engine of its own."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            url = sqlite_url(tmp_path)
        else:
            url = stack.enter_context(fresh_postgres(request.getfixturevalue("postgres_url")))
        made = Office(tmp_path, database_url=url), Office(tmp_path, database_url=url)
        interval = sys.getswitchinterval()
        sys.setswitchinterval(1e-4)
        yield made
        sys.setswitchinterval(interval)
        for office in made:
            office.close()


def begin(office: Office, other: Office, number: int) -> Round:
    """A draft by Maria that waits for review."""
    draft = office.draft(state=REVIEW, id_md=f"{FILES[PATH]}\nawal {number}.\n")
    return Round(office, other, number, draft, 1)


def end_round(office: Office) -> None:
    """Nothing is under way any more; what is still open is discarded, so that the next round has the page."""
    with office.session() as session:
        reconcile(office.publisher, session, now=NOW + timedelta(minutes=5))
        assert session.scalars(select(Publication).where(Publication.state == PUBLISHING)).all() == []
        states = {draft.id: draft.state for draft in session.scalars(select(Draft).where(Draft.state.in_(OPEN_STATES)))}
        assert set(states.values()) <= {*OPEN_STATES} - {PUBLISHING}
        for id_ in states:
            session.rollback()
            drafts.discard(session, id_, now=NOW)


def test_nothing_unapproved_becomes_public(offices: tuple[Office, Office]) -> None:
    office, other = offices
    chance, outcomes, public = random.Random(3), Counter[str](), 0
    for number in range(ROUNDS):
        repository = office.repository()
        before = repository.head()
        repository.close()
        current = begin(office, other, number)
        current.run(chance)
        public += current.check(before)
        outcomes += current.outcomes
        end_round(office)
    print(f"{ROUNDS} rounds: {public} public, {dict(outcomes)}")
    assert public == outcomes["published"] + outcomes["corrected"]
    assert outcomes["published"] >= ROUNDS / 20
    # The rounds would show nothing if nobody ever got in another one's way.
    assert sum(outcomes[refused.__name__] for refused in REFUSALS) >= ROUNDS / 2
    assert min(outcomes["corrected"], outcomes["written"], outcomes["merged"]) > 0
    assert office.is_sound()
    with office.session() as session:
        assert session.scalars(select(Draft).where(Draft.state == APPROVED)).all() == []
