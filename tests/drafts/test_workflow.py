"""The table of the workflow: every state is reached, every other action is refused by name and changes nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product

import pytest

from portal.accounts.permissions import PERMISSIONS
from portal.drafts.models import CLOSED_STATES, OPEN_STATES, WRITING
from portal.drafts.workflow import TRANSITIONS, IllegalTransition, SelfApproval, add_writer, is_permitted, move

STATES = {*OPEN_STATES, *CLOSED_STATES}
ACTIONS = sorted({action for _state, action in TRANSITIONS})


@dataclass
class Row:
    state: str
    author: str = "maria"
    editor: str = "maria"
    writers: list[str] = field(default_factory=list)
    reviewer: str = "yohanis"
    key: str = "faq/kartu-hilang"


def test_every_state_is_reached_from_writing() -> None:
    reached, waiting = {WRITING}, [WRITING]
    while waiting:
        state = waiting.pop()
        new = {to.to for (start, _action), to in TRANSITIONS.items() if start == state} - reached
        reached |= new
        waiting += new
    assert reached == STATES
    assert {transition.permission for transition in TRANSITIONS.values()} <= PERMISSIONS | {""}


@pytest.mark.parametrize(("state", "action"), sorted(set(product(STATES, ACTIONS)) - TRANSITIONS.keys()))
def test_an_illegal_action_names_state_and_action_and_changes_nothing(state: str, action: str) -> None:
    row = Row(state)
    with pytest.raises(IllegalTransition) as refused:
        move(row, action, by="agus")
    assert (refused.value.state, refused.value.action) == (state, action)
    assert row == Row(state)
    assert not is_permitted(row, action, by="agus", may=lambda _permission: True)


@pytest.mark.parametrize(("state", "action"), sorted(TRANSITIONS))
def test_an_action_leads_where_the_table_says(state: str, action: str) -> None:
    row, transition = Row(state), TRANSITIONS[state, action]
    if transition.by_another:
        with pytest.raises(SelfApproval):
            move(row, action, by="maria")
        assert row == Row(state)
    move(row, action, by="agus")
    assert row.state == transition.to
    assert row.reviewer == (
        "agus" if transition.by_another else "" if transition.to in ("writing", "review") else "yohanis"
    )
    assert not is_permitted(Row(state), action, by="agus", may=lambda _permission: False)


def test_who_wrote_a_part_of_it_does_not_approve_although_another_saved_last() -> None:
    row = Row("review")
    add_writer(row, "yohanis")
    add_writer(row, "agus")
    with pytest.raises(SelfApproval):
        move(row, "approve", by="yohanis")
    assert row.state == "review"
    move(row, "approve", by="ani")
