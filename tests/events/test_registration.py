"""Registration on both databases: capacity in heads, strict waiting list, offers, codes, repeats."""

from __future__ import annotations

import itertools
import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from portal.database import writing
from portal.events.registrations import seats
from portal.events.registrations.attendee import Attendee
from portal.events.registrations.models import (
    CANCELLED,
    CONFIRMED,
    LAPSED,
    OFFERED,
    WAITING,
    Registration,
    SeatCounters,
)
from portal.events.registrations.registration import (
    FormSubmission,
    NoSuchRegistration,
    NotEnoughSeats,
    PartyTooLarge,
    RegistrationResult,
    TokenReused,
    accept,
    cancel,
    change,
    expire_holds,
    find,
    queue_position,
    register,
)
from portal.events.registrations.terms import RegistrationClosed, Terms
from portal.mail import OutgoingMail
from tests.events.conftest import NOW, plain_notifications

_numbers = itertools.count()


def sign_up(session: Session, terms: Terms, party_size: int = 1, **more: object) -> RegistrationResult:
    number = next(_numbers)
    attendee = Attendee(name=f"Ana {number}", party_size=party_size, email=f"ana{number}@example.org")
    given = {
        "attendee": attendee,
        "submission": FormSubmission(token=f"token-{number}", digest="d"),
        "language": "id",
        "now": NOW,
        "notifications": plain_notifications,
    }
    return register(session, terms, **(given | more))  # type: ignore[arg-type]


def states(session: Session) -> list[tuple[str, int]]:
    session.rollback()
    rows = session.execute(select(Registration.state, Registration.party_size).order_by(Registration.joined))
    return [tuple(row) for row in rows]


def counts(session: Session) -> tuple[int, int]:
    session.rollback()
    places = session.scalars(select(SeatCounters)).one()
    return places.taken, places.waiting


def notifications_sent(session: Session) -> list[str]:
    return list(session.scalars(select(OutgoingMail.kind).order_by(OutgoingMail.id)))


def test_parties_are_confirmed_until_the_heads_are_full_then_wait(session: Session, terms: Terms) -> None:
    for party_size in (4, 4, 2, 1):
        sign_up(session, terms, party_size)
    assert states(session) == [(CONFIRMED, 4), (CONFIRMED, 4), (CONFIRMED, 2), (WAITING, 1)]
    assert counts(session) == (10, 1)
    assert notifications_sent(session) == [CONFIRMED, CONFIRMED, CONFIRMED, WAITING]


def test_nobody_overtakes_a_waiting_party_even_into_free_seats(session: Session, terms: Terms) -> None:
    sign_up(session, terms, 8)
    sign_up(session, terms, 5)
    sign_up(session, terms, 1)
    assert states(session) == [(CONFIRMED, 8), (WAITING, 5), (WAITING, 1)]


def test_the_last_seats_go_to_exactly_ten_of_fifty_at_once(sessions: sessionmaker[Session], terms: Terms) -> None:
    barrier = threading.Barrier(50)
    errors: list[BaseException] = []

    def one() -> None:
        try:
            with sessions() as session:
                barrier.wait()
                sign_up(session, terms)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=one) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with sessions() as session:
        assert errors == []
        assert Counter(state for state, _heads in states(session)) == {CONFIRMED: 10, WAITING: 40}
        assert counts(session) == (10, 40)
        assert len(notifications_sent(session)) == 50
        assert len(set(session.scalars(select(Registration.joined)))) == 50


def test_one_form_sent_many_times_at_once_is_one_registration(sessions: sessionmaker[Session], terms: Terms) -> None:
    barrier = threading.Barrier(8)
    answers: list[RegistrationResult] = []
    attendee = Attendee(name="Ana", party_size=2, email="ana@example.org")

    def one() -> None:
        with sessions() as session:
            barrier.wait()
            answers.append(
                sign_up(session, terms, attendee=attendee, submission=FormSubmission(token="same", digest="d"))
            )

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({answer.registration.code for answer in answers}) == 1
    assert [answer.is_repeat for answer in answers].count(False) == 1
    with sessions() as session:
        assert counts(session) == (2, 0)
        assert notifications_sent(session) == [CONFIRMED]


