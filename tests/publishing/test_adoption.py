"""Readers get commits of known keys alone: what nobody signed stays out, and health says why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from portal.content.problems import ContentError
from portal.content.sources.adoption import ADOPTED, adopt
from portal.content.sources.repository import ContentRepository
from portal.content.sources.signing import SigningKey
from portal.publishing.edits import Edit, NotWritten
from tests.content.tree import FILES
from tests.publishing.office import MARIA, NOW, PAGE, Office

PATH = f"{PAGE}/id.md"
FIRST = FILES[PATH]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path, signed=True)
    yield made
    made.close()


def push(office: Office, line: str, key: SigningKey | None = None, *, onto: str = "") -> str:
    """A commit that somebody pushes to `main` past the desk; it is signed by nobody, or by that key."""
    repository = ContentRepository(office.path, key=key)
    head = repository.head()
    if onto:
        reset(office, onto)
    made = repository.save(
        {PATH: f"{FIRST}\n{line}\n".encode()}, author=MARIA, message=line, at=NOW, expected=onto or head
    )
    repository.close()
    office.publisher.generations.bump_content()
    return made


def reset(office: Office, commit: str) -> None:
    (office.path / "refs" / "heads" / "main").write_text(f"{commit}\n")
    office.publisher.generations.bump_content()


def served(office: Office) -> str:
    return office.live.current().version


def problems(office: Office) -> str:
    return "; ".join(str(problem) for problem in office.live.current().problems)


def publish(office: Office, line: str) -> str:
    edit = Edit(
        author="m", person=MARIA, reason=line, changes={PATH: f"{FIRST}\n{line}\n"}, seen={PATH: office.text(PATH)}
    )
    return str(office.publish(edit).commit)


def test_what_the_desk_publishes_is_adopted(office: Office) -> None:
    for line in ("A.", "B."):
        assert publish(office, line) == served(office) == (office.folder / ADOPTED).read_text().strip()
    assert problems(office) == ""


@pytest.mark.parametrize("is_signed", [False, True])
def test_a_push_of_nobody_or_a_stranger_is_not_served_and_health_says_so(office: Office, is_signed: bool) -> None:
    good = publish(office, "A.")
    assert served(office) == good
    bad = push(office, "Jahat.", SigningKey(office.folder / "stranger") if is_signed else None)
    assert served(office) == good
    why = "which is not allowed" if is_signed else "is not signed"
    assert f"commit {bad[:12]}" in problems(office)
    assert why in problems(office)


def test_the_good_version_stays_over_a_restart(office: Office) -> None:
    good = publish(office, "A.")
    assert served(office) == good
    push(office, "Jahat.")
    again = Office(office.folder, signed=True)
    assert served(again) == good
    assert "is not signed" in problems(again)
    again.close()


def test_a_signed_commit_does_not_carry_an_unsigned_one_along(office: Office) -> None:
    good = publish(office, "A.")
    assert served(office) == good
    bad = push(office, "Jahat.")
    with pytest.raises(NotWritten, match=f"commit {bad[:12]} is not signed"):
        publish(office, "B.")
    push(office, "C.", office.key)
    assert served(office) == good
    assert f"commit {bad[:12]} is not signed" in problems(office)


def test_a_branch_that_is_set_back_or_written_anew_is_not_served(office: Office) -> None:
    first, second = publish(office, "A."), publish(office, "B.")
    assert served(office) == second
    reset(office, first)
    assert served(office) == second
    assert "does not descend from" in problems(office)
    push(office, "Lain.", office.key, onto=first)
    assert served(office) == second
    reset(office, second)
    assert (served(office), problems(office)) == (second, "")


def test_commits_of_another_known_key_and_their_merge_are_adopted(office: Office, tmp_path: Path) -> None:
    good = publish(office, "A.")
    assert served(office) == good
    repository = ContentRepository(office.path, key=office.key)
    main = repository.head()
    repository.ship({"media/x.txt": b"x"}, author=MARIA, message="S", at=NOW)
    merged = repository.merge_shipped(author=MARIA, message="M", at=NOW + timedelta(days=1))
    repository.close()
    office.publisher.generations.bump_content()
    assert merged != main
    assert (served(office), problems(office)) == (merged, "")


def test_an_operator_adopts_by_hand_what_he_looked_at(office: Office) -> None:
    assert publish(office, "A.") == served(office)
    unsigned = push(office, "Baik.")
    assert served(office) != unsigned
    adopt(office.folder / ADOPTED, unsigned)
    office.publisher.generations.bump_content()
    assert (served(office), problems(office)) == (unsigned, "")
    assert publish(office, "B.") == served(office)


def test_without_any_adopted_commit_an_unsigned_tip_says_what_to_do(tmp_path: Path) -> None:
    office = Office(tmp_path)
    push(office, "Lama.")
    office.close()
    with pytest.raises(ContentError, match="adopt-content"):
        Office(tmp_path, signed=True)
