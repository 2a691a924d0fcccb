"""A hundred alterations of the log, its chain, commits and checkpoints: each is found, and the first one named."""

from __future__ import annotations

import random
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from portal.accounts import audit
from portal.content.sources.repository import AUDIT, ContentRepository, Person
from portal.content.sources.signing import Signers, SigningKey
from portal.ledger.chain import BEGINNING, content_digest, entry_digest
from portal.publishing.checkpoints.checkpoint import FILE, add_checkpoint
from portal.publishing.checkpoints.verification import CHECKPOINT, SOURCES, Report, verify
from portal.publishing.edits import Edit
from tests.content.tree import FILES
from tests.databases import fresh_postgres, sqlite_url
from tests.publishing.office import MARIA, NOW, PAGE, Office

ALTERATIONS = 100
ROWS, PUBLICATIONS = 30, 4
BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@dataclass
class Log:
    """An office with actions, publications and two checkpoints; `covered` is what the second one proves."""

    office: Office
    covered: int
    signers: Signers

    @contextmanager
    def altered(self) -> Iterator[Connection]:
        """A transaction of the database's owner, without triggers, which is rolled back at the end."""
        with self.office.engine.connect() as connection, connection.begin() as transaction:
            if connection.dialect.name == "sqlite":
                for name in connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
                    connection.execute(text(f"DROP TRIGGER {name}"))
            else:
                for table in ("accounts_audit", "ledger_entry"):
                    connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
            yield connection
            transaction.rollback()

    def report(self, connection: Connection, path: Path | None = None) -> Report:
        repository = ContentRepository(path or self.office.path)
        try:
            with Session(connection, join_transaction_mode="create_savepoint") as session:
                return verify(session, repository, self.signers)
        finally:
            repository.close()


@pytest.fixture(params=BOTH)
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Log]:
    with ExitStack() as stack:
        if request.param == "sqlite":
            url = sqlite_url(tmp_path)
        else:
            url = stack.enter_context(fresh_postgres(request.getfixturevalue("postgres_url")))
        office = Office(tmp_path, database_url=url)
        act(office, ROWS)
        publish(office, 0)
        check(office)
        for number in range(1, PUBLICATIONS):
            publish(office, number)
        act(office, ROWS)
        covered = check(office)
        yield Log(office, covered, Signers.of_lines([office.key.line]))
        office.close()


def act(office: Office, number: int) -> None:
    with office.session() as session:
        for count in range(number):
            at = NOW + timedelta(seconds=count)
            audit.record(session, who=f"w{count % 3}", action="events.add", subject="x", now=at, network_class="inside")


def publish(office: Office, number: int) -> None:
    path = f"{PAGE}/id.md"
    seen, fresh = office.text(path), f"{FILES[path]}\nNomor {number}.\n"
    office.publish(Edit(author="m", person=MARIA, reason=str(number), changes={path: fresh}, seen={path: seen}))


def check(office: Office) -> int:
    """Make a checkpoint as the job does; gives the position that it proves."""
    repository = office.repository()
    with office.session() as session:
        commit = add_checkpoint(repository, session, now=NOW)
        audit.record(session, who="system", action=CHECKPOINT, subject=commit, now=NOW, network_class="machine")
    repository.close()
    with office.session() as session:
        return session.execute(text("SELECT position FROM ledger_end")).scalar_one() - 1


def chain_anew(connection: Connection) -> None:
    """What the most diligent owner does: every entry computed from the rows as they are now, without a gap."""
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        by_name = {source.name: source for source in SOURCES}
        rows = {
            (name, str(getattr(row, source.key.key))): content_digest(source.row(row))
            for name, source in by_name.items()
            for row in session.query(source.table)
        }
        kept = session.execute(text("SELECT source, key FROM ledger_entry ORDER BY position")).all()
    listed = [(source, key) for source, key in kept if (source, key) in rows]
    added = sorted((key for name, key in rows if name == "audit" and (name, key) not in set(listed)), key=int)
    for key in added:
        place = next((i for i, (s, k) in enumerate(listed) if s == "audit" and int(k) > int(key)), len(listed))
        listed.insert(place, ("audit", key))
    connection.execute(text("DELETE FROM ledger_entry"))
    digest = BEGINNING
    for position, (source, key) in enumerate(listed, 1):
        content = rows[source, key]
        digest = entry_digest(digest, position, source, key, content)
        values = {"position": position, "source": source, "key": key, "content": content, "digest": digest}
        connection.execute(
            text("INSERT INTO ledger_entry VALUES (:position, :source, :key, :content, :digest)"), values
        )
    connection.execute(text("UPDATE ledger_end SET position = :n, digest = :d"), {"n": len(listed), "d": digest})


Alteration = Callable[[Connection, random.Random, Log], str]


