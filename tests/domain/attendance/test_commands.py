"""Keeping a meeting's list: what is stored, who clashes, and what the log notes."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from portal import audit, clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.accounts.models import Person
from portal.domain.attendance import commands
from portal.domain.attendance.commands import Change
from portal.domain.attendance.models import Attendance, AttendanceSheet
from portal.domain.attendance.queries import SeatRow, list_seat_rows
from portal.domain.attendance.rules import NOT_MARKED, Mark, Status, fingerprint
from portal.domain.catalogue.models import Meeting
from portal.domain.enrolment.models import Enrolment
from portal.domain.enrolment.rules import EnrolmentState
from portal.errors import Conflict, NotFound, Refused
from tests import factories
from tests.factories import EditionAndMeetings
from tests.plugins.portal import Queries

PRESENT = Mark(Status.PRESENT)
LATE = Mark(Status.LATE, 10)
Counting = Callable[[], AbstractContextManager[Queries]]


@dataclass
class Room:
    """A meeting that ended a minute ago, with its trainer and the people in it."""

    given: EditionAndMeetings
    meeting_id: int
    trainer: Person
    now: datetime

    @property
    def actor(self) -> Actor:
        return Actor.person(self.trainer.id)

    @property
    def rows(self) -> list[SeatRow]:
        return list_seat_rows(self.meeting_id)

    @property
    def statuses(self) -> list[Status | None]:
        return [row.mark.status for row in self.rows]

    def mark(self, *marks: Mark, actor: Actor | None = None) -> commands.Marked:
        """Saves the whole list as a form does, everybody's old mark beside the new one."""
        changes = [
            Change(row.seat_id, fingerprint(row.mark), wanted) for row, wanted in zip(self.rows, marks, strict=True)
        ]
        return self.save(*changes, actor=actor)

    def save(self, *changes: Change, actor: Actor | None = None, now: datetime | None = None) -> commands.Marked:
        with transaction():
            return commands.mark(
                meeting_id=self.meeting_id, changes=changes, actor=actor or self.actor, now=now or self.now
            )

    def finish(self, signed_name: str | None = None) -> list[int]:
        with transaction():
            return commands.finish(
                meeting_id=self.meeting_id,
                signed_name=self.trainer.name if signed_name is None else signed_name,
                actor=self.actor,
                now=self.now,
            )

    def amend(self, row: SeatRow, wanted: Mark, reason: str = "Stond op de verkeerde regel") -> int | None:
        with transaction():
            return commands.amend(
                meeting_id=self.meeting_id,
                seat_id=row.seat_id,
                was=fingerprint(row.mark),
                wanted=wanted,
                reason=reason,
                actor=self.actor,
                now=self.now,
            )


def room_of(people: int, modules: int = 1) -> Room:
    given = factories.edition_with_meetings(factories.course_with_modules(modules), capacity=40)
    for number in range(people):
        factories.enrolment(given, factories.person(name=f"Deelnemer {number:02}"))
    meeting = given.meetings[0]
    room = Room(given, meeting.id, factories.person(name="Noor Jansen"), meeting.ends_at + timedelta(minutes=1))
    db.session.commit()
    return room


@pytest.fixture
def room(app) -> Room:
    return room_of(3)


def events(tag: str) -> list[audit.TrailEntry]:
    return audit.list_entries(tag=tag).entries


def test_marks_are_kept_as_they_were_given(room: Room):
    excused = Mark(Status.EXCUSED, excuse="Ziek gemeld")
    room.mark(PRESENT, LATE, excused)
    assert [row.mark for row in room.rows] == [PRESENT, LATE, excused]
    assert {row.marked_by for row in room.rows} == {"Noor Jansen"}
    assert {row.marked_at for row in room.rows} == {room.now}


def test_only_what_changed_is_stored_and_logged(room: Room):
    room.mark(PRESENT, LATE, NOT_MARKED)
    done = room.mark(PRESENT, PRESENT, NOT_MARKED)
    assert done.seat_ids == (room.rows[1].seat_id,)
    noted = [(entry.facts["before"], entry.facts["after"]) for entry in events("attendance.marked")]
    assert noted == [
        ("late/10/0/unprepared", "present/0/0/unprepared"),
        ("open/0/0/unprepared", "late/10/0/unprepared"),
        ("open/0/0/unprepared", "present/0/0/unprepared"),
    ]
    assert db.session.query(Attendance).count() == 2


