"""Enrolling closes so many hours before what is chosen begins; what was held before can still be taken."""

from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal import clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.enrolment import commands, offers, places
from portal.domain.enrolment.decisions import decide as decide_and_offer
from portal.domain.enrolment.group_models import ReservedPlace
from portal.domain.enrolment.groups import Order, book_group
from portal.domain.enrolment.models import Enrolment, WaitingListEntry, WaitingListOffer
from portal.domain.enrolment.participants import Participant
from portal.domain.enrolment.policy import Policy, decide_policy
from portal.domain.enrolment.rules import ContractParty
from portal.errors import Refused
from tests import factories
from tests.factories import EditionAndMeetings

FIRST_ON = date(2027, 3, 29)
BEGINS = clock.from_local(datetime.combine(FIRST_ON, time(9, 30)))
# The clock goes forward on the 28th: 48 hours before half past nine is half past eight.
CLOSES = BEGINS - timedelta(hours=48)
CLOSED = "De inschrijving is gesloten: aanmelden kon tot zaterdag 27 maart 2027, 08.30 uur. Kies een andere datum."
EARLY = CLOSES - timedelta(days=20)
OFFICE = Actor.system("cli")
ELS = Participant("Els Vos", "els@zorg.example")


def decide(hours: int) -> None:
    with transaction():
        decide_policy(policy=Policy(enrolment_closes_hours=hours), actor=OFFICE, now=EARLY)


@pytest.fixture
def edition(app: Flask) -> EditionAndMeetings:
    """Two dagdelen, a week apart, for which enrolling closes two days before."""
    made = factories.edition_with_meetings(factories.course_with_modules(2), FIRST_ON, capacity=2)
    factories.terms()
    db.session.commit()
    decide(48)
    return made


def enrolments() -> int:
    return db.session.scalar(select(func.count(Enrolment.id))) or 0


@pytest.mark.parametrize("seconds", [-1, 0, 1])
@pytest.mark.parametrize("modules", [(), (1,)])
def test_enrolling_is_open_until_its_moment_and_not_at_it(
    edition: EditionAndMeetings, seconds: int, modules: tuple[int, ...]
):
    now = CLOSES + timedelta(seconds=seconds)
    if seconds < 0:
        factories.enrol(edition, modules=modules, now=now)
        assert enrolments() == 1
        return
    with pytest.raises(Refused) as refused:
        factories.enrol(edition, modules=modules, now=now)
    assert (refused.value.sentence, refused.value.field, enrolments()) == (CLOSED, "modules", 0)


def test_what_comes_later_is_still_open(edition: EditionAndMeetings):
    factories.enrol(edition, modules=(2,), now=CLOSES)
    assert enrolments() == 1


def test_without_hours_enrolling_is_open_until_it_begins(edition: EditionAndMeetings):
    decide(0)
    factories.enrol(edition, now=BEGINS - timedelta(seconds=1))
    with pytest.raises(Refused) as refused:
        factories.enrol(edition, now=BEGINS)
    assert refused.value.sentence == "Dagdeel 1 was op maandag 29 maart 2027. Kies een andere datum."


def test_the_office_still_adds_people(edition: EditionAndMeetings):
    factories.enrol(edition, now=CLOSES, trusted=True)
    assert enrolments() == 1


@pytest.mark.parametrize(("people", "number"), [((ELS,), 0), ((), 2)])
def test_a_group_is_not_booked_any_more(edition: EditionAndMeetings, people: tuple[Participant, ...], number: int):
    order = Order(edition.edition.id, None, factories.person().id, factories.terms().id, employer="De Brug")
    with pytest.raises(Refused) as refused, transaction():
        book_group(order=order, people=people, places=number, actor=OFFICE, now=CLOSES)
    assert refused.value.sentence == CLOSED


def test_nobody_joins_a_list_of_which_nothing_comes_any_more(edition: EditionAndMeetings):
    for _seat in range(2):
        factories.enrol(edition, now=EARLY)
    with pytest.raises(Refused) as refused:
        wait(edition, CLOSES)
    assert (refused.value.sentence, refused.value.field) == (CLOSED, "modules")
    assert db.session.scalar(select(func.count(WaitingListEntry.id))) == 0
    wait(edition, CLOSES - timedelta(seconds=1))


def test_who_holds_an_offer_comes_in(edition: EditionAndMeetings):
    first = factories.enrol(edition, now=EARLY)
    factories.enrol(edition, now=EARLY)
    wait(edition, EARLY)
    with transaction():
        commands.cancel_enrolment(enrolment_id=first.enrolment_id, actor=OFFICE, now=EARLY)
    decide(24 * 60)
    offer_id = db.session.scalars(select(WaitingListOffer.id)).one()
    with transaction():
        offers.accept_offer(
            offer_id=offer_id,
            participants=[ELS],
            contract_party=ContractParty.PARTICIPANT,
            terms_version_id=factories.terms().id,
            actor=Actor.visitor(),
            now=EARLY + timedelta(hours=1),
        )
    assert enrolments() == 3


def test_when_enrolling_closes_later_what_was_free_is_offered_to_who_waits(edition: EditionAndMeetings):
    first = factories.enrol(edition, now=EARLY)
    factories.enrol(edition, now=EARLY)
    wait(edition, EARLY)
    with transaction():
        commands.cancel_enrolment(enrolment_id=first.enrolment_id, actor=OFFICE, now=CLOSES)
    assert db.session.scalar(select(func.count(WaitingListOffer.id))) == 0
    with transaction():
        assert decide_and_offer(policy=Policy(enrolment_closes_hours=48), actor=OFFICE, now=CLOSES) == 0
    with transaction():
        assert decide_and_offer(policy=Policy(enrolment_closes_hours=24), actor=OFFICE, now=CLOSES) == 1
    assert db.session.scalars(select(WaitingListOffer.expires_at)).one() == CLOSES + timedelta(hours=12)


def test_a_place_that_was_reserved_before_is_still_named(edition: EditionAndMeetings):
    order = Order(edition.edition.id, None, factories.person().id, factories.terms().id, employer="De Brug")
    with transaction():
        book_group(order=order, people=(), places=1, actor=OFFICE, now=EARLY)
    decide(24 * 15)
    place_id = db.session.scalars(select(ReservedPlace.id)).one()
    with transaction():
        places.name_place(place_id=place_id, participant=ELS, actor=OFFICE, now=BEGINS - timedelta(days=10))
    assert enrolments() == 1


def wait(edition: EditionAndMeetings, now: datetime) -> None:
    edition_id = edition.edition.id
    with transaction():
        commands.join_waiting_list(
            edition_id=edition_id,
            module_ids=None,
            name="Els Vos",
            email="els@zorg.example",
            language="nl",
            actor=Actor.visitor(),
            now=now,
        )
