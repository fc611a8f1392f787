"""Keeping what phones send: each tap once, each with an answer, none lost."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import insert, select

from portal import audit
from portal.audit import Actor, Event
from portal.db import db
from portal.domain.accounts.queries import get_person
from portal.domain.attendance import mails
from portal.domain.attendance.commands import lock_list, write_each
from portal.domain.attendance.events import AttendanceMarked, TapNotKept
from portal.domain.attendance.models import AttendanceTap
from portal.domain.attendance.queries import MeetingHead, SeatRow, list_seat_rows, mark_of
from portal.domain.attendance.rules import Mark, fingerprint, in_short, problem_of, tidy
from portal.domain.attendance.tap_rules import (
    Answer,
    Tap,
    answer_in_words,
    corrected,
    is_late,
    judge,
    said_of,
    same_content,
)
from portal.errors import Refused
from portal.language import _

MOST_TAPS = 200


@dataclass(frozen=True)
class Answered:
    """What became of the tap with this key. `sentence`: what the phone says about it, empty for what was kept."""

    key: str
    seat_id: int
    answer: Answer
    sentence: str


@dataclass(frozen=True)
class _Known:
    """What a key stood for when it came first."""

    seat_id: int
    mark: Mark
    answer: Answer


def keep_taps(
    *, meeting_id: int, taps: Sequence[Tap], phone_now: datetime, actor: Actor, now: datetime
) -> list[Answered]:
    """Keeps what a phone sends for a meeting, in the order in which it was tapped, and answers every tap by its key.

    `phone_now`: what the phone's clock said at sending. A tap that cannot be kept keeps no other from being kept; what
    came before under the same key is answered as it was then, and counts once. Refused, with nothing kept, for more
    than MOST_TAPS at once; NotFound for a meeting that is not there. When taps waited on the phone for more than a day,
    the sender and the office hear of it."""
    if len(taps) > MOST_TAPS:
        raise Refused(_("Stuur hooguit %(most)s wijzigingen tegelijk.", most=MOST_TAPS))
    keeping = _Keeping(lock_list(meeting_id), actor, now)
    known = _known([tap.key for tap in taps])
    dated = [(corrected(tap.tapped_at, phone_now=phone_now, now=now), tap) for tap in taps]
    answered = []
    for at, tap in sorted(dated, key=lambda pair: (pair[0] or now, pair[1].tapped_at)):
        first = known.get(tap.key)
        answer = keeping.again(tap, first) if first else keeping.judge(tap, at)
        known.setdefault(tap.key, _Known(tap.seat_id, tap.mark, answer))
        answered.append(Answered(tap.key, tap.seat_id, answer, keeping.words(tap.seat_id, answer)))
    keeping.store()
    return answered


def _known(keys: Sequence[str]) -> dict[str, _Known]:
    rows = db.session.scalars(select(AttendanceTap).where(AttendanceTap.key.in_(keys)))
    return {row.key: _Known(row.seat_id, mark_of(row), Answer(row.answer)) for row in rows}


class _Keeping:
    """The list of a meeting while taps are put on it, one after the other."""

    def __init__(self, head: MeetingHead, actor: Actor, now: datetime) -> None:
        if actor.id is None:
            raise ValueError("attendance is kept by a person")
        self.head, self.actor, self.now = head, actor, now
        self.marker = get_person(actor.id)
        self.before = {row.seat_id: row for row in list_seat_rows(head.id)}
        self.rows = dict(self.before)
        self.taps: list[dict[str, object]] = []
        self.events: list[Event] = []
        self.dated: list[datetime] = []

    def judge(self, tap: Tap, at: datetime | None) -> Answer:
        """What becomes of a tap that has not come before, at its corrected instant."""
        row = self.rows.get(tap.seat_id)
        if row is None:
            return Answer.NOT_HERE
        wanted = tidy(tap.mark)
        if not self.head.preparation:
            wanted = replace(wanted, preparation_done=False)
        answer = judge(
            at,
            row.marked_at,
            starts_at=self.head.starts_at,
            finished=self.head.finished_at is not None,
            complete=problem_of(wanted, lasts_minutes=self.head.lasts_minutes) is None,
        )
        if answer == Answer.KEPT and at is not None:
            self._mark(row, wanted, at)
        else:
            self._not_kept(row, tap, answer, at)
        self.taps.append(self._columns(tap, answer, at))
        if at is not None:
            self.dated.append(at)
        return answer

    def again(self, tap: Tap, first: _Known) -> Answer:
        """The first answer once more, unless something else came under the same key."""
        if same_content(tap, first.seat_id, first.mark):
            return first.answer
        if row := self.rows.get(tap.seat_id):
            self._not_kept(row, tap, Answer.OTHER_CONTENT, None)
        return Answer.OTHER_CONTENT

    def words(self, seat_id: int, answer: Answer) -> str:
        """What the phone says about this answer."""
        row = self.rows.get(seat_id)
        name = row.name if row else ""
        said = said_of(row.mark, by=row.marked_by, at=row.marked_at) if row else ""
        return answer_in_words(answer, name, starts_at=self.head.starts_at, said=said)

    def store(self) -> None:
        """Writes what is different now, the taps and the log."""
        changed = [(self.before[seat_id], row) for seat_id, row in self.rows.items() if row is not self.before[seat_id]]
        write_each([(old, row.mark, row.marked_at) for old, row in changed if row.marked_at], actor=self.actor)
        if self.taps:
            db.session.execute(insert(AttendanceTap), self.taps)
        for event in self.events:
            audit.record(event, actor=self.actor, at=self.now)
        if late := sum(is_late(at, self.now) for at in self.dated):
            mails.came_late(self.marker, self.head, late, self.now)

    def _mark(self, row: SeatRow, wanted: Mark, at: datetime) -> None:
        self.rows[row.seat_id] = replace(row, mark=wanted, marked_at=at, marked_by=self.marker.name)
        if fingerprint(wanted) != fingerprint(row.mark):
            before, after = in_short(row.mark), in_short(wanted)
            self.events.append(AttendanceMarked(*self._about(row), before=before, after=after, tapped_at=at))

    def _not_kept(self, row: SeatRow, tap: Tap, answer: Answer, at: datetime | None) -> None:
        standing, wanted = in_short(row.mark), in_short(tap.mark)
        self.events.append(TapNotKept(*self._about(row), standing=standing, wanted=wanted, answer=answer, tapped_at=at))

    def _about(self, row: SeatRow) -> tuple[int, int, int]:
        return self.head.edition_id, self.head.id, row.enrolment_id

    def _columns(self, tap: Tap, answer: Answer, at: datetime | None) -> dict[str, object]:
        return {
            "key": tap.key,
            "meeting_id": self.head.id,
            "seat_id": tap.seat_id,
            "person_id": self.marker.id,
            "status": tap.mark.status,
            "minutes_late": tap.mark.minutes_late,
            "minutes_left_early": tap.mark.minutes_left_early,
            "excuse": tap.mark.excuse,
            "preparation_done": tap.mark.preparation_done,
            "tapped_at": at,
            "received_at": self.now,
            "answer": answer,
        }
