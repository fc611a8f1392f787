"""Saying that one is there, and what becomes of the list by it. The trainer has the last word."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from portal import audit
from portal.audit import Actor
from portal.db import db
from portal.domain.attendance.arrivals import Arrival, list_arrivals, list_to_mark
from portal.domain.attendance.commands import Change, lock_list, mark
from portal.domain.attendance.door import MARKS, Hindrance, How, hindrance, hindrance_in_words
from portal.domain.attendance.events import CheckedIn
from portal.domain.attendance.models import AttendanceCheckIn
from portal.domain.attendance.queries import MeetingHead, SeatRow, get_seat_row, list_seat_rows
from portal.domain.attendance.rules import Status, fingerprint
from portal.errors import Conflict, Refused


def check_in(*, meeting_id: int, seat_id: int, how: How, actor: Actor, now: datetime) -> Arrival:
    """Keeps that somebody is there, once: a second time nothing is noted, and the first is returned.

    After the beginning it marks them present, unless they are marked already or came by the code on paper. `actor`:
    they themselves, also by their letters; the trainer who takes them in. Refused too early or too late, Conflict when
    the list is finished, NotFound for a seat that is not (or no longer) in this meeting."""
    head = lock_list(meeting_id)
    _require_open_door(head, how, now)
    row = get_seat_row(meeting_id, seat_id)
    arrival = list_arrivals(meeting_id).get(seat_id) or _note(head, row, how, actor, now)
    if how in MARKS and now >= head.starts_at and row.mark.status is None:
        _mark_present(meeting_id, [row], actor, now)
    return arrival


def mark_arrived(*, meeting_id: int, actor: Actor, now: datetime) -> tuple[int, ...]:
    """Marks everybody present who said that they are there and is not marked yet. Returns their seats, for take_back.
    Errors: as mark."""
    lock_list(meeting_id)
    rows = list_to_mark(list_seat_rows(meeting_id), list_arrivals(meeting_id))
    return _mark_present(meeting_id, rows, actor, now)


def _require_open_door(head: MeetingHead, how: How, now: datetime) -> None:
    found = hindrance(
        how, starts_at=head.starts_at, ends_at=head.ends_at, finished=head.finished_at is not None, now=now
    )
    if found is not None:
        sentence = hindrance_in_words(found, how, starts_at=head.starts_at)
        raise Conflict(sentence) if found is Hindrance.FINISHED else Refused(sentence)


def _note(head: MeetingHead, row: SeatRow, how: How, actor: Actor, now: datetime) -> Arrival:
    db.session.add(AttendanceCheckIn(seat_id=row.seat_id, at=now, how=how))
    db.session.flush()
    happened = CheckedIn(edition_id=head.edition_id, meeting_id=head.id, enrolment_id=row.enrolment_id, how=how)
    audit.record(happened, actor=actor, at=now)
    return Arrival(now, how)


def _mark_present(meeting_id: int, rows: Iterable[SeatRow], actor: Actor, now: datetime) -> tuple[int, ...]:
    changes = [Change(row.seat_id, fingerprint(row.mark), replace(row.mark, status=Status.PRESENT)) for row in rows]
    return mark(meeting_id=meeting_id, changes=changes, actor=actor, now=now).seat_ids
