"""Requests for an outreach event: asked by anyone, moved along by staff, counted in public by district."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
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

# The states that a request can be moved to, by its state; staff may also take back a decision.
TRANSITIONS = {
    NEW: (IN_TALKS, SCHEDULED, DECLINED),
    IN_TALKS: (SCHEDULED, DECLINED),
    SCHEDULED: (DONE, IN_TALKS, DECLINED),
    DECLINED: (IN_TALKS,),
    DONE: (),
}


class NoSuchRequest(Exception):
    """There is no request of this number."""


class TransitionNotAllowed(Exception):
    """A request cannot go from its state to that one."""


@dataclass(frozen=True, kw_only=True)
class RequestDetails:
    """What a host asks for, cleaned; a telephone number or an e-mail address at least, dates from the earliest."""

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


def submit(session: Session, details: RequestDetails, *, token: str, language: str, now: datetime) -> OutreachRequest:
    """Store a request; the same form sent twice is one request."""
    query = select(OutreachRequest).where(OutreachRequest.form_token == token)
    try:
        with writing(session):
            request = session.scalar(query)
            if request is None:
                fields = asdict(details)
                wishes = " ".join(day.isoformat() for day in fields.pop("dates"))
                request = OutreachRequest(
                    code=codes.fresh_code(),
                    form_token=token,
                    state=NEW,
                    language=language,
                    wishes=wishes,
                    created_at=now,
                    changed_at=now,
                    **fields,
                )
                session.add(request)
    except IntegrityError:
        request = session.scalars(query).one()
    return request


def wished_dates(request: OutreachRequest) -> tuple[date, ...]:
    """The dates that a request wishes for, the earliest first."""
    return tuple(date.fromisoformat(day) for day in request.wishes.split())


def inbox(session: Session, *, state: str = "") -> list[OutreachRequest]:
    """The requests in the order of REQUEST_STATES, then of asking; only those in `state` when it is one."""
    query = select(OutreachRequest)
    if state in REQUEST_STATES:
        query = query.where(OutreachRequest.state == state)
    requests = session.scalars(query.order_by(OutreachRequest.created_at)).all()
    return sorted(requests, key=lambda request: (REQUEST_STATES.index(request.state), request.created_at))


def get(session: Session, number: int) -> OutreachRequest:
    """The request of that number; raises NoSuchRequest."""
    request = session.get(OutreachRequest, number)
    if request is None:
        raise NoSuchRequest
    return request


def move(
    session: Session, number: int, *, state: str, by: str, text: str, now: datetime, event: str = ""
) -> OutreachRequest:
    """Move a request to another state, or only add a note when the state stays; raises TransitionNotAllowed.

    `event` is the slug of the draft that it became.
    """
    with writing(session):
        request = get(session, number)
        if state != request.state:
            if state not in TRANSITIONS[request.state]:
                raise TransitionNotAllowed
            request.state = state
            request.changed_at = now
        if event:
            request.event = event
        request.notes.append(RequestNote(at=now, by=by, state=state, text=text))
    return request


@dataclass(frozen=True, kw_only=True)
class DistrictNumbers:
    """The public numbers of one district: requests by state, and the guests whom hosts expected."""

    district: str
    asked: int
    open: int
    scheduled: int
    done: int
    guests: int


def numbers_by_district(session: Session) -> list[DistrictNumbers]:
    """The requests counted by district, the most first; nobody can be recognised in them."""
    groups = (OutreachRequest.district, OutreachRequest.state)
    query = select(*groups, func.count(), func.sum(OutreachRequest.guests)).group_by(*groups)
    by_state: dict[str, Counter[str]] = {}
    guests: Counter[str] = Counter()
    for district, state, count, expected in session.execute(query):
        by_state.setdefault(district, Counter())[state] = count
        guests[district] += expected
    rows = [
        DistrictNumbers(
            district=district,
            asked=counts.total(),
            open=counts[NEW] + counts[IN_TALKS],
            scheduled=counts[SCHEDULED],
            done=counts[DONE],
            guests=guests[district],
        )
        for district, counts in by_state.items()
    ]
    return sorted(rows, key=lambda row: (-row.asked, row.district))
