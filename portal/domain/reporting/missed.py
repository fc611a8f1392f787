"""Who missed a dagdeel and has not made up for it, over all editions or of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import aliased

from portal.db import db, paged
from portal.domain.attendance.models import Attendance
from portal.domain.attendance.rules import Status
from portal.domain.catalogue.models import Course, Edition, Meeting, Module
from portal.domain.enrolment.models import Enrolment, Seat
from portal.domain.enrolment.other_dates import Wish, find_other_dates
from portal.domain.enrolment.rules import EnrolmentState

# Who has not made up for it in a year will hardly do so.
REACHES_BACK = timedelta(days=365)
MISSED = (Status.ABSENT, Status.EXCUSED)


@dataclass(frozen=True)
class MissedRow:
    """One dagdeel that somebody missed. `first_at`: when the first meeting begins to which they can go; None: none."""

    enrolment_id: int
    person_id: int
    name: str
    course: str
    module_id: int
    position: int
    place: str
    missed_at: datetime
    first_at: datetime | None


@dataclass(frozen=True)
class MissedPage:
    """One page of them, `total` on `pages` pages."""

    rows: list[MissedRow]
    number: int
    pages: int
    total: int


def list_missed(*, now: datetime, edition_id: int | None = None, page: int = 1, per_page: int = 25) -> MissedPage:
    """A page of what was missed in the last year and is not made up for, the newest first. Six queries."""
    stand_in = aliased(Seat)
    made_up = select(stand_in.id).where(stand_in.instead_of_id == Seat.id, stand_in.released_at.is_(None))
    wanted = (
        select(
            Enrolment.id, Enrolment.person_id, Enrolment.participant_name.label("name"), Course.title,
            Meeting.module_id, Module.position, Edition.place, Meeting.starts_at, Enrolment.organisation_id,
            Edition.organisation_id.label("client_id"),
        )
        .join(Seat, Seat.enrolment_id == Enrolment.id)
        .join(Attendance, Attendance.seat_id == Seat.id)
        .join(Meeting, Meeting.id == Seat.meeting_id)
        .join(Module, Module.id == Meeting.module_id)
        .join(Edition, Edition.id == Enrolment.edition_id)
        .join(Course, Course.id == Edition.course_id)
        .where(
            Enrolment.state == EnrolmentState.ENROLLED,
            Seat.released_at.is_(None),
            Attendance.status.in_(MISSED),
            Meeting.ends_at <= now,
            Meeting.starts_at > now - REACHES_BACK,
            ~made_up.exists(),
            *([] if edition_id is None else [Enrolment.edition_id == edition_id]),
        )
        .order_by(Meeting.starts_at.desc(), Enrolment.participant_name, Seat.id)
    )  # fmt: skip
    found = paged(wanted, page=page, per_page=per_page)
    wishes = [
        Wish(row.person_id, row.module_id, frozenset({row.organisation_id, row.client_id} - {None}))
        for row in found.rows
    ]
    first = _first_dates(wishes, now)
    rows = [
        MissedRow(
            row.id, row.person_id, row.name, row.title, row.module_id, row.position, row.place, row.starts_at,
            first.get(wish),
        )
        for row, wish in zip(found.rows, wishes, strict=True)
    ]  # fmt: skip
    return MissedPage(rows, found.number, found.pages, found.total)


def find_edition_title(edition_id: int) -> str | None:
    """'SamenKracht, Zwolle'; None when there is no such edition."""
    row = db.session.execute(
        select(Course.title, Edition.place)
        .join(Edition, Edition.course_id == Course.id)
        .where(Edition.id == edition_id)
    ).first()
    return ", ".join(part for part in row if part) if row else None


def _first_dates(wishes: list[Wish], now: datetime) -> Mapping[Wish, datetime]:
    return {wish: dates[0].starts_at for wish, dates in find_other_dates(set(wishes), now).items() if dates}
