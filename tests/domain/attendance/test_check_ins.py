"""Saying that one is there: what is kept of it, and what the list makes of it."""

from datetime import timedelta

import pytest

from portal import audit
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.attendance import arrivals, commands
from portal.domain.attendance.arrivals import Arrival, find_by_letters, find_other_meeting, find_own_seat, list_arrivals
from portal.domain.attendance.check_ins import check_in, mark_arrived
from portal.domain.attendance.door import How, own_letters
from portal.domain.attendance.models import AttendanceCheckIn
from portal.domain.attendance.queries import get_meeting_head
from portal.domain.attendance.rules import Mark, Status
from portal.errors import Conflict, NotFound, Refused
from tests import factories
from tests.domain.attendance.test_commands import LATE, Room, room_of
from tests.domain.attendance.test_two_at_once import at_once

KEY = "k" * 32
PRESENT = Mark(Status.PRESENT)
HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def room(app) -> Room:
    return room_of(3)


def come(room: Room, place: int = 0, how: How = How.SCREEN, minutes: int = 5) -> Arrival:
    """The person at this place of the list says so, so many minutes after the start."""
    seat_id = room.rows[place].seat_id
    with transaction():
        return check_in(
            meeting_id=room.meeting_id, seat_id=seat_id, how=how, actor=actor_of(room, place), now=at(room, minutes)
        )


def at(room: Room, minutes: int):
    return room.given.meetings[0].starts_at + timedelta(minutes=minutes)


def actor_of(room: Room, place: int) -> Actor:
    enrolment = db.session.get_one(factories.Enrolment, room.rows[place].enrolment_id)
    return Actor.person(enrolment.person_id)


@pytest.mark.parametrize(
    ("how", "minutes", "mark"),
    [
        (How.SCREEN, 5, PRESENT),
        (How.LETTERS, 0, PRESENT),
        (How.TAKEN_IN, 5, PRESENT),
        (How.PAPER, 5, Mark()),
        (How.SCREEN, -5, Mark()),
        (How.TAKEN_IN, -1, Mark()),
    ],
)
def test_who_comes_in_after_the_start_is_present_save_by_paper(room: Room, how: How, minutes: int, mark: Mark):
    come(room, how=how, minutes=minutes)
    assert list_arrivals(room.meeting_id) == {room.rows[0].seat_id: Arrival(at(room, minutes), how)}
    assert [row.mark for row in room.rows] == [mark, Mark(), Mark()]


@pytest.mark.parametrize("mark", [LATE, Mark(Status.ABSENT), Mark(Status.EXCUSED, excuse="Belde"), PRESENT])
def test_what_the_trainer_chose_stays(room: Room, mark: Mark):
    room.mark(mark, Mark(), Mark())
    marked_by = room.rows[0].marked_by
    come(room)
    assert (room.rows[0].mark, room.rows[0].marked_by) == (mark, marked_by)


def test_preparation_that_was_ticked_before_stays(app):
    room = room_of(1)
    module = db.session.get_one(factories.Module, room.given.meetings[0].module_id)
    module.preparation = "Lees hoofdstuk 2"
    room.mark(Mark(preparation_done=True))
    come(room)
    assert room.rows[0].mark == Mark(Status.PRESENT, preparation_done=True)


def test_coming_in_twice_is_once(room: Room):
    first = come(room, minutes=-10)
    assert come(room, minutes=-5, how=How.PAPER) == first
    assert db.session.query(AttendanceCheckIn).count() == 1
    assert len(audit.list_entries(tag="attendance.checked_in").entries) == 1


def test_who_came_early_and_scans_again_after_the_start_is_present(room: Room):
    first = come(room, minutes=-10)
    assert come(room, minutes=5) == first
    assert room.rows[0].mark == PRESENT


def test_one_button_marks_who_came_early(room: Room):
    for place in (0, 1):
        come(room, place, minutes=-10)
    room.save(commands.Change(room.rows[1].seat_id, commands.fingerprint(Mark()), LATE))
    with transaction():
        marked = mark_arrived(meeting_id=room.meeting_id, actor=room.actor, now=room.now)
    assert marked == (room.rows[0].seat_id,)
    assert [row.mark for row in room.rows] == [PRESENT, LATE, Mark()]
    assert room.rows[0].marked_by == "Noor Jansen"


def test_nobody_is_marked_before_the_start(room: Room):
    come(room, minutes=-10)
    with pytest.raises(Refused), transaction():
        mark_arrived(meeting_id=room.meeting_id, actor=room.actor, now=at(room, -1))
    assert room.rows[0].mark == Mark()


