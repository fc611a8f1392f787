"""The office's start page, in a fixed number of queries however much there is."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import case, func, select

from portal import clock
from portal.db import db
from portal.domain.attendance.models import Attendance, AttendanceSheet
from portal.domain.catalogue.models import Course, Edition, Meeting, Module
from portal.domain.catalogue.rules import AHEAD, GIVEN, EditionState
from portal.domain.enrolment.models import Enrolment, Seat, WaitingListEntry
from portal.domain.enrolment.rules import EnrolmentState
from portal.domain.reporting.attention import (
    declined_in_calendars,
    ending_accreditations,
    failed_mail,
    open_sheets,
    points_to_hand_over,
    ready_for_certificates,
    thinned_out_editions,
    unconfirmed_walk_ins,
    undecided_editions,
    waiting_requests,
)
from portal.domain.reporting.rules import MOST_SHOWN, AttentionList, Filling, fullest, most_urgent

__all__ = ["AttentionList", "TodaysMeeting", "count_seats", "list_attention", "list_filling", "list_todays_meetings"]


@dataclass(frozen=True)
class TodaysMeeting:
    """A meeting of today. `marked` of `taken` people are marked on its list; of one that is `counted_only` there is no
    list."""

    id: int
    edition_id: int
    course: str
    module: str
    place: str
    starts_at: datetime
    ends_at: datetime
    taken: int
    marked: int
    finished: bool
    counted_only: bool


def list_attention(*, now: datetime, limit: int = MOST_SHOWN) -> AttentionList:
    """What waits for the office, the earliest deadline first. Each thing is gone once it is done. Twelve queries."""
    found, total = [], 0
    for of_one_kind in (
        ending_accreditations(now, limit),
        waiting_requests(),
        open_sheets(now, limit),
        ready_for_certificates(limit),
        points_to_hand_over(now, limit),
        undecided_editions(now, limit),
        thinned_out_editions(now, limit),
        declined_in_calendars(now),
        unconfirmed_walk_ins(now, limit),
        failed_mail(),
    ):
        found += of_one_kind.things
        total += of_one_kind.total
    return most_urgent(found, total, limit)


def list_filling(*, now: datetime, limit: int = 8) -> list[Filling]:
    """The next published editions that have not begun and that people enrol in, the soonest first, and how full they
    are. Four queries."""
    begun = select(Meeting.id).where(Meeting.edition_id == Edition.id, Meeting.starts_at <= now).exists()
    rows = db.session.execute(
        select(
            Edition.id,
            Course.title,
            Edition.place,
            Edition.delivery,
            Edition.starts_on,
            case((Edition.state == EditionState.TENTATIVE, Edition.minimum), else_=0).label("minimum"),
        )
        .join(Course, Course.id == Edition.course_id)
        .where(
            Edition.state.in_(AHEAD),
            Edition.starts_on >= clock.local_date(now),
            ~begun,
            ~Edition.counted_only,
        )
        .order_by(Edition.starts_on, Edition.id)
        .limit(limit)
    ).all()
    ids = [row.id for row in rows]
    seats = count_seats(ids)
    people = _counted(
        select(Enrolment.edition_id, func.count())
        .where(Enrolment.edition_id.in_(ids), Enrolment.state != EnrolmentState.CANCELLED)
        .group_by(Enrolment.edition_id)
    )
    waiting = _counted(
        select(WaitingListEntry.edition_id, func.count())
        .where(WaitingListEntry.edition_id.in_(ids), WaitingListEntry.left_at.is_(None))
        .group_by(WaitingListEntry.edition_id)
    )
    return [
        Filling(
            row.id, row.title, row.place, row.delivery, row.starts_on, *seats.get(row.id, (0, 0)),
            people.get(row.id, 0), row.minimum, waiting.get(row.id, 0),
        )
        for row in rows
    ]  # fmt: skip


def count_seats(edition_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """(taken, capacity) in the fullest meeting of each of these editions that has meetings. One query."""
    seats: dict[int, list[tuple[int, int]]] = defaultdict(list)
    of_these = select(Meeting.edition_id, Meeting.taken, Meeting.capacity).where(Meeting.edition_id.in_(edition_ids))
    for meeting in db.session.execute(of_these.order_by(Meeting.starts_at, Meeting.id)):
        seats[meeting.edition_id].append((meeting.taken, meeting.capacity))
    return {edition_id: fullest(meetings) for edition_id, meetings in seats.items()}


def list_todays_meetings(*, now: datetime, limit: int = 20) -> list[TodaysMeeting]:
    """The meetings of today in Amsterdam, of published editions, in order of time. One query."""
    midnight = datetime.combine(clock.local_date(now), time(), UTC).replace(tzinfo=None)
    marked = (
        select(func.count(Attendance.seat_id))
        .join(Seat, Seat.id == Attendance.seat_id)
        .where(Seat.meeting_id == Meeting.id, Seat.released_at.is_(None), Attendance.status.is_not(None))
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(
            Meeting.id,
            Meeting.edition_id,
            Course.title.label("course"),
            Module.title.label("module"),
            Edition.place,
            Meeting.starts_at,
            Meeting.ends_at,
            Meeting.taken,
            marked.label("marked"),
            AttendanceSheet.meeting_id.is_not(None).label("finished"),
            Edition.counted_only,
        )
        .join(Edition, Edition.id == Meeting.edition_id)
        .join(Course, Course.id == Edition.course_id)
        .join(Module, Module.id == Meeting.module_id)
        .outerjoin(AttendanceSheet, AttendanceSheet.meeting_id == Meeting.id)
        .where(
            Edition.state.in_(GIVEN),
            Meeting.starts_at >= clock.from_local(midnight),
            Meeting.starts_at < clock.from_local(midnight + timedelta(days=1)),
        )
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(limit)
    )
    return [TodaysMeeting(**row._mapping) for row in rows]


def _counted(wanted: Any) -> dict[int, int]:
    return {row[0]: row[1] for row in db.session.execute(wanted)}
