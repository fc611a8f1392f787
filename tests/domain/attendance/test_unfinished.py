"""A list that nobody finished: who hears of it, when, and how often."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from portal import worker
from portal.db import db
from portal.domain.attendance.rules import NOT_MARKED
from portal.domain.attendance.unfinished import ask_to_finish
from portal.domain.catalogue.models import MeetingTrainer
from portal.domain.catalogue.rules import EditionState
from portal.mail import OutgoingMail
from tests import factories
from tests.domain.attendance.test_commands import PRESENT, Room, room_of

DAY = timedelta(days=1)


@pytest.fixture
def room(app) -> Room:
    """Given by two trainers, one of whom reads English; one of three people is marked."""
    made = room_of(3)
    english = factories.person(name="Ann Smith", language="en")
    for trainer in (made.trainer, english):
        factories.add(MeetingTrainer(meeting_id=made.meeting_id, person_id=trainer.id))
    db.session.commit()
    made.mark(PRESENT, NOT_MARKED, NOT_MARKED)
    return made


def ended(room: Room) -> datetime:
    return room.given.meetings[0].ends_at


def mails() -> list[OutgoingMail]:
    wanted = select(OutgoingMail).where(OutgoingMail.kind == "attendance.unfinished").order_by(OutgoingMail.id)
    return list(db.session.scalars(wanted))


def all_done(now: datetime) -> int:
    """How many pieces of work there were."""
    return next(number for number in range(100) if ask_to_finish(now) == 0)


def test_trainers_and_the_office_hear_it_once_from_a_day_after_the_end_on(room: Room):
    assert all_done(ended(room) + DAY - timedelta(seconds=1)) == 0
    assert all_done(ended(room) + DAY) == 1
    assert all_done(ended(room) + 2 * DAY) == 0
    told = {mail.to_name: mail for mail in mails()}
    assert sorted(told) == ["Ann Smith", "Bureau", "Noor Jansen"]
    assert {mail.language for mail in told.values()} == {"nl", "en"}
    assert told["Ann Smith"].subject.startswith("Not finished yet:")
    said = told["Bureau"].text_body
    assert "Ingevuld: 1 van de 3 mensen." in said
    assert "Noor Jansen, Ann Smith" in said
    assert f"/bijeenkomsten/{room.meeting_id}/presentie" in said
    assert "Deelnemer" not in said


def finished(room: Room) -> None:
    room.mark(PRESENT, PRESENT, PRESENT)
    room.finish()


def cancelled(room: Room) -> None:
    room.given.edition.state = EditionState.CANCELLED


def emptied(room: Room) -> None:
    for row in room.rows:
        db.session.get(factories.Seat, row.seat_id).released_at = room.now


@pytest.mark.parametrize("how", [finished, cancelled, emptied])
def test_what_needs_no_finishing_is_not_asked_for(room: Room, how: Callable[[Room], None]):
    how(room)
    db.session.commit()
    assert all_done(ended(room) + DAY) == 0
    assert mails() == []


def test_a_number_that_nobody_signed_is_asked_for_without_a_list(app):
    given = factories.edition_with_meetings(
        factories.course_with_modules(1), trainer=factories.person(name="Noor Jansen"), counted_only=True
    )
    db.session.commit()
    assert all_done(given.meetings[0].ends_at + DAY) == 1
    assert {mail.to_name for mail in mails()} == {"Noor Jansen", "Bureau"}
    assert "is nog niet geteld en getekend." in mails()[0].text_body
    assert "Ingevuld" not in mails()[0].text_body


def test_old_lists_are_left_alone(room: Room):
    assert all_done(ended(room) + 14 * DAY) == 0
    assert all_done(ended(room) + 14 * DAY - timedelta(seconds=1)) == 1


def test_a_meeting_without_a_trainer_is_told_to_the_office(app):
    room = room_of(1)
    assert all_done(ended(room) + DAY) == 1
    (mail,) = mails()
    assert (mail.to_name, "niemand" in mail.text_body) == ("Bureau", True)


def test_several_lists_are_told_of_one_after_the_other(room: Room):
    other = room_of(2)
    assert all_done(max(ended(room), ended(other)) + DAY) == 2
    assert len(mails()) == 4


def test_two_workers_at_once_tell_it_once(app, room: Room):
    now, start, faults = ended(room) + DAY, Barrier(4), []

    def work() -> None:
        with app.app_context():
            start.wait()
            try:
                ask_to_finish(now)
            except Exception as fault:
                faults.append(fault)

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert faults == []
    assert len(mails()) == 3


def test_the_worker_does_it():
    assert ask_to_finish in worker.DUE_WORK


def test_who_finishes_afterwards_is_not_reminded_of_it_again(room: Room):
    all_done(ended(room) + DAY)
    finished(room)
    assert all_done(ended(room) + 3 * DAY) == 0