@pytest.mark.parametrize(("how", "minutes"), [(How.SCREEN, -31), (How.SCREEN, 180), (How.PAPER, 30)])
def test_too_early_and_too_late_nothing_is_kept(room: Room, how: How, minutes: int):
    with pytest.raises(Refused):
        come(room, how=how, minutes=minutes)
    assert list_arrivals(room.meeting_id) == {}


def test_a_finished_list_is_left_alone(room: Room):
    room.mark(PRESENT, PRESENT, PRESENT)
    room.finish()
    with pytest.raises(Conflict, match="al afgerond"):
        come(room, how=How.TAKEN_IN, minutes=200)
    assert list_arrivals(room.meeting_id) == {}


def test_a_seat_of_another_meeting_or_that_was_given_up_is_not_there(room: Room):
    other = room_of(1)
    with pytest.raises(NotFound), transaction():
        check_in(
            meeting_id=room.meeting_id,
            seat_id=other.rows[0].seat_id,
            how=How.SCREEN,
            actor=room.actor,
            now=at(room, 5),
        )
    seat_id = room.rows[0].seat_id
    db.session.get_one(factories.Seat, seat_id).released_at = room.now
    db.session.commit()
    with pytest.raises(NotFound), transaction():
        check_in(meeting_id=room.meeting_id, seat_id=seat_id, how=How.SCREEN, actor=room.actor, now=at(room, 5))


def test_two_scans_at_the_very_same_moment_are_one(app, room: Room):
    seat_id, actor, now, meeting_id = room.rows[0].seat_id, actor_of(room, 0), at(room, 5), room.meeting_id
    db.session.commit()

    def scan() -> Arrival:
        return check_in(meeting_id=meeting_id, seat_id=seat_id, how=How.SCREEN, actor=actor, now=now)

    assert at_once(app, scan, scan) == [Arrival(now, How.SCREEN)] * 2
    assert db.session.query(AttendanceCheckIn).count() == 1
    assert len(audit.list_entries(tag="attendance.marked").entries) == 1


def test_letters_find_their_own_seat_in_their_own_meeting(app):
    room, other = room_of(3, modules=2), room_of(2)
    row = room.rows[1]
    letters = own_letters(KEY, row.seat_id)
    found = find_by_letters(KEY, room.meeting_id, letters)
    assert found
    assert (found.seat_id, found.name) == (row.seat_id, row.name)
    for meeting_id in (other.meeting_id, room.given.meetings[1].id):
        assert find_by_letters(KEY, meeting_id, letters) is None
        assert find_other_meeting(KEY, get_meeting_head(meeting_id), letters) == room.given.meetings[0].starts_at
    assert find_other_meeting(KEY, get_meeting_head(room.meeting_id), letters) is None
    assert find_by_letters("x" * 32, room.meeting_id, letters) is None


def test_somebody_finds_only_their_own_seat(room: Room):
    actor = actor_of(room, 1)
    found = find_own_seat(room.meeting_id, actor.id or 0)
    assert found
    assert (found.seat_id, found.arrival) == (room.rows[1].seat_id, None)
    assert find_own_seat(room.meeting_id, room.trainer.id) is None


def test_how_many_are_in(room: Room):
    come(room, 0, minutes=-10)
    come(room, 1, how=How.PAPER)
    assert arrivals.count_in(room.rows, list_arrivals(room.meeting_id)) == 2
    room.mark(LATE, Mark(Status.ABSENT), PRESENT)
    assert arrivals.count_in(room.rows, list_arrivals(room.meeting_id)) == 2


def test_what_the_trainer_reads_beside_a_name(room: Room):
    come(room, 0)
    come(room, 1, how=How.PAPER)
    here = list_arrivals(room.meeting_id)
    room.save(commands.Change(room.rows[1].seat_id, commands.fingerprint(Mark()), LATE))
    said = [arrivals.said_beside(row, here.get(row.seat_id), "Bram") for row in room.rows]
    assert said[0] == "Meldde zich om 09.35 (code aan de deur)."
    assert said[1].startswith("Meldde zich om 09.35 (code op papier). Noor Jansen zette dit om ")
    assert said[2] == ""
    assert arrivals.said_beside(room.rows[1], here[room.rows[1].seat_id], "Noor Jansen") == (
        "Meldde zich om 09.35 (code op papier)."
    )