def a_row(connection: Connection, chance: random.Random, log: Log) -> int:
    """The id of an audit row that a checkpoint covers."""
    query = "SELECT key FROM ledger_entry WHERE source = 'audit' AND position <= :covered ORDER BY position"
    return int(chance.choice(connection.scalars(text(query), {"covered": log.covered}).all()))


def a_revision(connection: Connection, chance: random.Random) -> str:
    return str(chance.choice(connection.scalars(text("SELECT revision FROM editing_publication ORDER BY 1")).all()))


def changes_a_row(connection: Connection, chance: random.Random, log: Log) -> str:
    id_ = a_row(connection, chance, log)
    column, value = chance.choice(
        [("who", "nobody"), ("deed", "x.y"), ("subject", "y"), ("network_class", "outside-6")]
    )
    connection.execute(text(f"UPDATE accounts_audit SET {column} = '{value}' WHERE id = {id_}"))
    return f"audit {id_} "


def deletes_a_row(connection: Connection, chance: random.Random, log: Log) -> str:
    id_ = a_row(connection, chance, log)
    connection.execute(text(f"DELETE FROM accounts_audit WHERE id = {id_}"))
    return f"audit {id_} "


def inserts_a_row(connection: Connection, chance: random.Random, log: Log) -> str:
    id_ = a_row(connection, chance, log)
    new = 10_000 + chance.randrange(1000)
    rest = "at, who, deed, subject, network_class FROM accounts_audit"
    connection.execute(text(f"INSERT INTO accounts_audit SELECT {new}, {rest} WHERE id = {id_}"))
    return f"audit {new}:"


def swaps_two_rows(connection: Connection, chance: random.Random, log: Log) -> str:
    first, second = sorted(chance.sample(range(1, ROWS), 2))
    for was, becomes in ((first, -1), (second, first), (-1, second)):
        connection.execute(text(f"UPDATE accounts_audit SET id = {becomes} WHERE id = {was}"))
    return f"audit {first} "


def changes_a_publication(connection: Connection, chance: random.Random, _log: Log) -> str:
    revision = a_revision(connection, chance)
    columns = [("reason", "x"), ("author", "x"), ("paths", "[]"), ("state", "failed"), ("commit", "c" * 40)]
    column, value = chance.choice(columns)
    connection.execute(text(f"UPDATE editing_publication SET \"{column}\" = '{value}' WHERE revision = '{revision}'"))
    # Another commit is seen as one that `main` does not hold: the same publication.
    return f" {revision} "


def deletes_a_publication(connection: Connection, chance: random.Random, _log: Log) -> str:
    revision = a_revision(connection, chance)
    connection.execute(text(f"DELETE FROM editing_publication WHERE revision = '{revision}'"))
    return f"publication {revision} "


def changes_an_entry(connection: Connection, chance: random.Random, log: Log) -> str:
    position = chance.randint(1, log.covered)
    column = chance.choice(["content", "digest"])
    connection.execute(text(f"UPDATE ledger_entry SET {column} = '{'f' * 64}' WHERE position = {position}"))
    return f"(position {position})"


def deletes_an_entry(connection: Connection, chance: random.Random, log: Log) -> str:
    position = chance.randint(1, log.covered)
    connection.execute(text(f"DELETE FROM ledger_entry WHERE position = {position}"))
    return f"(position {position})"


