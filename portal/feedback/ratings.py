"""Whether pages help: counts per page, language and day, and the reasons readers give."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.database import insert_into, writing
from portal.feedback.models import Reason, Votes

# A page is low-rated when so many readers said "not yet" in this span, and so large a share of all.
RATED_SPAN = timedelta(days=90)
LEAST_VOTES = 3
LEAST_SHARE = 0.4


def count_vote(session: Session, page: str, *, language: str, helpful: bool, day: date) -> None:
    """Count one vote, in a transaction of its own."""
    yes, no = (1, 0) if helpful else (0, 1)
    with writing(session):
        row = insert_into(session, Votes).values(page=page, language=language, day=day, helpful=yes, unhelpful=no)
        session.execute(
            row.on_conflict_do_update(
                index_elements=["page", "language", "day"],
                set_={"helpful": Votes.helpful + yes, "unhelpful": Votes.unhelpful + no},
            )
        )


def add_reason(session: Session, page: str, *, language: str, kind: str, text: str, token: str, day: date) -> None:
    """Store why a page did not help; the same form sent twice is one reason. The text is redacted already."""
    row = Reason(form_token=token, page=page, language=language, day=day, kind=kind, text=text)
    try:
        with writing(session):
            if session.scalar(select(Reason.id).where(Reason.form_token == token)) is None:
                session.add(row)
    except IntegrityError:
        # The same form came twice at once; the first one stands.
        return


@dataclass(frozen=True, kw_only=True)
class Rating:
    """What readers said of one page in a span."""

    page: str
    helpful: int
    unhelpful: int

    @property
    def share(self) -> float:
        """The share of "not yet", between 0 and 1."""
        return self.unhelpful / (self.helpful + self.unhelpful)

    @property
    def is_low(self) -> bool:
        """Whether the page did not help many."""
        return self.unhelpful >= LEAST_VOTES and self.share >= LEAST_SHARE


def low_rated(session: Session, *, today: date) -> list[Rating]:
    """The pages that did not help many, those with the most "not yet" first."""
    return [rating for rating in ratings(session, today=today) if rating.is_low]


def ratings(session: Session, *, today: date) -> list[Rating]:
    """Every page that was rated in the span, both languages together, the most "not yet" first."""
    yes, no = func.sum(Votes.helpful), func.sum(Votes.unhelpful)
    query = select(Votes.page, yes, no).where(Votes.day > today - RATED_SPAN).group_by(Votes.page)
    rows = [Rating(page=page, helpful=int(up), unhelpful=int(down)) for page, up, down in session.execute(query)]
    return sorted(rows, key=lambda rating: (-rating.unhelpful, rating.page))


def votes_by_week(session: Session, *, today: date, weeks: int = 13) -> list[tuple[int, int]]:
    """(All votes, "not yet") of the last weeks, the oldest first."""
    first = today - timedelta(days=7 * weeks - 1)
    counts = [[0, 0] for _ in range(weeks)]
    query = select(Votes.day, func.sum(Votes.helpful), func.sum(Votes.unhelpful)).where(Votes.day >= first)
    for day, yes, no in session.execute(query.group_by(Votes.day)):
        week = min((day - first).days // 7, weeks - 1)
        counts[week][0] += int(yes) + int(no)
        counts[week][1] += int(no)
    return [(every, unhelpful) for every, unhelpful in counts]


def reasons_of(session: Session, page: str) -> list[Reason]:
    """The reasons for one page, the newest first."""
    query = select(Reason).where(Reason.page == page).order_by(Reason.day.desc(), Reason.id.desc())
    return list(session.scalars(query.limit(200)))
