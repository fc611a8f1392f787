"""What asks for the office's attention, kind by kind: each one query that also counts what it does not return."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from portal import clock
from portal.db import db
from portal.domain.attendance.models import Attendance, AttendanceSheet
from portal.domain.attendance.rules import ATTENDED
from portal.domain.attendance.walk_in_models import WalkIn
from portal.domain.attendance.walk_ins import Answer
from portal.domain.calendar.replies import count_open
from portal.domain.catalogue.models import Accreditation, Course, Edition, Meeting, Module
from portal.domain.catalogue.rules import GIVEN, EditionState
from portal.domain.certificates.models import Certificate
from portal.domain.enrolment.models import Enrolment, Seat
from portal.domain.enrolment.policy import current_policy
from portal.domain.enrolment.rules import EnrolmentState
from portal.domain.handover.rules import due_on
from portal.domain.handover.subjects import last_meetings, open_pairs
from portal.domain.incompany.models import TrainingRequest
from portal.domain.incompany.rules import answer_by
from portal.domain.reporting.rules import (
    ACCREDITATION_NOTICE,
    DECISION_NOTICE,
    REPLY_NOTICE,
    WALK_IN_NOTICE,
    Attention,
    Matter,
    editions_after,
)
from portal.mail.models import MailState, OutgoingMail

TOTAL: ColumnElement[int] = func.count().over().label("total")
PEOPLE = (
    select(func.count(Enrolment.id))
    .where(Enrolment.edition_id == Edition.id, Enrolment.state != EnrolmentState.CANCELLED)
    .correlate(Edition)
    .scalar_subquery()
)


@dataclass(frozen=True)
class OfOneKind:
    """Some things of one kind, and how many there are."""

    things: list[Attention]
    total: int


def ending_accreditations(now: datetime, limit: int) -> OfOneKind:
    """Grants that end within 90 days and have no successor, those of one course, register and day together; `number`
    counts the editions that still meet afterwards. Two queries."""
    today = clock.local_date(now)
    later = aliased(Accreditation)
    renewed = exists().where(
        later.register_code == Accreditation.register_code,
        or_(later.course_id == Accreditation.course_id, later.module_id == Accreditation.module_id),
        later.id != Accreditation.id,
        or_(later.valid_until.is_(None), later.valid_until > Accreditation.valid_until),
    )
    owner = func.coalesce(Accreditation.course_id, Module.course_id)
    rows = db.session.execute(
        select(Course.id, Course.title, Accreditation.register_code, Accreditation.valid_until, TOTAL)
        .outerjoin(Module, Module.id == Accreditation.module_id)
        .join(Course, Course.id == owner)
        .where(Accreditation.valid_until.between(today, today + ACCREDITATION_NOTICE), ~renewed)
        .group_by(Course.id, Course.title, Accreditation.register_code, Accreditation.valid_until)
        .order_by(Accreditation.valid_until, Course.id, Accreditation.register_code)
        .limit(limit)
    ).all()
    last_days = _last_days({row.id for row in rows}, now)
    return _of_one_kind(
        rows,
        lambda row: Attention(
            Matter.ACCREDITATION,
            row.valid_until,
            editions_after(row.valid_until, last_days[row.id]),
            row.id,
            row.title,
            row.register_code,
        ),
    )


def waiting_requests() -> OfOneKind:
    """Requests for in-company trainings without an answer, all in one thing: due when the oldest one is."""
    row = db.session.execute(
        select(TrainingRequest.organisation_name, TrainingRequest.requested_at, TOTAL)
        .where(TrainingRequest.answered_at.is_(None))
        .order_by(TrainingRequest.requested_at, TrainingRequest.id)
        .limit(1)
    ).first()
    if row is None:
        return OfOneKind([], 0)
    due_on = answer_by(clock.local_date(row.requested_at))
    return OfOneKind([Attention(Matter.REQUESTS, due_on, row.total, name=row.organisation_name)], 1)


def open_sheets(now: datetime, limit: int) -> OfOneKind:
    """Meetings that are over, had people or have them counted only, and whose attendance is not finished. Due on their
    own day."""
    rows = db.session.execute(
        select(
            Meeting.id, Course.title, Module.title.label("module"), Edition.place, Meeting.ends_at, Meeting.taken, TOTAL
        )
        .join(Edition, Edition.id == Meeting.edition_id)
        .join(Course, Course.id == Edition.course_id)
        .join(Module, Module.id == Meeting.module_id)
        .outerjoin(AttendanceSheet, AttendanceSheet.meeting_id == Meeting.id)
        .where(
            Meeting.ends_at <= now,
            or_(Meeting.taken > 0, Edition.counted_only),
            Edition.state.in_(GIVEN),
            AttendanceSheet.meeting_id.is_(None),
        )
        .order_by(Meeting.ends_at, Meeting.id)
        .limit(limit)
    ).all()
    return _of_one_kind(
        rows,
        lambda row: Attention(
            Matter.SHEET, clock.local_date(row.ends_at), row.taken, row.id, row.title, row.module, row.place
        ),
    )


def ready_for_certificates(limit: int) -> OfOneKind:
    """Editions with people who may have a certificate and never had one: every list with a seat of theirs is finished,
    also in other editions, they are marked on each, and they attended something. What is made up elsewhere counts
    instead of what was missed. Due on the day of the last finished list."""
    attended, undecided = _attended_and_undecided()
    had_one = select(Certificate.id).where(Certificate.enrolment_id == Enrolment.id)
    of_all = aliased(Enrolment)
    last_list = (
        select(func.max(AttendanceSheet.finished_at))
        .join(Seat, Seat.meeting_id == AttendanceSheet.meeting_id)
        .join(of_all, of_all.id == Seat.enrolment_id)
        .where(of_all.edition_id == Edition.id, Seat.released_at.is_(None))
        .correlate(Edition)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Edition.id, Course.title, Edition.place, func.count().label("people"), last_list.label("since"), TOTAL)
        .join(Course, Course.id == Edition.course_id)
        .join(Enrolment, Enrolment.edition_id == Edition.id)
        .where(
            Enrolment.state != EnrolmentState.CANCELLED,
            attended.exists(),
            ~undecided.exists(),
            ~had_one.exists(),
        )
        .group_by(Edition.id, Course.title, Edition.place)
        .order_by(Edition.starts_on, Edition.id)
        .limit(limit)
    ).all()
    return _of_one_kind(
        rows,
        lambda row: Attention(
            Matter.CERTIFICATES, clock.local_date(row.since), row.people, row.id, row.title, place=row.place
        ),
    )


def points_to_hand_over(now: datetime, limit: int) -> OfOneKind:
    """Editions, for each register, with points that are still on their way there; `detail` is the register. Due so many
    days after the last meeting as the office decided. Two queries."""
    pairs, ended = open_pairs().subquery("pairs"), last_meetings()
    rows = db.session.execute(
        select(Edition.id, Course.title, Edition.place, pairs.c.register_code, ended.c.ended_at, TOTAL)
        .select_from(pairs)
        .join(ended, ended.c.edition_id == pairs.c.edition_id)
        .join(Edition, Edition.id == pairs.c.edition_id)
        .join(Course, Course.id == Edition.course_id)
        .where(ended.c.ended_at <= now)
        .order_by(ended.c.ended_at, Edition.id, pairs.c.register_code)
        .limit(limit)
    ).all()
    days = current_policy(now).handover_days
    return _of_one_kind(
        rows,
        lambda row: Attention(
            Matter.HANDOVER,
            due_on(clock.local_date(row.ended_at), days),
            thing_id=row.id,
            name=row.title,
            detail=row.register_code,
            place=row.place,
        ),
    )


def undecided_editions(now: datetime, limit: int) -> OfOneKind:
    """Tentative editions of which it must be decided within two weeks, or should have been; `number` is how many people
    they lack. Due on the day of the decision."""
    decide_on = func.coalesce(Edition.decide_on, Edition.starts_on)
    wanted = (Edition.state == EditionState.TENTATIVE, decide_on <= clock.local_date(now) + DECISION_NOTICE)
    rows = _with_people(decide_on, (decide_on.label("due_on"),), wanted, limit)
    return _of_one_kind(
        rows,
        lambda row: Attention(Matter.MINIMUM, row.due_on, row.minimum - row.people, row.id, row.title, place=row.place),
    )


def thinned_out_editions(now: datetime, limit: int) -> OfOneKind:
    """Confirmed editions that people left since, so that fewer take part than were needed, or than the office let it go
    ahead with; `number` is how many fewer. Due on the day before they begin."""
    promised = case((Edition.confirmed_with < Edition.minimum, Edition.confirmed_with), else_=Edition.minimum)
    wanted = (
        Edition.state == EditionState.CONFIRMED,
        Edition.starts_on > clock.local_date(now),
        promised > PEOPLE,
    )
    rows = _with_people(Edition.starts_on, (Edition.starts_on, promised.label("promised")), wanted, limit)
    return _of_one_kind(
        rows,
        lambda row: Attention(
            Matter.PROMISED,
            row.starts_on - timedelta(days=1),
            row.promised - row.people,
            row.id,
            row.title,
            place=row.place,
        ),
    )


def declined_in_calendars(now: datetime) -> OfOneKind:
    """People whose calendar said that they do not come and who did not say yet whether that is so, all in one thing:
    due three days after the oldest answer, and at the latest on the day of the first meeting."""
    found = count_open(now)
    if found.oldest_at is None or found.first_meeting_at is None:
        return OfOneKind([], 0)
    due_on = min(clock.local_date(found.oldest_at) + REPLY_NOTICE, clock.local_date(found.first_meeting_at))
    return OfOneKind([Attention(Matter.REPLIES, due_on, found.number)], 1)


def unconfirmed_walk_ins(now: datetime, limit: int) -> OfOneKind:
    """Who was added at the door three days ago or longer and did not confirm: as long as they do not, there is nothing
    to bill. Due on the third day."""
    rows = db.session.execute(
        select(WalkIn.enrolment_id, WalkIn.added_at, Enrolment.participant_name, Course.title, TOTAL)
        .join(Enrolment, Enrolment.id == WalkIn.enrolment_id)
        .join(Edition, Edition.id == Enrolment.edition_id)
        .join(Course, Course.id == Edition.course_id)
        .where(
            WalkIn.answer == Answer.AWAITED,
            WalkIn.added_at <= now - WALK_IN_NOTICE,
            Enrolment.state != EnrolmentState.CANCELLED,
        )
        .order_by(WalkIn.added_at, WalkIn.enrolment_id)
        .limit(limit)
    ).all()
    return _of_one_kind(
        rows,
        lambda row: Attention(
            Matter.WALK_IN,
            clock.local_date(row.added_at + WALK_IN_NOTICE),
            1,
            row.enrolment_id,
            row.participant_name,
            row.title,
        ),
    )


def failed_mail() -> OfOneKind:
    """Mails that could not be sent, all in one thing: due on the day that the oldest was written."""
    row = db.session.execute(
        select(func.count().label("mails"), func.min(OutgoingMail.queued_at).label("since")).where(
            OutgoingMail.state == MailState.FAILED
        )
    ).one()
    if not row.mails:
        return OfOneKind([], 0)
    return OfOneKind([Attention(Matter.MAIL, clock.local_date(row.since), row.mails)], 1)


def _with_people(by: Any, own: tuple[Any, ...], wanted: tuple[ColumnElement[bool], ...], limit: int) -> Any:
    """Editions with how many people take part, in the order of `by`."""
    return db.session.execute(
        select(Edition.id, Course.title, Edition.place, Edition.minimum, PEOPLE.label("people"), *own, TOTAL)
        .join(Course, Course.id == Edition.course_id)
        .where(*wanted)
        .order_by(by, Edition.id)
        .limit(limit)
    ).all()


def _attended_and_undecided() -> tuple[Select[int], Select[int]]:
    """The seats of an enrolment that were attended, and those that wait for their list; a stand-in takes the place of
    the seat that was missed."""
    seats = select(Seat.id).where(Seat.enrolment_id == Enrolment.id, Seat.released_at.is_(None))
    marks = seats.outerjoin(Attendance, Attendance.seat_id == Seat.id)
    stand_in = aliased(Seat)
    replaced = select(stand_in.id).where(stand_in.instead_of_id == Seat.id, stand_in.released_at.is_(None))
    sheets = marks.outerjoin(AttendanceSheet, AttendanceSheet.meeting_id == Seat.meeting_id)
    waits = or_(AttendanceSheet.meeting_id.is_(None), Attendance.status.is_(None))
    return marks.where(Attendance.status.in_(ATTENDED)), sheets.where(waits, ~replaced.exists())


def _of_one_kind(rows: Any, made: Any) -> OfOneKind:
    return OfOneKind([made(row) for row in rows], rows[0].total if rows else 0)


def _last_days(course_ids: set[int], now: datetime) -> dict[int, dict[int, date]]:
    """Of each course: its editions that still meet, and the day of their last meeting."""
    rows = db.session.execute(
        select(Edition.course_id, Edition.id, func.max(Meeting.starts_at).label("last"))
        .join(Meeting, Meeting.edition_id == Edition.id)
        .where(Edition.course_id.in_(course_ids), Edition.state != EditionState.CANCELLED, Meeting.starts_at > now)
        .group_by(Edition.course_id, Edition.id)
    )
    found: dict[int, dict[int, date]] = defaultdict(dict)
    for row in rows:
        found[row.course_id][row.id] = clock.local_date(row.last)
    return found
