"""Passwords that a guesser tries early are refused; judging one takes no longer than a moment, however it is made."""

from __future__ import annotations

import time

import pytest

from portal.accounts.authentication.passwords import LONGEST_JUDGED, is_easy


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword",
        "Password12345!",
        "iloveyou12345",
        "ａｂｃｄｅｆｇｈｉｊｋｌｍ",
        "qwertyuiopasdf",
        "abcabcabcabcabc",
    ],
)
def test_what_is_on_the_lists_is_easy(password: str) -> None:
    assert is_easy(password)


@pytest.mark.parametrize(
    "password", ["sirih pinang kapur", "kelapa lontar sasando", "8Kd-tT4x_q1Lz", "kata" + "ü é 字 ñ" * 40]
)
def test_words_that_only_one_person_connects_are_not(password: str) -> None:
    assert not is_easy(password)


def test_the_names_that_everybody_knows_make_no_password() -> None:
    known = ["Yohanis Tefa", "Yohanis", "Tefa", "KantorSasando"]
    assert is_easy("kantorsasando1", known=known)
    assert not is_easy("kantorsasando1")
    assert is_easy("tefa-jonge-laurentius", address="laurentius@example.org")


@pytest.mark.parametrize("pattern", ["password", "4@8({[<3", "qwer4@$", "a1", "1234567890", "ｐ４ｓｓ"])
def test_no_password_takes_long_to_judge(pattern: str) -> None:
    before = time.process_time()
    is_easy((pattern * 200)[:200], known=[pattern, "Yohanis Tefa"])
    assert time.process_time() - before < 1.0
    assert LONGEST_JUDGED <= 100