def test_a_used_form_with_other_words_is_not_taken_for_a_repeat(session: Session, terms: Terms) -> None:
    first = sign_up(session, terms, submission=FormSubmission(token="same", digest="one")).registration
    with pytest.raises(TokenReused) as caught:
        sign_up(session, terms, submission=FormSubmission(token="same", digest="two"))
    assert caught.value.registration.code == first.code
    assert counts(session) == (1, 0)


def test_a_party_that_fits_only_in_part_is_asked_before_it_waits(session: Session, terms: Terms) -> None:
    sign_up(session, terms, 8)
    with pytest.raises(NotEnoughSeats) as caught:
        sign_up(session, terms, 5, accepts_waiting=False)
    assert caught.value.free == 2
    assert sign_up(session, terms, 2, accepts_waiting=False).registration.state == CONFIRMED
    assert sign_up(session, terms, 2, accepts_waiting=False).registration.state == WAITING


def test_a_party_larger_than_the_room_is_refused(session: Session, terms: Terms) -> None:
    with pytest.raises(PartyTooLarge) as caught:
        sign_up(session, replace(terms, walk_in=3), 8)
    assert caught.value.most == 7
    with pytest.raises(PartyTooLarge):
        sign_up(session, replace(terms, capacity=None, party_limit=20), 21)


@pytest.mark.parametrize(
    ("changes", "after", "reason"),
    [
        ({"is_cancelled": True}, timedelta(), "cancelled"),
        ({"takes_registrations": False}, timedelta(), "never"),
        ({"opens": NOW + timedelta(hours=1)}, timedelta(), "early"),
        ({"closes": NOW}, timedelta(), "late"),
        ({}, timedelta(days=9), "late"),
        ({}, timedelta(days=10), "over"),
    ],
)
def test_a_closed_event_takes_nobody(
    session: Session, terms: Terms, changes: dict[str, object], after: timedelta, reason: str
) -> None:
    with pytest.raises(RegistrationClosed) as caught:
        sign_up(session, replace(terms, **changes), now=NOW + after)  # type: ignore[arg-type]
    assert caught.value.reason == reason
    assert states(session) == []


def test_a_cancellation_offers_the_seats_in_strict_order(session: Session, terms: Terms) -> None:
    first = sign_up(session, terms, 3).registration
    sign_up(session, terms, 7)
    large = sign_up(session, terms, 4).registration
    sign_up(session, terms, 1)
    cancel(session, terms, code=first.code, now=NOW, notifications=plain_notifications)
    assert states(session)[2:] == [(WAITING, 4), (WAITING, 1)]
    cancel(session, terms, code=large.code, now=NOW, notifications=plain_notifications)
    assert states(session)[2:] == [(CANCELLED, 4), (OFFERED, 1)]
    assert counts(session) == (8, 0)
    assert notifications_sent(session)[-2:] == [CANCELLED, OFFERED]


def test_cancelling_twice_gives_seats_back_once(session: Session, terms: Terms) -> None:
    code = sign_up(session, terms, 3).registration.code
    for _ in range(2):
        cancel(session, terms, code=code, now=NOW, notifications=plain_notifications)
    assert counts(session) == (0, 0)
    assert notifications_sent(session) == [CONFIRMED, CANCELLED]


def test_an_offer_is_held_then_falls_through_to_the_next(session: Session, terms: Terms) -> None:
    first = sign_up(session, terms, 10).registration
    second = sign_up(session, terms, 6).registration
    third = sign_up(session, terms, 6).registration
    cancel(session, terms, code=first.code, now=NOW, notifications=plain_notifications)
    assert find(session, second.code).hold_until == NOW + timedelta(hours=24)
    assert expire_holds(session, terms, now=NOW + timedelta(hours=23), notifications=plain_notifications) == 0
    assert expire_holds(session, terms, now=NOW + timedelta(hours=24), notifications=plain_notifications) == 2
    assert states(session)[1:] == [(LAPSED, 6), (OFFERED, 6)]
    accept(session, terms, code=third.code, now=NOW + timedelta(hours=25), notifications=plain_notifications)
    assert states(session)[1:] == [(LAPSED, 6), (CONFIRMED, 6)]
    assert counts(session) == (6, 0)


