"""Moving to another edition: seats, costs, calendars, mail and log; all of it or nothing."""

from datetime import timedelta

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select

from portal import audit, clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.accounts.models import Person
from portal.domain.catalogue.models import Meeting
from portal.domain.catalogue.rules import EditionKind, EditionState
from portal.domain.enrolment import commands
from portal.domain.enrolment.models import Enrolment, EnrolmentRegisterNumber, Seat
from portal.domain.enrolment.moves import list_destinations
from portal.domain.enrolment.own_enrolments import get_own_enrolment
from portal.domain.enrolment.participants import Participant
from portal.domain.enrolment.rules import ContractParty, EndedBy, EnrolmentState
from portal.errors import Conflict, NotFound, Refused
from portal.mail import OutgoingMail
from tests import factories
from tests.factories import CourseAndModules, EditionAndMeetings


@pytest.fixture
def course(app: Flask) -> CourseAndModules:
    return factories.course_with_modules(title="SamenKracht", price_cents=79500)


@pytest.fixture
def here(course: CourseAndModules) -> EditionAndMeetings:
    return factories.edition_with_meetings(course, capacity=2)


@pytest.fixture
def there(course: CourseAndModules) -> EditionAndMeetings:
    return factories.edition_with_meetings(course, first_on=clock.today() + timedelta(days=90), capacity=2)


@pytest.fixture
def person(app: Flask) -> Person:
    return factories.person(name="Dewi Hardjo", email="dewi@zorg.example")


def move(enrolment_id: int, to: EditionAndMeetings, **values: object) -> int:
    ordinary = {"actor": Actor.visitor(), "now": clock.now(), "edition_id": to.edition.id}
    with transaction():
        return commands.move_enrolment(enrolment_id=enrolment_id, **ordinary | values)  # type: ignore[arg-type]


def row(enrolment_id: int) -> Enrolment:
    found = db.session.get(Enrolment, enrolment_id)
    assert found is not None
    return found


def taken(of: EditionAndMeetings) -> list[int]:
    found = select(Meeting.taken).where(Meeting.edition_id == of.edition.id).order_by(Meeting.id)
    return list(db.session.scalars(found))


def mailed() -> list[tuple[str, str, str | None, int]]:
    """(kind, to, method, events) of every mail, in order."""
    return [
        (
            mail.kind.removeprefix("enrolment."),
            mail.to_address,
            mail.calendar_method,
            len(Calendar.from_ical(mail.calendar).walk("VEVENT")) if mail.calendar else 0,
        )
        for mail in db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
    ]


def test_seats_are_taken_there_and_free_here(here: EditionAndMeetings, there: EditionAndMeetings, person: Person):
    made = factories.enrol(here, person.email, by=person)
    moved_id = move(made.enrolment_id, there)
    assert (taken(here), taken(there)) == ([0, 0, 0, 0], [1, 1, 1, 1])
    old, new = row(made.enrolment_id), row(moved_id)
    assert (old.state, old.ended_by, old.cost_cents) == (EnrolmentState.CANCELLED, EndedBy.MOVED, 0)
    assert (new.state, new.replaces_id, new.person_id, new.whole) == (EnrolmentState.ENROLLED, old.id, person.id, True)
    assert new.number != old.number
    assert mailed() == [
        ("enrolled", person.email, "REQUEST", 4),
        ("moved_away", person.email, "CANCEL", 4),
        ("moved", person.email, "REQUEST", 4),
    ]


def test_the_agreement_stays_the_same(here: EditionAndMeetings, there: EditionAndMeetings):
    factories.register("SKJ")
    made = factories.enrol(here, contract_party=ContractParty.ORGANISATION, order_reference="INK-12")
    factories.add(EnrolmentRegisterNumber(enrolment_id=made.enrolment_id, register_code="SKJ", number="110024518"))
    old = row(made.enrolment_id)
    old.price_cents = 12300
    there.edition.price_cents = 99900
    factories.terms_version(clock.today(), cancelling=((0, 100),))
    new = row(move(made.enrolment_id, there))
    kept = ("price_cents", "contract_party", "order_reference", "terms_version_id", "contracted_at", "employer")
    assert [getattr(new, name) for name in kept] == [getattr(old, name) for name in kept]
    assert new.price_cents == 12300
    numbers = select(EnrolmentRegisterNumber.number).where(EnrolmentRegisterNumber.enrolment_id == new.id)
    assert db.session.scalars(numbers).all() == ["110024518"]