def test_two_trainers_do_not_overwrite_one_another(room: Room):
    other = factories.person(name="Bram Postma")
    shown = [Change(row.seat_id, fingerprint(row.mark), NOT_MARKED) for row in room.rows]
    room.save(Change(shown[0].seat_id, shown[0].was, LATE), actor=Actor.person(other.id))
    # The second trainer still looks at the empty list, and marks the first two.
    done = room.save(
        Change(shown[0].seat_id, shown[0].was, PRESENT),
        Change(shown[1].seat_id, shown[1].was, PRESENT),
        Change(shown[2].seat_id, shown[2].was, NOT_MARKED),
    )
    assert [row.name for row in done.clashes] == ["Deelnemer 00"]
    assert room.statuses == [Status.LATE, Status.PRESENT, None]
    time = clock.local(room.now).strftime("%H.%M")
    assert commands.clash_in_words(done.clashes[0]) == (
        f"Bram Postma zette Deelnemer 00 om {time} op Te laat. Bewaar nog eens als jouw keuze klopt."
    )


def test_a_row_that_i_left_alone_keeps_what_the_other_trainer_made_of_it(room: Room):
    shown = [Change(row.seat_id, fingerprint(row.mark), NOT_MARKED) for row in room.rows]
    room.mark(LATE, NOT_MARKED, NOT_MARKED)
    assert room.save(*shown) == commands.Marked((), ())
    assert room.statuses == [Status.LATE, None, None]


def test_two_trainers_who_agree_do_not_clash(room: Room):
    row = room.rows[0]
    room.mark(PRESENT, NOT_MARKED, NOT_MARKED)
    assert room.save(Change(row.seat_id, fingerprint(row.mark), PRESENT)) == commands.Marked((), ())


def test_a_seat_of_another_meeting_is_not_found(room: Room):
    other = room_of(1)
    with pytest.raises(NotFound):
        room.save(Change(other.rows[0].seat_id, fingerprint(NOT_MARKED), PRESENT))
    assert other.statuses == [None]


def test_a_released_seat_is_not_on_the_list(room: Room):
    row = room.rows[0]
    db.session.execute(
        Attendance.__table__.insert().values(
            seat_id=row.seat_id,
            status="present",
            minutes_late=0,
            minutes_left_early=0,
            excuse="",
            preparation_done=False,
            marked_at=room.now,
            marked_by_id=room.trainer.id,
        )
    )
    seat = db.session.get(commands.Seat, row.seat_id)
    seat.released_at = room.now
    db.session.commit()
    assert [row.name for row in room.rows] == ["Deelnemer 01", "Deelnemer 02"]
    with pytest.raises(NotFound):
        room.save(Change(row.seat_id, row.marked_by or "", PRESENT))


@pytest.mark.parametrize(("seconds", "allowed"), [(-1, False), (0, True), (1, True)])
def test_nobody_is_marked_before_the_meeting_begins(room: Room, seconds: int, allowed: bool):
    row = room.rows[0]
    now = db.session.get(Meeting, room.meeting_id).starts_at + timedelta(seconds=seconds)
    change = Change(row.seat_id, fingerprint(row.mark), PRESENT)
    if allowed:
        room.save(change, now=now)
    else:
        with pytest.raises(Refused, match="Deze bijeenkomst begint"):
            room.save(change, now=now)
    assert room.statuses[0] == (Status.PRESENT if allowed else None)


def test_a_mark_that_is_not_complete_keeps_the_whole_list_as_it_was(room: Room):
    with pytest.raises(Refused, match="hoeveel minuten Deelnemer 01 te laat was"):
        room.mark(PRESENT, Mark(Status.LATE), PRESENT)
    assert room.statuses == [None, None, None]


