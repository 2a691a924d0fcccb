"""Requests for an outreach: asked by anyone, moved along by staff, counted in public per district."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.database import writing
from portal.events.outreach.models import (
    DECLINED,
    DONE,
    IN_TALKS,
    NEW,
    REQUEST_STATES,
    SCHEDULED,
    OutreachRequest,
    RequestNote,
)
from portal.events.registrations import codes

# Where a request may go next; staff may also take back a decision.
NEXT_STATES = {
    NEW: (IN_TALKS, SCHEDULED, DECLINED),
    IN_TALKS: (SCHEDULED, DECLINED),
    SCHEDULED: (DONE, IN_TALKS, DECLINED),
    DECLINED: (IN_TALKS,),
    DONE: (),
}


class NoSuchRequest(Exception):
    """There is no request of this number."""


class WrongStep(Exception):
    """A request cannot go from its state to that one."""


@dataclass(frozen=True, kw_only=True)
class RequestDetails:
    """What a host asks for, cleaned; one contact at least, dates from the earliest."""

    host: str
    person: str
    place: str
    district: str
    audience: str
    topic: str
    guests: int
    dates: tuple[date, ...]
    message: str = ""
    phone: str = ""
    email: str = ""


def ask(session: Session, details: RequestDetails, *, token: str, language: str, now: datetime) -> OutreachRequest:
    """Store a request; the same form sent twice is one request."""
    query = select(OutreachRequest).where(OutreachRequest.form_token == token)
    try:
        with writing(session):
            found = session.scalar(query)
            if found is None:
                found = _row(details, token=token, language=language, now=now)
                session.add(found)
    except IntegrityError:
        found = session.scalars(query).one()
    return found


def _row(details: RequestDetails, *, token: str, language: str, now: datetime) -> OutreachRequest:
    return OutreachRequest(
        code=codes.fresh_code(),
        form_token=token,
        state=NEW,
        host=details.host,
        person=details.person,
        place=details.place,
        district=details.district,
        audience=details.audience,
        topic=details.topic,
        guests=details.guests,
        wishes=" ".join(day.isoformat() for day in details.dates),
        message=details.message,
        phone=details.phone,
        email=details.email,
        language=language,
        created_at=now,
        changed_at=now,
    )


def wished_dates(request: OutreachRequest) -> tuple[date, ...]:
    """Give the dates that a request wishes for."""
    return tuple(date.fromisoformat(day) for day in request.wishes.split())


def inbox(session: Session, *, state: str = "") -> list[OutreachRequest]:
    """Give the requests, the oldest unanswered first; only those in `state` when it is given."""
    query = select(OutreachRequest)
    if state in REQUEST_STATES:
        query = query.where(OutreachRequest.state == state)
    found = session.scalars(query.order_by(OutreachRequest.created_at)).all()
    return sorted(found, key=lambda request: (REQUEST_STATES.index(request.state), request.created_at))


def get(session: Session, number: int) -> OutreachRequest:
    """Give the request of that number; raises NoSuchRequest."""
    found = session.get(OutreachRequest, number)
    if found is None:
        raise NoSuchRequest
    return found


def move(
    session: Session, number: int, *, state: str, by: str, text: str, now: datetime, event: str = ""
) -> OutreachRequest:
    """Move a request to another state, or only note something when the state stays; raises WrongStep."""
    with writing(session):
        request = get(session, number)
        if state != request.state:
            if state not in NEXT_STATES[request.state]:
                raise WrongStep
            request.state = state
            request.changed_at = now
        if event:
            request.event = event
        request.notes.append(RequestNote(at=now, by=by, state=state, text=text))
    return request


@dataclass(frozen=True, kw_only=True)
class DistrictNumbers:
    """The public numbers of one district; heads are those that hosts expected."""

    district: str
    asked: int
    open: int
    scheduled: int
    done: int
    guests: int


def numbers(session: Session) -> list[DistrictNumbers]:
    """Count the requests per district, the most asked first; nobody can be recognised in them."""
    groups = (OutreachRequest.district, OutreachRequest.state)
    query = select(*groups, func.count(), func.sum(OutreachRequest.guests)).group_by(*groups)
    found: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for district, state, count, guests in session.execute(query):
        found[district][state] = (count, guests)
    rows = [_numbers_of(district, by_state) for district, by_state in found.items()]
    return sorted(rows, key=lambda row: (-row.asked, row.district))


def _numbers_of(district: str, by_state: dict[str, tuple[int, int]]) -> DistrictNumbers:
    def count(*states: str) -> int:
        return sum(by_state.get(state, (0, 0))[0] for state in states)

    return DistrictNumbers(
        district=district,
        asked=count(*REQUEST_STATES),
        open=count(NEW, IN_TALKS),
        scheduled=count(SCHEDULED),
        done=count(DONE),
        guests=sum(guests for _count, guests in by_state.values()),
    )