def test_only_the_modules_that_were_chosen_move_along(here: EditionAndMeetings, there: EditionAndMeetings):
    made = factories.enrol(here, modules=(2, 3))
    new = row(move(made.enrolment_id, there))
    assert (taken(there), new.whole) == ([0, 1, 1, 0], False)


@pytest.mark.parametrize(("days_before", "cost"), [(20, 0), (14, 0), (13, 19875), (1, 19875)])
def test_it_costs_what_its_terms_say(here: EditionAndMeetings, there: EditionAndMeetings, days_before: int, cost: int):
    made = factories.enrol(here, now=clock.now() - timedelta(days=60))
    moved_id = move(made.enrolment_id, there, now=here.meetings[0].starts_at - timedelta(days=days_before))
    assert (row(made.enrolment_id).cost_cents, row(moved_id).price_cents) == (cost, 79500)
    text = db.session.scalars(select(OutgoingMail.text_body).order_by(OutgoingMail.id.desc())).first() or ""
    assert ("Omboeken kost je niets." in text) == (cost == 0)


@pytest.mark.parametrize(
    ("days_before", "agreed", "cancelling"),
    [(28, None, 0), (20, None, 39750), (13, None, 79500), (13, 0, 0)],
    ids=["free", "half", "whole", "the office agreed to another cost"],
)
def test_who_moves_late_does_not_cancel_for_nothing(
    here: EditionAndMeetings,
    there: EditionAndMeetings,
    person: Person,
    days_before: int,
    agreed: int | None,
    cancelling: int,
):
    made = factories.enrol(here, person.email, by=person, now=clock.now() - timedelta(days=60))
    now = here.meetings[0].starts_at - timedelta(days=days_before)
    moved_id = move(made.enrolment_id, there, now=now, cost_cents=agreed, by_office=agreed is not None)
    text = db.session.scalars(select(OutgoingMail.text_body).order_by(OutgoingMail.id.desc())).first() or ""
    assert ("Annuleren kost na het omboeken ten minste" in text) == (cancelling > 0)
    colleague = Participant("Anna Bos", "anna@zorg.example")
    with transaction():
        passed_id = commands.send_substitute(enrolment_id=moved_id, colleague=colleague, actor=Actor.visitor(), now=now)
    with transaction():
        cost = commands.cancel_enrolment(enrolment_id=passed_id, actor=Actor.visitor(), now=now)
    assert cost.cents == cancelling


def test_the_days_to_think_again_go_on_after_a_move(
    here: EditionAndMeetings, there: EditionAndMeetings, person: Person
):
    """Ten days after enrolling somebody moves to an edition that begins in a week; for four days cancelling is free."""
    soon = factories.edition_with_meetings(
        CourseAndModules(*_course_of(here)), first_on=clock.today() + timedelta(days=17), capacity=2
    )
    made = factories.enrol(here, person.email, by=person)
    moved_id = move(made.enrolment_id, soon, now=clock.now() + timedelta(days=10))
    own = get_own_enrolment(person.id, moved_id)
    costs = [own.cost(clock.now() + timedelta(days=day)) for day in (10, 14, 15)]
    assert [(cost.cents, cost.withdrawal) for cost in costs] == [(0, True), (0, True), (79500, False)]


def _course_of(of: EditionAndMeetings) -> tuple[object, object]:
    course = db.session.get_one(factories.Course, of.edition.course_id)
    modules = [db.session.get_one(factories.Module, meeting.module_id) for meeting in of.meetings]
    return course, modules