def test_preparation_is_kept_only_where_the_module_asks_for_it(room: Room):
    prepared = Mark(Status.PRESENT, preparation_done=True)
    room.mark(prepared, NOT_MARKED, NOT_MARKED)
    assert room.rows[0].mark == PRESENT
    module = room.given.meetings[0].module_id
    db.session.get(factories.Module, module).preparation = "Lees hoofdstuk 2"
    db.session.commit()
    room.mark(prepared, Mark(None, preparation_done=True), NOT_MARKED)
    assert [row.mark.preparation_done for row in room.rows] == [True, True, False]
    assert room.statuses == [Status.PRESENT, None, None]


def test_the_rest_is_there_and_can_be_taken_back(room: Room):
    room.mark(LATE, NOT_MARKED, NOT_MARKED)
    with transaction():
        marked = commands.mark_rest_present(meeting_id=room.meeting_id, actor=room.actor, now=room.now)
    assert room.statuses == [Status.LATE, Status.PRESENT, Status.PRESENT]
    assert marked == tuple(row.seat_id for row in room.rows[1:])
    # Somebody changes one of them before it is taken back: that one stays.
    room.mark(LATE, PRESENT, Mark(Status.ABSENT))
    with transaction():
        undone = commands.take_back(meeting_id=room.meeting_id, seat_ids=marked, actor=room.actor, now=room.now)
    assert undone == marked[:1]
    assert room.statuses == [Status.LATE, None, Status.ABSENT]


def test_a_list_with_open_rows_is_not_finished_and_names_them(room: Room):
    room.mark(PRESENT, NOT_MARKED, NOT_MARKED)
    with pytest.raises(Refused) as raised:
        room.finish()
    assert raised.value.sentence == "Nog 2 mensen zijn niet ingevuld: Deelnemer 01, Deelnemer 02."
    assert db.session.get(AttendanceSheet, room.meeting_id) is None


@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_a_list_is_finished_from_the_end_of_the_meeting_on(room: Room, seconds: int):
    ends_at = room.given.meetings[0].ends_at
    room.now = ends_at + timedelta(seconds=seconds)
    room.mark(PRESENT, PRESENT, PRESENT)
    if seconds < 0:
        with pytest.raises(Refused) as raised:
            room.finish()
        assert raised.value.sentence == "Je kunt afronden vanaf 12.30 uur, als de bijeenkomst voorbij is."
        assert states() == [EnrolmentState.ENROLLED] * 3
    else:
        room.finish()
        assert states() == [EnrolmentState.COMPLETED] * 3
    assert (db.session.get(AttendanceSheet, room.meeting_id) is None) == (seconds < 0)


def test_many_open_rows_are_counted(app):
    with pytest.raises(Refused) as raised:
        room_of(7).finish()
    assert raised.value.sentence == (
        "Nog 7 mensen zijn niet ingevuld: "
        "Deelnemer 00, Deelnemer 01, Deelnemer 02, Deelnemer 03, Deelnemer 04 en nog 2."
    )


@pytest.mark.parametrize("typed", ["", "Bram Postma", "Noor"])
def test_finishing_asks_for_ones_own_name(room: Room, typed: str):
    room.mark(PRESENT, PRESENT, PRESENT)
    with pytest.raises(Refused) as raised:
        room.finish(typed)
    assert (raised.value.field, raised.value.sentence) == (
        "signed_name",
        "Vul je naam in zoals we die kennen: Noor Jansen.",
    )


def test_a_finished_list_is_locked_and_signed(room: Room):
    room.mark(PRESENT, LATE, Mark(Status.ABSENT))
    room.finish("noor jansen")
    sheet = db.session.get(AttendanceSheet, room.meeting_id)
    assert (sheet.signed_name, sheet.finished_at, sheet.finished_by_id) == ("noor jansen", room.now, room.trainer.id)
    (entry,) = events("attendance.finished")
    assert (entry.facts["people"], entry.facts["attended"]) == (3, 2)
    for attempt in (
        lambda: room.mark(PRESENT, PRESENT, PRESENT),
        room.finish,
        lambda: commands.mark_rest_present(meeting_id=room.meeting_id, actor=room.actor, now=room.now),
        lambda: commands.take_back(meeting_id=room.meeting_id, seat_ids=[], actor=room.actor, now=room.now),
    ):
        with pytest.raises(Conflict, match="al afgerond"):
            attempt()
    assert room.statuses == [Status.PRESENT, Status.LATE, Status.ABSENT]