def test_close_to_the_start_an_offer_is_held_for_half_of_what_is_left(terms: Terms) -> None:
    assert terms.hold_until(terms.starts - timedelta(hours=4)) == terms.starts - timedelta(hours=2)


def test_the_place_in_the_queue_is_told_in_parties_and_heads(session: Session, terms: Terms) -> None:
    sign_up(session, terms, 10)
    sign_up(session, terms, 4)
    last = sign_up(session, terms, 2).registration
    position = queue_position(session, last)
    assert (position.number, position.guests_before) == (2, 4)


def test_fewer_heads_free_seats_and_more_heads_need_free_ones(session: Session, terms: Terms) -> None:
    mine = sign_up(session, terms, 6).registration
    sign_up(session, terms, 2)

    def resize(party_size: int) -> None:
        attendee = Attendee(name="Ana", party_size=party_size)
        change(session, terms, code=mine.code, attendee=attendee, now=NOW, notifications=plain_notifications)

    with pytest.raises(NotEnoughSeats) as caught:
        resize(9)
    assert caught.value.free == 8
    resize(8)
    waiting = sign_up(session, terms, 3).registration
    resize(5)
    assert counts(session) == (10, 0)
    assert find(session, waiting.code).state == OFFERED
    with pytest.raises(NotEnoughSeats):
        resize(6)


def test_a_smaller_capacity_drops_nobody_and_promotes_nobody(session: Session, terms: Terms) -> None:
    first = sign_up(session, terms, 5).registration
    sign_up(session, terms, 5)
    sign_up(session, terms, 1)
    smaller = replace(terms, capacity=5)
    expire_holds(session, smaller, now=NOW, notifications=plain_notifications)
    assert states(session) == [(CONFIRMED, 5), (CONFIRMED, 5), (WAITING, 1)]
    cancel(session, smaller, code=first.code, now=NOW, notifications=plain_notifications)
    assert states(session)[1:] == [(CONFIRMED, 5), (WAITING, 1)]


def test_a_larger_capacity_is_offered_to_the_queue(session: Session, terms: Terms) -> None:
    sign_up(session, terms, 10)
    sign_up(session, terms, 3)
    expire_holds(session, replace(terms, capacity=13), now=NOW, notifications=plain_notifications)
    assert states(session) == [(CONFIRMED, 10), (OFFERED, 3)]


@pytest.mark.parametrize("typed", ["{code}", " {spaced} ", "{lower}"])
def test_a_code_is_found_however_it_is_typed(session: Session, terms: Terms, typed: str) -> None:
    code = sign_up(session, terms).registration.code
    spaced = f"{code[:4]} {code[4:8]}-{code[8:]}"
    assert find(session, typed.format(code=code, spaced=spaced, lower=code.lower())).code == code


@pytest.mark.parametrize("typed", ["", "AAAA", "x" * 10_000, "'; DROP TABLE registrations; --"])
def test_another_code_finds_nothing(session: Session, terms: Terms, typed: str) -> None:
    sign_up(session, terms)
    with pytest.raises(NoSuchRegistration):
        find(session, typed)


def test_the_code_of_another_event_does_not_work_here(session: Session, terms: Terms) -> None:
    code = sign_up(session, terms).registration.code
    with pytest.raises(NoSuchRegistration):
        cancel(session, replace(terms, event="lain"), code=code, now=NOW, notifications=plain_notifications)


def test_a_failing_letter_undoes_the_registration(session: Session, terms: Terms) -> None:
    def broken(kind: str, registration: Registration, *, position: int) -> None:
        raise RuntimeError("no words")

    with pytest.raises(RuntimeError):
        sign_up(session, terms, notifications=broken)
    assert states(session) == []
    with writing(session):
        assert seats.counters(session, terms.event).taken == 0