def test_a_full_meeting_there_changes_nothing_here(here: EditionAndMeetings, there: EditionAndMeetings):
    factories.enrol(there, modules=(3,))
    factories.enrol(there, modules=(3,))
    made = factories.enrol(here)
    before = mailed()
    with pytest.raises(Conflict) as refused:
        move(made.enrolment_id, there)
    assert "dagdeel 3" in refused.value.sentence
    assert (taken(here), taken(there)) == ([1, 1, 1, 1], [0, 0, 2, 0])
    assert (row(made.enrolment_id).state, mailed()) == (EnrolmentState.ENROLLED, before)
    assert "enrolment.moved" not in [entry.tag for entry in audit.list_entries().entries]


def test_after_the_first_meeting_only_the_office_moves_what_is_still_to_come(
    here: EditionAndMeetings, there: EditionAndMeetings
):
    made = factories.enrol(here)
    during = here.meetings[1].starts_at
    with pytest.raises(Refused) as refused:
        move(made.enrolment_id, there, now=during)
    assert refused.value.sentence.startswith("De training is begonnen op ")
    new = row(move(made.enrolment_id, there, now=during, by_office=True, reason="Ziek geworden"))
    assert (taken(here), taken(there), new.whole) == ([1, 1, 0, 0], [0, 0, 1, 1], False)
    entry = next(entry for entry in audit.list_entries(tag="enrolment.moved").entries)
    assert (entry.facts["reason"], "reason" in entry.private) == ("Ziek geworden", True)


def test_the_office_asks_another_cost_and_another_price(here: EditionAndMeetings, there: EditionAndMeetings):
    made = factories.enrol(here, now=clock.now() - timedelta(days=60))
    late = here.meetings[0].starts_at - timedelta(days=1)
    moved_id = move(made.enrolment_id, there, now=late, by_office=True, cost_cents=0, price_cents=50000, reason="Zo")
    assert (row(made.enrolment_id).cost_cents, row(moved_id).price_cents) == (0, 50000)


def test_not_where_it_cannot_go(here: EditionAndMeetings, there: EditionAndMeetings, person: Person):
    made = factories.enrol(here, person.email, by=person)
    ours = factories.organisation()
    course = CourseAndModules(*_course_of(here))
    elsewhere = factories.edition_with_meetings()
    closed = factories.edition_with_meetings(course, kind=EditionKind.IN_COMPANY, organisation_id=ours.id)
    for unseen in (elsewhere, closed):
        with pytest.raises(NotFound):
            move(made.enrolment_id, unseen)
    with pytest.raises(NotFound):
        move(987, there)
    for state in (EditionState.DRAFT, EditionState.CANCELLED, EditionState.FINISHED):
        off = factories.edition_with_meetings(course, state=state)
        with pytest.raises(Refused):
            move(made.enrolment_id, off)
    with pytest.raises(Refused):
        move(made.enrolment_id, here)
    past = factories.edition_with_meetings(course, first_on=clock.today() - timedelta(days=3))
    with pytest.raises(Refused):
        move(made.enrolment_id, past)
    factories.enrol(there, person.email, by=person)
    with pytest.raises(Refused) as already:
        move(made.enrolment_id, there)
    assert already.value.sentence == "Je doet al mee aan deze uitvoering. Kies een andere datum."
    assert (taken(here), taken(there)) == ([1, 1, 1, 1], [1, 1, 1, 1])


def test_the_choice_holds_only_where_all_fits(
    here: EditionAndMeetings, there: EditionAndMeetings, course: CourseAndModules, person: Person
):
    made = factories.enrol(here, person.email, by=person, modules=(1, 3))
    full = factories.edition_with_meetings(course, first_on=clock.today() + timedelta(days=50), capacity=1)
    factories.enrol(full, modules=(3,))
    sooner = factories.edition_with_meetings(course, first_on=clock.today() + timedelta(days=60), capacity=1)
    factories.enrol(sooner, modules=(2,))
    factories.edition_with_meetings(course, state=EditionState.DRAFT)
    factories.edition_with_meetings(course, first_on=clock.today() - timedelta(days=3))
    factories.edition_with_meetings(course, kind=EditionKind.IN_COMPANY, organisation_id=factories.organisation().id)
    own = get_own_enrolment(person.id, made.enrolment_id)
    found = list_destinations(own, clock.now())
    assert [one.edition.id for one in found.rows] == [sooner.edition.id, there.edition.id]
    assert [meeting.position for meeting in found.rows[0].meetings] == [1, 3]
    second = list_destinations(own, clock.now(), page=2, per_page=1)
    assert ([one.edition.id for one in second.rows], second.number, second.pages, second.total) == (
        [there.edition.id], 2, 2, 2,
    )  # fmt: skip