def test_who_attended_every_meeting_is_done_when_the_last_list_is_finished(app):
    first = room_of(3, modules=2)
    first.mark(PRESENT, PRESENT, Mark(Status.ABSENT))
    first.finish()
    assert states() == [EnrolmentState.ENROLLED] * 3
    meeting = first.given.meetings[1]
    last = Room(first.given, meeting.id, first.trainer, meeting.ends_at)
    last.mark(PRESENT, Mark(Status.EXCUSED), PRESENT)
    last.finish()
    assert states() == [EnrolmentState.COMPLETED, EnrolmentState.ENROLLED, EnrolmentState.ENROLLED]
    enrolment = db.session.scalars(select(Enrolment).order_by(Enrolment.id)).first()
    assert enrolment.completed_on == clock.local_date(meeting.starts_at)


def test_an_amendment_keeps_what_was_and_why(room: Room):
    room.mark(PRESENT, PRESENT, PRESENT)
    room.finish()
    assert states() == [EnrolmentState.COMPLETED] * 3
    assert room.amend(room.rows[0], Mark(Status.ABSENT), "Zat in de andere groep") == room.rows[0].enrolment_id
    assert room.statuses == [Status.ABSENT, Status.PRESENT, Status.PRESENT]
    assert states() == [EnrolmentState.ENROLLED, EnrolmentState.COMPLETED, EnrolmentState.COMPLETED]
    (entry,) = events("attendance.amended")
    assert {name: entry.facts[name] for name in ("before", "after", "reason")} == {
        "before": "present/0/0/unprepared",
        "after": "absent/0/0/unprepared",
        "reason": "Zat in de andere groep",
    }
    room.amend(room.rows[0], LATE)
    assert states() == [EnrolmentState.COMPLETED] * 3


@pytest.mark.parametrize("reason", ["", "x" * 501])
def test_an_amendment_needs_a_reason(room: Room, reason: str):
    room.mark(PRESENT, PRESENT, PRESENT)
    room.finish()
    with pytest.raises(Refused) as raised:
        room.amend(room.rows[0], LATE, reason)
    assert raised.value.field == "reason"
    assert room.statuses[0] == Status.PRESENT


def test_an_amendment_to_the_same_mark_changes_nothing(room: Room):
    room.mark(PRESENT, PRESENT, PRESENT)
    room.finish()
    assert room.amend(room.rows[0], PRESENT) is None
    assert events("attendance.amended") == []


def test_an_open_list_is_not_amended(room: Room):
    with pytest.raises(Conflict, match="nog niet afgerond"):
        room.amend(room.rows[0], PRESENT)


def test_two_amendments_of_one_row_clash(room: Room):
    room.mark(PRESENT, PRESENT, PRESENT)
    room.finish()
    shown = room.rows[0]
    room.amend(shown, LATE)
    with pytest.raises(Conflict, match="op Te laat"):
        room.amend(shown, Mark(Status.ABSENT))
    assert room.statuses[0] == Status.LATE


def test_an_amendment_does_not_go_back_to_not_marked(room: Room):
    room.mark(PRESENT, PRESENT, PRESENT)
    room.finish()
    with pytest.raises(Refused, match="Kies of Deelnemer 00 er was"):
        room.amend(room.rows[0], NOT_MARKED)


def test_saving_thirty_people_asks_as_many_queries_as_saving_three(app, count_queries: Counting):
    counted = []
    for people in (3, 30):
        room = room_of(people)
        changes = [Change(row.seat_id, fingerprint(row.mark), LATE) for row in room.rows]
        with count_queries() as queries:
            room.save(*changes)
        counted.append(len(queries))
        assert len(room.rows) == people
        assert set(room.statuses) == {Status.LATE}
    assert counted[0] == counted[1]
    assert counted[0] <= 12


def states() -> list[str]:
    return list(db.session.scalars(select(Enrolment.state).order_by(Enrolment.id)))
