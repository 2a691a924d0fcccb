"""What the guard against formulas adds to a cell is taken away again when the file is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.csv_files import guarded, unguarded


@pytest.mark.parametrize("text", ["=1+1", "Aula", "'Aula", "a;=1", "-5", "+62 811"])
def test_a_guarded_cell_is_read_as_it_was(text: str) -> None:
    assert unguarded(str(guarded(text))) == text


@given(st.text(alphabet="a=;-' \t", max_size=8).filter(lambda text: "'" not in text))
def test_any_cell_without_apostrophes_is_read_as_it_was(text: str) -> None:
    assert unguarded(str(guarded(text))) == text
