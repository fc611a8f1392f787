"""What phones send: every tap counts once, the last change by the clock wins, and none is lost without a word."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal import audit
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.attendance import commands
from portal.domain.attendance.models import AttendanceTap
from portal.domain.attendance.queries import SeatRow, list_seat_rows
from portal.domain.attendance.rules import Mark, Status
from portal.domain.attendance.tap_rules import Answer, Tap, corrected, is_late, judge
from portal.domain.attendance.taps import MOST_TAPS, Answered, keep_taps
from portal.errors import NotFound, Refused
from portal.mail import OutgoingMail
from tests import factories

PRESENT, ABSENT, LATE = Mark(Status.PRESENT), Mark(Status.ABSENT), Mark(Status.LATE, 10)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
STARTS = datetime(2027, 3, 4, 8, 30, tzinfo=UTC)
instants = st.timedeltas(-300 * DAY, 300 * DAY).map(lambda since: STARTS + since)


class Room:
    """A meeting of three people, an hour after it began, with two trainers who have a phone each."""

    def __init__(self) -> None:
        self.noor, self.samir = (factories.person(name=name) for name in ("Noor Jansen", "Samir Haddou"))
        given = factories.edition_with_meetings(factories.course_with_modules(1))
        for name in ("Amira", "Bram", "Dewi"):
            factories.enrolment(given, factories.person(name=name))
        self.meeting = given.meetings[0]
        self.elsewhere = factories.edition_with_meetings(factories.course_with_modules(1)).meetings[0]
        self.starts_at, self.ends_at = self.meeting.starts_at, self.meeting.ends_at
        self.id = self.meeting.id
        db.session.commit()
        self.now = self.starts_at + timedelta(hours=1)

    @property
    def rows(self) -> list[SeatRow]:
        return list_seat_rows(self.id)

    @property
    def seats(self) -> list[int]:
        return [row.seat_id for row in self.rows]

    @property
    def marks(self) -> list[Mark]:
        return [row.mark for row in self.rows]

    def tap(self, seat: int, mark: Mark, ago: timedelta = MINUTE, key: str = "") -> Tap:
        """A tap on the person in this place of the list, so long ago."""
        return Tap(key or str(uuid.uuid4()), self.seats[seat], self.now - ago, mark)

    def send(self, *taps: Tap, who: int | None = None, phone_now: datetime | None = None) -> list[Answered]:
        with transaction():
            return keep_taps(
                meeting_id=self.id,
                taps=taps,
                phone_now=phone_now or self.now,
                actor=Actor.person(who or self.noor.id),
                now=self.now,
            )

    def finish(self) -> None:
        self.now = self.ends_at + MINUTE
        with transaction():
            commands.finish(
                meeting_id=self.id, signed_name="Noor Jansen", actor=Actor.person(self.noor.id), now=self.now
            )


@pytest.fixture
def room(app) -> Room:
    return Room()


def answers(found: Sequence[Answered]) -> list[Answer]:
    return [one.answer for one in found]


def logged(tag: str) -> list[dict[str, object]]:
    return [entry.facts for entry in audit.list_entries(tag=tag).entries]


def test_taps_are_kept_as_of_the_moment_they_were_made(room: Room):
    assert answers(room.send(room.tap(0, PRESENT, 20 * MINUTE), room.tap(1, LATE))) == [Answer.KEPT, Answer.KEPT]
    assert [row.mark for row in room.rows[:2]] == [PRESENT, LATE]
    assert [row.marked_at for row in room.rows] == [room.now - 20 * MINUTE, room.now - MINUTE, None]
    assert {entry["tapped_at"] for entry in logged("attendance.marked")} == {
        (room.now - 20 * MINUTE).isoformat(),
        (room.now - MINUTE).isoformat(),
    }


def test_three_times_sent_is_counted_once(room: Room):
    tap = room.tap(0, PRESENT)
    found = [answers(room.send(tap)) for _ in range(3)]
    assert found == [[Answer.KEPT]] * 3
    assert db.session.scalar(select(func.count()).select_from(AttendanceTap)) == 1
    assert len(logged("attendance.marked")) == 1
    assert answers(room.send(tap, tap)) == [Answer.KEPT, Answer.KEPT]


def test_a_second_time_changes_nothing_that_somebody_did_since(room: Room):
    tap = room.tap(0, PRESENT, 2 * MINUTE)
    room.send(tap)
    room.send(room.tap(0, ABSENT), who=room.samir.id)
    room.send(tap)
    assert room.marks[0] == ABSENT


def test_the_last_change_by_the_clock_wins_whoever_comes_first(room: Room):
    late, early = room.tap(0, ABSENT, MINUTE), room.tap(0, PRESENT, 5 * MINUTE)
    room.send(late, who=room.samir.id)
    (lost,) = room.send(early)
    assert (lost.answer, room.marks[0]) == (Answer.OLDER, ABSENT)
    at = (room.now - MINUTE).astimezone(factories.clock.AMSTERDAM).strftime("%H.%M")
    assert lost.sentence == f"Samir Haddou zette dit om {at} op Afwezig."
    (kept_too,) = logged("attendance.tap_not_kept")
    assert (kept_too["wanted"], kept_too["standing"], kept_too["answer"]) == (
        "present/0/0/unprepared",
        "absent/0/0/unprepared",
        "older",
    )
    assert {row.answer for row in db.session.scalars(select(AttendanceTap))} == {"kept", "older"}


def test_a_batch_is_taken_in_the_order_in_which_it_was_tapped(room: Room):
    room.send(room.tap(0, ABSENT, MINUTE), room.tap(0, PRESENT, 3 * MINUTE), room.tap(0, LATE, 2 * MINUTE))
    assert room.marks[0] == ABSENT
    assert [entry["after"][:4] for entry in reversed(logged("attendance.marked"))] == ["pres", "late", "abse"]


def test_an_undone_tap_is_not_marked_again(room: Room):
    room.send(room.tap(0, PRESENT, 2 * MINUTE), room.tap(0, Mark(), MINUTE))
    assert room.marks[0].status is None


@pytest.mark.parametrize("off", [-DAY, -3 * MINUTE, 3 * MINUTE, DAY])
def test_a_clock_that_is_off_is_put_right(room: Room, off: timedelta):
    tap = room.tap(0, PRESENT, 5 * MINUTE)
    wrong = Tap(tap.key, tap.seat_id, tap.tapped_at + off, tap.mark)
    assert answers(room.send(wrong, phone_now=room.now + off)) == [Answer.KEPT]
    assert room.rows[0].marked_at == room.now - 5 * MINUTE


def test_what_cannot_be_kept_is_asked_about_by_name_and_the_rest_is_kept(room: Room):
    strange = Tap(str(uuid.uuid4()), 987654, room.now - MINUTE, PRESENT)
    used = room.tap(2, PRESENT)
    room.send(used)
    found = room.send(
        room.tap(0, PRESENT, 90 * MINUTE),
        room.tap(0, Mark(Status.LATE), 3 * MINUTE),
        room.tap(0, PRESENT, -5 * MINUTE),
        Tap(used.key, used.seat_id, used.tapped_at, ABSENT),
        strange,
        room.tap(1, LATE),
    )
    said = {one.answer: one.sentence for one in found}
    assert set(said) == {
        Answer.EARLY,
        Answer.INCOMPLETE,
        Answer.CLOCK,
        Answer.OTHER_CONTENT,
        Answer.NOT_HERE,
        Answer.KEPT,
    }
    assert all(said[answer] for answer in said if answer != Answer.KEPT)
    for answer, name in (
        (Answer.EARLY, "Amira"),
        (Answer.INCOMPLETE, "Amira"),
        (Answer.CLOCK, "Amira"),
        (Answer.OTHER_CONTENT, "Dewi"),
    ):
        assert name in said[answer]
    assert room.marks == [Mark(), LATE, PRESENT]
    assert sorted(entry["answer"] for entry in logged("attendance.tap_not_kept")) == [
        "clock",
        "early",
        "incomplete",
        "other_content",
    ]


def test_after_the_list_was_finished_a_tap_changes_nothing_and_says_where_it_can(room: Room):
    room.send(*(room.tap(place, PRESENT) for place in range(3)))
    room.finish()
    (refused,) = room.send(room.tap(1, ABSENT))
    assert refused.answer == Answer.FINISHED
    assert refused.sentence == "De lijst is al afgerond. Wijzig Bram daar, met een reden."
    assert room.marks == [PRESENT] * 3


def test_a_seat_of_another_meeting_is_nobody_here(room: Room):
    with transaction():
        (found,) = keep_taps(
            meeting_id=room.elsewhere.id,
            taps=[room.tap(0, PRESENT)],
            phone_now=room.now,
            actor=Actor.person(room.noor.id),
            now=room.now,
        )
    assert found.answer == Answer.NOT_HERE
    assert room.marks[0] == Mark()


def test_a_meeting_that_is_not_there_is_not_found(room: Room):
    room.id = 987654
    with pytest.raises(NotFound):
        room.send()


def test_too_many_at_once_are_refused_whole(room: Room):
    tap = room.tap(0, PRESENT)
    with pytest.raises(Refused, match="hooguit 200"):
        room.send(*(Tap(str(uuid.uuid4()), tap.seat_id, tap.tapped_at, PRESENT) for _ in range(MOST_TAPS + 1)))
    assert room.marks[0] == Mark()


def test_what_waited_longer_than_a_day_is_told_to_sender_and_office_once_a_day(room: Room):
    room.now = room.ends_at + 2 * DAY
    room.send(room.tap(0, PRESENT, 2 * DAY + 30 * MINUTE), room.tap(1, PRESENT, 2 * DAY + 20 * MINUTE))
    room.send(room.tap(2, PRESENT, 2 * DAY + 10 * MINUTE))
    told = db.session.scalars(select(OutgoingMail).where(OutgoingMail.kind == "attendance.came_late")).all()
    assert len({mail.to_address for mail in told}) == len(told) == 2
    assert room.noor.email in {mail.to_address for mail in told}
    assert all("2 keuzes op de lijst van" in mail.text_body for mail in told)


def test_what_comes_within_a_day_is_no_news(room: Room):
    room.now = room.starts_at + DAY
    room.send(room.tap(0, PRESENT, DAY))
    assert db.session.scalars(select(OutgoingMail)).all() == []


@given(tapped=instants, gap=st.timedeltas(timedelta(0), timedelta(days=9)), off=st.timedeltas(-400 * DAY, 400 * DAY))
def test_the_phones_own_error_never_matters(tapped: datetime, gap: timedelta, off: timedelta):
    now = tapped + gap
    at = corrected(tapped + off, phone_now=now + off, now=now)
    assert at is not None
    assert at == tapped if abs(off) > MINUTE else abs(at - tapped) <= MINUTE


def test_time_under_way_does_not_make_a_tap_later():
    sent, arrived = STARTS, STARTS + timedelta(seconds=20)
    assert corrected(STARTS - MINUTE, phone_now=sent, now=arrived) == STARTS - MINUTE


@given(tapped=instants, phone_now=instants, now=instants)
def test_no_tap_is_ever_dated_after_it_arrived(tapped: datetime, phone_now: datetime, now: datetime):
    at = corrected(tapped, phone_now=phone_now, now=now)
    assert (at is None) == (tapped > phone_now + timedelta(seconds=60))
    assert at is None or at <= now


@pytest.mark.parametrize(
    ("after_start", "changed", "finished", "complete", "answer"),
    [
        (timedelta(seconds=-1), None, False, True, Answer.EARLY),
        (timedelta(0), None, False, True, Answer.KEPT),
        (MINUTE, MINUTE, False, True, Answer.KEPT),
        (MINUTE, MINUTE + timedelta(microseconds=1), False, True, Answer.OLDER),
        (MINUTE, None, True, True, Answer.FINISHED),
        (MINUTE, None, False, False, Answer.INCOMPLETE),
        (timedelta(seconds=-1), None, True, False, Answer.EARLY),
        (MINUTE, 2 * MINUTE, True, True, Answer.FINISHED),
        (MINUTE, 2 * MINUTE, False, False, Answer.INCOMPLETE),
    ],
)
def test_what_becomes_of_a_tap(
    after_start: timedelta, changed: timedelta | None, finished: bool, complete: bool, answer: Answer
):
    changed_at = None if changed is None else STARTS + changed
    found = judge(STARTS + after_start, changed_at, starts_at=STARTS, finished=finished, complete=complete)
    assert found == answer


@pytest.mark.parametrize(("waited", "late"), [(DAY, False), (DAY + timedelta(seconds=1), True), (timedelta(0), False)])
def test_a_day_on_the_phone_is_too_long(waited: timedelta, late: bool):
    assert is_late(STARTS, STARTS + waited) == late
