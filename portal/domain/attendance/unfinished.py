"""Lists that nobody finished, for the worker: a day after the meeting its trainers and the office hear of it, once."""

from datetime import datetime, timedelta

from sqlalchemy import exists, or_, select
from sqlalchemy.exc import IntegrityError

from portal.db import db, transaction
from portal.domain.accounts.models import Person
from portal.domain.attendance import mails
from portal.domain.attendance.models import AttendanceSheet
from portal.domain.attendance.queries import get_meeting_head, list_seat_rows
from portal.domain.catalogue.models import Edition, Meeting
from portal.domain.catalogue.rules import GIVEN
from portal.domain.enrolment.models import Seat
from portal.domain.enrolment.reminder_models import ReminderRound

# By when a list should be finished: decision of the foundation.
FINISHED_WITHIN = timedelta(days=1)
# Older ones are known by now; a mail about them would only surprise, such as when the portal comes into use.
NO_LONGER_ASKED = timedelta(days=14)
KIND = "unfinished_list"


def ask_to_finish(now: datetime) -> int:
    """Tells of the next list that is not finished in time; returns 0 when there is none. For the worker: it opens its
    own transaction. Raises SQLAlchemyError when the database fails; the next call goes on."""
    meeting_id = _find_unfinished(now)
    if meeting_id is None:
        return 0
    with transaction():
        head = get_meeting_head(meeting_id)
        if not _note(meeting_id, head.starts_at) or head.finished_at:
            return 1
        trainers = db.session.scalars(select(Person).where(Person.id.in_(head.trainer_ids)).order_by(Person.id)).all()
        rows = list_seat_rows(meeting_id)
        mails.unfinished(trainers, head, sum(row.mark.status is not None for row in rows), len(rows), now)
    return 1


def _find_unfinished(now: datetime) -> int | None:
    """One query. A meeting in which nobody has a seat has no list to finish, unless its people are counted only."""
    told = exists().where(ReminderRound.meeting_id == Meeting.id, ReminderRound.kind == KIND)
    finished = exists().where(AttendanceSheet.meeting_id == Meeting.id)
    expected = or_(Edition.counted_only, exists().where(Seat.meeting_id == Meeting.id, Seat.released_at.is_(None)))
    return db.session.scalar(
        select(Meeting.id)
        .join(Edition, Edition.id == Meeting.edition_id)
        .where(Meeting.ends_at <= now - FINISHED_WITHIN, Meeting.ends_at > now - NO_LONGER_ASKED)
        .where(Edition.state.in_(GIVEN), ~finished, ~told, expected)
        .order_by(Meeting.ends_at, Meeting.id)
        .limit(1)
    )


def _note(meeting_id: int, starts_at: datetime) -> bool:
    """That this meeting was told of; False when another worker did so at the same moment."""
    try:
        with db.session.begin_nested():
            db.session.add(
                ReminderRound(meeting_id=meeting_id, kind=KIND, starts_at=starts_at, days=FINISHED_WITHIN.days)
            )
    except IntegrityError:
        return False
    return True