def cuts_the_end(connection: Connection, chance: random.Random, log: Log) -> str:
    """Rows and entries of the end go, and the chain's end is set to what is left."""
    last = chance.randint(log.covered - ROWS // 2, log.covered - 1)
    gone = connection.scalars(text(f"SELECT key FROM ledger_entry WHERE position > {last} ORDER BY position")).all()
    connection.execute(text(f"DELETE FROM accounts_audit WHERE id IN ({', '.join(gone)})"))
    connection.execute(text(f"DELETE FROM ledger_entry WHERE position > {last}"))
    digest = "(SELECT digest FROM ledger_entry ORDER BY position DESC LIMIT 1)"
    connection.execute(text(f"UPDATE ledger_end SET position = {last}, digest = {digest}"))
    return f"audit {gone[0]} (position {last + 1}): missing"


def and_chains_anew(alteration: Alteration) -> Alteration:
    def run(connection: Connection, chance: random.Random, log: Log) -> str:
        expected = alteration(connection, chance, log)
        chain_anew(connection)
        return expected

    run.__name__ = f"{alteration.__name__}_and_chains_anew"
    return run


def inserts_between(connection: Connection, chance: random.Random, log: Log) -> str:
    """A row takes the number of one that moves up, with all after it, as if it had always been there."""
    id_ = a_row(connection, chance, log)
    connection.execute(text(f"UPDATE accounts_audit SET id = -1 - id WHERE id >= {id_}"))
    connection.execute(text("UPDATE accounts_audit SET id = -id WHERE id < 0"))
    rest = "at, 'w9', deed, subject, network_class FROM accounts_audit"
    connection.execute(text(f"INSERT INTO accounts_audit SELECT {id_}, {rest} WHERE id = {id_ + 1}"))
    return f"audit {id_} "


IN_THE_DATABASE: tuple[Alteration, ...] = (
    changes_a_row,
    deletes_a_row,
    inserts_a_row,
    swaps_two_rows,
    changes_a_publication,
    deletes_a_publication,
    changes_an_entry,
    deletes_an_entry,
    cuts_the_end,
    inserts_between,
    *map(and_chains_anew, (changes_a_row, deletes_a_row, swaps_two_rows, changes_a_publication, inserts_between)),
)


def git(path: Path, *arguments: str) -> str:
    command = ["git", "-C", str(path), "-c", "user.name=x", "-c", "user.email=x@y", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def rewrites_a_commit(path: Path, chance: random.Random) -> str:
    """A commit of `main` is made anew with other words, and all that follow it on top."""
    newest_first = git(path, "rev-list", "main").split()
    depth = chance.randrange(PUBLICATIONS)
    parent = newest_first[depth + 1]
    for id_ in reversed(newest_first[: depth + 1]):
        parent = git(path, "commit-tree", "-p", parent, "-m", f"{chance.random()}", f"{id_}^{{tree}}")
    git(path, "update-ref", "refs/heads/main", parent)
    return newest_first[depth]


def sets_main_back(path: Path, chance: random.Random) -> str:
    newest_first = git(path, "rev-list", "main").split()
    depth = chance.randrange(1, PUBLICATIONS)
    git(path, "update-ref", "refs/heads/main", newest_first[depth])
    return newest_first[depth - 1]


def forges_a_checkpoint(path: Path, chance: random.Random) -> str:
    """A checkpoint with another time, unsigned or signed by a key of the forger's own."""
    key = SigningKey(path.parent / "forger") if chance.random() < 0.5 else None
    repository, number = ContentRepository(path, key=key), chance.randint(1, 2)
    first, second = reversed(repository.ids(AUDIT))
    place = {1: ("", first), 2: (first, second)}[number]
    data = (repository.read(place[1], FILE) or b"").replace(b"2026", b"2027")
    kept = {name: repository.read(place[1], name) for name in repository.files(place[1])}
    changes = {**kept, FILE: data}
    git(path, "update-ref", "-d", "refs/heads/audit")
    if place[0]:
        git(path, "update-ref", "refs/heads/audit", place[0])
    repository.save(
        changes, author=Person("Portal", ""), message="Log of actions", at=NOW, expected=place[0], ref=AUDIT
    )
    repository.close()
    return f"checkpoint {number} "


def sets_checkpoints_back(path: Path, chance: random.Random) -> str:
    newest, oldest = git(path, "rev-list", "audit").split()
    if chance.random() < 0.5:
        git(path, "update-ref", "refs/heads/audit", oldest)
        return f"checkpoint {newest[:12]} "
    git(path, "update-ref", "-d", "refs/heads/audit")
    return f"checkpoint {oldest[:12]} "


IN_THE_REPOSITORY = (rewrites_a_commit, sets_main_back, forges_a_checkpoint, sets_checkpoints_back)


def test_an_untouched_log_is_proved_up_to_its_last_checkpoint(log: Log) -> None:
    with log.office.engine.connect() as connection:
        report = log.report(connection)
    assert (report.findings, report.made) == ([], 2)
    assert report.proved is not None
    assert (report.proved.position, report.length) == (log.covered, log.covered + 1)


def test_a_hundred_alterations_are_found_and_the_first_is_named(log: Log, tmp_path: Path) -> None:
    chance = random.Random(27)
    with log.office.engine.connect() as connection:
        rows = connection.execute(text('SELECT "commit", revision FROM editing_publication')).all()
    commits = {str(commit): str(revision) for commit, revision in rows}
    overlooked = []
    for number in range(ALTERATIONS):
        if number % 4 == 3:
            alteration = IN_THE_REPOSITORY[number // 4 % len(IN_THE_REPOSITORY)]
            path = tmp_path / f"copy-{number}.git"
            shutil.copytree(log.office.path, path)
            expected = alteration(path, chance)
            expected = f"publication {commits[expected]} " if expected in commits else expected
            with log.office.engine.connect() as connection:
                report = log.report(connection, path)
        else:
            in_database = IN_THE_DATABASE[number % len(IN_THE_DATABASE)]
            alteration = in_database  # type: ignore[assignment]
            with log.altered() as connection:
                expected = in_database(connection, chance, log)
                report = log.report(connection)
        first = str(report.findings[0]) if report.findings else "nothing"
        if expected not in first:
            overlooked.append((number, alteration.__name__, expected, [str(one) for one in report.findings[:3]]))
    assert overlooked == []
    with log.office.engine.connect() as connection:
        assert log.report(connection).findings == []
