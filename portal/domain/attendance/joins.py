"""Going into an online meeting by one's own link, and when people did."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from portal import audit
from portal.audit import Actor
from portal.db import db
from portal.domain.attendance.events import CameIn
from portal.domain.attendance.join_models import MeetingJoin
from portal.domain.attendance.join_rules import WayIn, way_in
from portal.domain.calendar.join_links import Comer
from portal.domain.calendar.rules import leads_in
from portal.domain.catalogue.models import Course, Edition, Meeting, Module
from portal.domain.catalogue.rules import GIVEN
from portal.domain.enrolment.models import Enrolment, Seat
from portal.errors import Conflict, NotFound
from portal.language import _


@dataclass(frozen=True)
class OwnWayIn:
    """One person's way into one meeting. `seat_id` and `enrolment_id`: the seat by which they come in, else the last
    that they had."""

    edition_id: int
    meeting_id: int
    seat_id: int
    enrolment_id: int
    course_title: str
    module_position: int
    module_title: str
    starts_at: datetime
    ends_at: datetime
    link: str
    state: WayIn


def get_way_in(comer: Comer, now: datetime) -> OwnWayIn:
    """The way in of who has, or had, a seat in this meeting; NotFound for anybody else. One query."""
    row = db.session.execute(
        select(
            Meeting.edition_id,
            Seat.id.label("seat_id"),
            Seat.enrolment_id,
            Seat.released_at,
            Edition.state,
            Course.title.label("course_title"),
            Module.position.label("module_position"),
            Module.title.label("module_title"),
            Meeting.starts_at,
            Meeting.ends_at,
            Meeting.link,
        )
        .join(Seat, Seat.meeting_id == Meeting.id)
        .join(Enrolment, Enrolment.id == Seat.enrolment_id)
        .join(Module, Module.id == Meeting.module_id)
        .join(Edition, Edition.id == Meeting.edition_id)
        .join(Course, Course.id == Edition.course_id)
        .where(Meeting.id == comer.meeting_id, Enrolment.person_id == comer.person_id)
        .order_by(Seat.released_at.is_not(None), Seat.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        raise NotFound
    facts = {name: value for name, value in row._mapping.items() if name not in ("released_at", "state")}
    state = way_in(
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        given=row.state in GIVEN,
        has_seat=row.released_at is None,
        has_link=leads_in(row.link),
        now=now,
    )
    return OwnWayIn(**facts, meeting_id=comer.meeting_id, state=state)


def join_meeting(*, comer: Comer, actor: Actor, now: datetime) -> str:
    """Notes that somebody goes in by their own link, and returns the address of the meeting. Every time is kept; the
    log has the first.

    Conflict when it is not open to them now; NotFound for who never had a seat."""
    found = get_way_in(comer, now)
    if found.state is not WayIn.OPEN:
        raise Conflict(_("Je kunt nu niet naar binnen."))
    # Two presses at once come one after the other, so that one of them is the first.
    db.session.execute(select(Seat.id).where(Seat.id == found.seat_id).with_for_update())
    before = db.session.scalar(select(func.count()).where(MeetingJoin.seat_id == found.seat_id))
    db.session.add(MeetingJoin(seat_id=found.seat_id, at=now))
    db.session.flush()
    if not before:
        event = CameIn(edition_id=found.edition_id, meeting_id=found.meeting_id, enrolment_id=found.enrolment_id)
        audit.record(event, actor=actor, at=now)
    return found.link


def list_first_joins(meeting_id: int) -> dict[int, datetime]:
    """When people first went into a meeting by their own link, by seat. One query."""
    rows = db.session.execute(
        select(MeetingJoin.seat_id, func.min(MeetingJoin.at).label("at"))
        .join(Seat, Seat.id == MeetingJoin.seat_id)
        .where(Seat.meeting_id == meeting_id)
        .group_by(MeetingJoin.seat_id)
        .order_by(MeetingJoin.seat_id)
    )
    return {row.seat_id: row.at for row in rows}
