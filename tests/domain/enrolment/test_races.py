"""Many at once for a few seats: the database decides, and without its guard too many are sold."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import func, select, update

from portal import clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.accounts.models import Person
from portal.domain.catalogue.models import Edition, Meeting
from portal.domain.catalogue.rules import EditionState
from portal.domain.enrolment import commands, edition_life
from portal.domain.enrolment.commands import Participant, save_draft
from portal.domain.enrolment.drafts import find_draft
from portal.domain.enrolment.models import Enrolment, Seat
from portal.domain.enrolment.rules import ContractParty, EnrolmentState
from portal.errors import Conflict, Refused
from portal.mail import OutgoingMail
from tests import factories

BUYERS = 60
SEATS = 5


def at_once(app: Flask, work: Callable[[int], bool], workers: int = BUYERS) -> int:
    """How many of so many threads, each with its own connection, were told yes."""
    barrier = Barrier(workers)

    def run(number: int) -> bool:
        with app.app_context():
            barrier.wait()
            return work(number)

    db.session.commit()
    with ThreadPoolExecutor(workers) as pool:
        return sum(pool.map(run, range(workers)))


@pytest.fixture
def edition_id(app: Flask) -> int:
    made = factories.edition_with_meetings(factories.course_with_modules(2), capacity=SEATS).edition.id
    db.session.commit()
    return made


def enrol(edition_id: int, terms_id: int, who: str, draft_id: int | None = None, module_id: int | None = None) -> bool:
    try:
        with transaction():
            return not commands.enrol(
                edition_id=edition_id,
                module_ids=None if module_id is None else [module_id],
                participant=Participant("Şule", who),
                contract_party=ContractParty.PARTICIPANT,
                terms_version_id=terms_id,
                draft_id=draft_id,
                actor=Actor.visitor(),
                now=clock.now(),
            ).already
    except Conflict:
        return False


def taken(edition_id: int) -> list[int]:
    return list(db.session.scalars(select(Meeting.taken).where(Meeting.edition_id == edition_id)))


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_sixty_at_once_for_five_seats_sell_exactly_five(app: Flask, edition_id: int):
    terms_id = factories.terms().id
    sold = at_once(app, lambda number: enrol(edition_id, terms_id, f"koper{number}@zorg.example"))
    assert sold == SEATS
    assert taken(edition_id) == [SEATS, SEATS]
    assert (count(Enrolment), count(Seat), count(OutgoingMail), count(Person)) == (5, 10, 5, 5)


def test_who_enrols_while_a_meeting_is_moved_reads_the_new_time_in_mail_and_calendar(app: Flask, edition_id: int):
    meeting_id, starts_at = db.session.execute(
        select(Meeting.id, Meeting.starts_at).where(Meeting.edition_id == edition_id).order_by(Meeting.id)
    ).first() or (0, clock.now())
    terms_id, has_moved = factories.terms().id, Event()
    db.session.commit()

    def move() -> None:
        with app.app_context(), transaction():
            later = starts_at + timedelta(hours=4)
            commands.move_meeting(
                meeting_id=meeting_id,
                starts_at=later,
                ends_at=later + timedelta(hours=3),
                venue="",
                link="",
                actor=Actor.visitor(),
                now=clock.now(),
            )
            has_moved.set()
            time.sleep(0.5)

    with ThreadPoolExecutor(1) as pool:
        mover = pool.submit(move)
        assert has_moved.wait(10)
        assert enrol(edition_id, terms_id, "sule@zorg.example")
        mover.result()
    mail = db.session.scalars(select(OutgoingMail)).one()
    first = next(iter(Calendar.from_ical(mail.calendar or b"").walk("VEVENT")))
    assert first["dtstart"].dt == starts_at + timedelta(hours=4)
    assert ("13.30" in mail.text_body, mail.text_body.count("9.30")) == (True, 1)


def test_the_same_loop_without_the_guard_sells_too_many(app: Flask, edition_id: int):
    """Counts first and writes then: whoever looks in between sells the same seat again."""
    meeting_id = db.session.scalars(select(Meeting.id).where(Meeting.edition_id == edition_id)).first()
    everybody_has_looked = Barrier(BUYERS)

    def count_then_write(_number: int) -> bool:
        seen, seats = db.session.execute(select(Meeting.taken, Meeting.capacity).where(Meeting.id == meeting_id)).one()
        db.session.commit()
        everybody_has_looked.wait()
        if seen >= seats:
            return False
        with transaction():
            db.session.execute(update(Meeting).where(Meeting.id == meeting_id).values(taken=seen + 1))
        return True

    assert at_once(app, count_then_write) > SEATS


def test_one_draft_sent_ten_times_at_once_is_one_enrolment(app: Flask, edition_id: int):
    terms_id = factories.terms().id
    with transaction():
        token = save_draft(token=None, edition_id=edition_id, answers={}, now=clock.now())
    draft = find_draft(token, edition_id)
    assert draft is not None
    draft_id = draft.id
    assert at_once(app, lambda _number: enrol(edition_id, terms_id, "sule@zorg.example", draft_id), 10) == 10
    assert (count(Enrolment), count(OutgoingMail), taken(edition_id)) == (1, 1, [1, 1])


def test_one_new_person_enrolling_ten_times_at_once_is_enrolled_once(app: Flask, edition_id: int):
    terms_id = factories.terms().id
    with transaction():
        db.session.execute(update(Meeting).values(capacity=20))
    assert at_once(app, lambda _number: enrol(edition_id, terms_id, "sule@zorg.example"), 10) == 1
    assert (count(Person), count(Enrolment), taken(edition_id)) == (1, 1, [1, 1])


@pytest.mark.parametrize("known", [False, True])
def test_one_person_enrolling_in_different_modules_at_once_is_enrolled_once(app: Flask, edition_id: int, known: bool):
    """Their seats are other rows, so nothing but the person themself makes one wait for the other."""
    terms_id = factories.terms().id
    if known:
        factories.person(email="sule@zorg.example")
    with transaction():
        db.session.execute(update(Meeting).values(capacity=20))
    modules = list(db.session.scalars(select(Meeting.module_id).where(Meeting.edition_id == edition_id)))

    def in_one_of_two(number: int) -> bool:
        return enrol(edition_id, terms_id, "sule@zorg.example", module_id=modules[number % 2])

    assert at_once(app, in_one_of_two, 12) == 1
    assert (count(Person), count(Enrolment), sum(taken(edition_id))) == (1, 1, 1)


def test_cancelling_ten_times_at_once_frees_one_seat(app: Flask, edition_id: int):
    terms_id = factories.terms().id
    assert enrol(edition_id, terms_id, "sule@zorg.example")
    assert enrol(edition_id, terms_id, "dewi@zorg.example")
    enrolment_id = db.session.scalars(select(Enrolment.id).order_by(Enrolment.id)).first() or 0

    def cancel(_number: int) -> bool:
        try:
            with transaction():
                commands.cancel_enrolment(enrolment_id=enrolment_id, actor=Actor.visitor(), now=clock.now())
        except Conflict:
            return False
        return True

    assert at_once(app, cancel, 10) == 1
    assert taken(edition_id) == [1, 1]
    states = sorted(db.session.scalars(select(Enrolment.state)))
    assert states == [EnrolmentState.CANCELLED, EnrolmentState.ENROLLED]


def test_who_enrols_while_an_edition_is_cancelled_is_refused_or_told(app: Flask, edition_id: int):
    terms_id = factories.terms().id

    def enrol_or_cancel(number: int) -> bool:
        if number == 5:
            with transaction():
                edition_life.cancel_edition(edition_id=edition_id, actor=Actor.person(1), now=clock.now())
            return False
        try:
            return enrol(edition_id, terms_id, f"koper{number}@zorg.example")
        except Refused:
            return False

    enrolled = at_once(app, enrol_or_cancel, 12)
    told = db.session.scalars(select(OutgoingMail.kind).where(OutgoingMail.kind == "enrolment.edition_cancelled")).all()
    assert len(told) == enrolled
    assert set(db.session.scalars(select(Enrolment.state))) <= {EnrolmentState.CANCELLED}
    assert taken(edition_id) == [0, 0]


def test_of_many_at_once_who_reach_the_minimum_the_last_confirms_the_edition(app: Flask):
    """Each in a meeting of its own: no seat makes one wait for the other."""
    of = factories.course_with_modules(10)
    made = factories.edition_with_meetings(of, state=EditionState.TENTATIVE, minimum=10)
    edition_id, module_ids = made.edition.id, [meeting.module_id for meeting in made.meetings]
    terms_id = factories.terms().id
    db.session.commit()
    everybody = at_once(
        app, lambda n: enrol(edition_id, terms_id, f"koper{n}@zorg.example", module_id=module_ids[n]), 10
    )
    edition = db.session.get_one(Edition, edition_id, populate_existing=True)
    assert (everybody, edition.state, edition.confirmed_with) == (10, EditionState.CONFIRMED, 10)
    told = select(func.count()).where(OutgoingMail.kind == "enrolment.edition_confirmed")
    assert db.session.scalar(told) == 9