def test_the_seat_in_a_group_elsewhere_is_free_for_oneself(here: EditionAndMeetings, course: CourseAndModules):
    """Dagdeel 2 was swapped to the edition to which the rest now moves: its own seat does not stand in its way."""
    tight = factories.edition_with_meetings(course, first_on=clock.today() + timedelta(days=90), capacity=1)
    made = factories.enrol(here)
    seat = db.session.scalars(
        select(Seat).where(Seat.enrolment_id == made.enrolment_id, Seat.meeting_id == here.meetings[1].id)
    ).one()
    seat.meeting_id = tight.meetings[1].id
    here.meetings[1].taken, tight.meetings[1].taken = 0, 1
    db.session.commit()
    move(made.enrolment_id, tight)
    assert (taken(here), taken(tight)) == ([0, 0, 0, 0], [1, 1, 1, 1])


def test_it_moves_once(here: EditionAndMeetings, there: EditionAndMeetings):
    made = factories.enrol(here)
    move(made.enrolment_id, there)
    with pytest.raises(Conflict) as again:
        move(made.enrolment_id, there)
    assert again.value.sentence == "Deze inschrijving was al geannuleerd."


def test_the_log_says_where_it_went(here: EditionAndMeetings, there: EditionAndMeetings):
    made = factories.enrol(here)
    moved_id = move(made.enrolment_id, there)
    tags = [entry.tag.removeprefix("enrolment.") for entry in audit.trail_of("enrolment", made.enrolment_id).entries]
    assert tags[:5] == ["moved", *["seat_released"] * 4]
    entry = audit.trail_of("enrolment", made.enrolment_id).entries[0]
    assert (entry.facts["goes_on_as"], entry.facts["to_edition"]) == (moved_id, there.edition.id)
    new = [entry for entry in audit.trail_of("enrolment", moved_id).entries if entry.tag == "enrolment.enrolled"]
    assert [entry.facts["replaces"] for entry in new] == [made.enrolment_id]


def wait_for(edition: EditionAndMeetings, email: str) -> None:
    with transaction():
        commands.join_waiting_list(
            edition_id=edition.edition.id,
            module_ids=None,
            name="Anna Bos",
            email=email,
            language="nl",
            actor=Actor.visitor(),
            now=clock.now(),
        )


def test_what_is_left_is_held_for_the_first_who_waits(
    here: EditionAndMeetings, there: EditionAndMeetings, person: Person
):
    made = factories.enrol(here, person.email, by=person)
    factories.enrol(here)
    for email in ("eerst@zorg.example", "dan@zorg.example"):
        wait_for(here, email)
    move(made.enrolment_id, there)
    assert (taken(here), taken(there)) == ([2, 2, 2, 2], [1, 1, 1, 1])
    assert [mail[:2] for mail in mailed()][-2:] == [("moved", person.email), ("offered", "eerst@zorg.example")]


def test_a_move_that_is_refused_offers_nothing(here: EditionAndMeetings, there: EditionAndMeetings, person: Person):
    made = factories.enrol(here, person.email, by=person)
    for edition in (here, there):
        factories.enrol(edition)
    factories.enrol(there)
    wait_for(here, "eerst@zorg.example")
    with pytest.raises(Conflict):
        move(made.enrolment_id, there)
    assert (taken(here), "offered" in [mail[0] for mail in mailed()]) == ([2, 2, 2, 2], False)
