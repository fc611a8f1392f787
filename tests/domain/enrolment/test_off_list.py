"""Who comes in by another way than an offer waits no more, and what was held for them goes on to the next."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal import clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.accounts.models import Person
from portal.domain.catalogue.models import Course, Meeting, Module
from portal.domain.enrolment import commands
from portal.domain.enrolment.groups import Order, book_group
from portal.domain.enrolment.models import Enrolment, WaitingListEntry, WaitingListOffer
from portal.domain.enrolment.participants import Participant
from portal.domain.enrolment.waiting_rules import is_fulfilled
from tests import factories
from tests.factories import EditionAndMeetings

NOW = clock.now()
OFFICE = Actor.system("cli")
ELS = "els@zorg.example"


@pytest.fixture
def full(app: Flask) -> EditionAndMeetings:
    """Two dagdelen with one seat each, both taken."""
    edition = factories.edition_with_meetings(factories.course_with_modules(2), capacity=1)
    factories.enrol(edition, "zit@zorg.example", now=NOW)
    return edition


def wait(of: EditionAndMeetings, email: str, modules: Sequence[int] = (), people: int = 1) -> None:
    edition_id, module_ids = of.edition.id, [of.meetings[position - 1].module_id for position in modules] or None
    with transaction():
        commands.join_waiting_list(
            edition_id=edition_id,
            module_ids=module_ids,
            name="Els Vos",
            email=email,
            language="nl",
            people=people,
            actor=Actor.visitor(),
            now=NOW,
        )


def again(of: EditionAndMeetings) -> EditionAndMeetings:
    """The same training on a later date."""
    made = factories.edition_with_meetings(
        factories.CourseAndModules(db.session.get_one(Course, of.edition.course_id), [])
    )
    later = clock.today() + timedelta(days=60)
    meetings = [
        factories.meeting(made.edition, db.session.get_one(Module, meeting.module_id), later + timedelta(weeks=number))
        for number, meeting in enumerate(of.meetings)
    ]
    return EditionAndMeetings(made.edition, meetings)


def give_seats(of: EditionAndMeetings, capacity: int) -> None:
    meeting_ids = [meeting.id for meeting in of.meetings]
    with transaction():
        for meeting_id in meeting_ids:
            commands.change_capacity(meeting_id=meeting_id, capacity=capacity, actor=OFFICE, now=NOW)


def offered() -> list[tuple[str, str]]:
    """(who, state) of every offer, in order."""
    wanted = (
        select(Person.email, WaitingListOffer.state)
        .join(WaitingListEntry, WaitingListEntry.id == WaitingListOffer.entry_id)
        .join(Person, Person.id == WaitingListEntry.person_id)
    )
    return [(row.email.split("@")[0], row.state) for row in db.session.execute(wanted.order_by(WaitingListOffer.id))]


def ended_by() -> list[str]:
    return list(db.session.scalars(select(WaitingListEntry.ended_by).order_by(WaitingListEntry.id)))


def taken(of: EditionAndMeetings) -> list[int]:
    wanted = select(Meeting.taken).where(Meeting.edition_id == of.edition.id).order_by(Meeting.id)
    return list(db.session.scalars(wanted))


def test_enrolling_without_the_offer_lets_it_go_on_to_the_next(full: EditionAndMeetings):
    wait(full, ELS)
    wait(full, "samen@zorg.example", people=2)
    give_seats(full, 3)
    assert offered() == [("els", "open")]
    factories.enrol(full, ELS, now=NOW)
    assert offered() == [("els", "withdrawn")]
    give_seats(full, 4)
    assert offered() == [("els", "withdrawn"), ("samen", "open")]
    assert (ended_by(), taken(full)) == (["enrolled", ""], [4, 4])


@pytest.mark.parametrize(
    ("waits_for", "enrols_in", "ended"),
    [((), (), "enrolled"), ((1,), (), "enrolled"), ((1,), (1,), "enrolled"), ((), (1,), ""), ((2,), (1,), "")],
)
def test_who_has_all_that_they_waited_for_waits_no_more(
    full: EditionAndMeetings, waits_for: tuple[int, ...], enrols_in: tuple[int, ...], ended: str
):
    wait(full, ELS, waits_for)
    give_seats(full, 3)
    factories.enrol(full, ELS, enrols_in, now=NOW)
    assert (ended_by(), [state for _who, state in offered()]) == ([ended], ["withdrawn" if ended else "open"])


def test_who_waits_for_others_too_stays_on_the_list(full: EditionAndMeetings):
    wait(full, ELS, people=2)
    give_seats(full, 2)
    factories.enrol(full, ELS, now=NOW)
    assert ended_by() == [""]


def test_moving_in_ends_the_wish_too(full: EditionAndMeetings):
    made = factories.enrol(again(full), ELS, now=NOW)
    wait(full, ELS)
    give_seats(full, 3)
    edition_id = full.edition.id
    with transaction():
        commands.move_enrolment(enrolment_id=made.enrolment_id, edition_id=edition_id, actor=OFFICE, now=NOW)
    assert (ended_by(), offered(), taken(full)) == (["enrolled"], [("els", "withdrawn")], [2, 2])


def test_taking_over_a_place_ends_the_wish_too_and_the_next_gets_what_was_held(full: EditionAndMeetings):
    wait(full, ELS)
    wait(full, "dan@zorg.example")
    give_seats(full, 2)
    enrolment_id = db.session.scalars(select(Enrolment.id)).one()
    with transaction():
        colleague = Participant("Els Vos", ELS)
        commands.send_substitute(enrolment_id=enrolment_id, colleague=colleague, actor=OFFICE, now=NOW)
    assert (ended_by(), offered()) == (["enrolled", ""], [("els", "withdrawn"), ("dan", "open")])
    assert taken(full) == [2, 2]


def test_what_was_held_for_two_of_a_group_goes_to_two_who_come_together(full: EditionAndMeetings):
    """Offered one by one, the first seat would pass them by."""
    for email in (ELS, "bo@zorg.example"):
        wait(full, email)
    wait(full, "samen@zorg.example", people=2)
    wait(full, "dan@zorg.example")
    give_seats(full, 3)
    order = Order(full.edition.id, None, factories.person().id, factories.terms().id, employer="De Brug")
    people = [Participant("Els Vos", ELS), Participant("Bo Vos", "bo@zorg.example")]
    with transaction():
        db.session.execute(update(Meeting).values(capacity=5))
    with transaction():
        book_group(order=order, people=people, actor=Actor.visitor(), now=NOW)
    assert offered() == [("els", "withdrawn"), ("bo", "withdrawn"), ("samen", "open")]
    assert (ended_by(), taken(full)) == (["enrolled", "enrolled", "", ""], [5, 5])


@pytest.mark.parametrize(
    ("wished", "taken", "fulfilled"),
    [(None, [1, 2], True), (None, [1], False), ([1], [1, 2], True), ([1, 2], [2], False)],
)
def test_a_wish_is_fulfilled_by_all_of_it(wished: list[int] | None, taken: list[int], fulfilled: bool):
    assert is_fulfilled(wished, taken, [1, 2]) == fulfilled
