"""Guests of another edition and people of its own, at once for the last seat: the database decides."""

from flask import Flask
from sqlalchemy import func, select

from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.accreditation.make_ups import book_make_up
from portal.domain.attendance.models import Attendance
from portal.domain.catalogue.models import Meeting
from portal.domain.enrolment.commands import Participant, enrol
from portal.domain.enrolment.models import Enrolment, Seat
from portal.domain.enrolment.rules import ContractParty
from portal.domain.enrolment.stand_ins import swap_seat
from portal.errors import Conflict
from tests import factories
from tests.domain.enrolment.test_races import at_once
from tests.make_up_scenes import Scene, given_twice, hold

EACH = 8


def absent_again(scene: Scene) -> Enrolment:
    """One more person who was absent at dagdeel 2."""
    made = factories.enrolment(scene.zwolle)
    seat = db.session.query(Seat).filter_by(enrolment_id=made.id, meeting_id=scene.zwolle.meetings[1].id).one()
    ended = scene.zwolle.meetings[1].ends_at
    factories.add(Attendance(seat_id=seat.id, status="absent", marked_at=ended, marked_by_id=scene.trainer.id))
    return made


def taken(meeting_id: int) -> int:
    db.session.rollback()
    return db.session.scalars(select(Meeting.taken).where(Meeting.id == meeting_id)).one()


def held(meeting_id: int) -> int:
    in_it = select(func.count(Seat.id)).where(Seat.meeting_id == meeting_id, Seat.released_at.is_(None))
    return db.session.scalar(in_it) or 0


def test_the_last_seat_goes_to_one_guest_or_one_of_its_own_people(app: Flask):
    scene = given_twice(capacity=1)
    now = hold(scene.zwolle, 2, absent=[scene.dewi])
    guests = [scene.dewi.id, *(absent_again(scene).id for _number in range(EACH - 1))]
    module_id, meeting_id = scene.course.modules[1].id, scene.deventer.meetings[1].id
    edition_id, terms_id = scene.deventer.edition.id, factories.terms().id

    def come(number: int) -> bool:
        try:
            with transaction():
                if number < EACH:
                    book_make_up(
                        enrolment_id=guests[number],
                        module_id=module_id,
                        meeting_id=meeting_id,
                        actor=Actor.system(),
                        now=now,
                    )
                else:
                    enrol(
                        edition_id=edition_id,
                        module_ids=[module_id],
                        participant=Participant("Şule", f"koper{number}@zorg.example"),
                        contract_party=ContractParty.PARTICIPANT,
                        terms_version_id=terms_id,
                        actor=Actor.visitor(),
                        now=now,
                    )
        except Conflict:
            return False
        return True

    assert at_once(app, come, 2 * EACH) == 1
    assert (taken(meeting_id), held(meeting_id)) == (1, 1)


def test_who_presses_ten_times_makes_up_once(app: Flask):
    scene = given_twice()
    now = hold(scene.zwolle, 2, absent=[scene.dewi])
    third = factories.edition_with_meetings(scene.course, scene.deventer.meetings[3].ends_at.date(), place="Ede")
    module_id, enrolment_id = scene.course.modules[1].id, scene.dewi.id
    meetings = [scene.deventer.meetings[1].id, third.meetings[1].id]

    def press(number: int) -> bool:
        try:
            with transaction():
                book_make_up(
                    enrolment_id=enrolment_id,
                    module_id=module_id,
                    meeting_id=meetings[number % 2],
                    actor=Actor.system(),
                    now=now,
                )
        except Conflict:
            return False
        return True

    assert at_once(app, press, 10) == 1
    assert sum(taken(meeting_id) for meeting_id in meetings) == sum(held(meeting_id) for meeting_id in meetings) == 1


def test_people_who_swap_with_one_another_do_not_wait_in_a_circle(app: Flask):
    """Half of them from Zwolle to Deventer, half the other way round."""
    scene = given_twice()
    there = [factories.enrolment(scene.zwolle).id for _number in range(EACH // 2)]
    back = [factories.enrolment(scene.deventer).id for _number in range(EACH // 2)]
    module_id, now = scene.course.modules[1].id, factories.clock.now()
    meetings = [scene.zwolle.meetings[1].id, scene.deventer.meetings[1].id]

    def swap(number: int) -> bool:
        with transaction():
            swap_seat(
                enrolment_id=(there + back)[number],
                module_id=module_id,
                meeting_id=meetings[1 if number < EACH // 2 else 0],
                actor=Actor.system(),
                now=now,
            )
        return True

    assert at_once(app, swap, EACH) == EACH
    assert [taken(meeting_id) for meeting_id in meetings] == [held(meeting_id) for meeting_id in meetings]
    assert [taken(meeting_id) for meeting_id in meetings] == [1 + EACH // 2, EACH // 2]
