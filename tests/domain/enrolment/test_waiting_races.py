"""A freed seat, and many who want it at the same moment: who waits gets it, and gets it once."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal import clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.accounts.models import Person
from portal.domain.catalogue.models import Meeting
from portal.domain.enrolment import commands, offers
from portal.domain.enrolment.models import Enrolment, SeatHold, WaitingListEntry, WaitingListOffer
from portal.domain.enrolment.participants import Participant
from portal.domain.enrolment.rules import ContractParty, EnrolmentState
from portal.errors import Conflict
from tests import factories

NOW = clock.now()
VISITORS = 20


@pytest.fixture
def edition(app: Flask) -> factories.EditionAndMeetings:
    """Two dagdelen with two seats, both taken."""
    made = factories.edition_with_meetings(factories.course_with_modules(2), capacity=2)
    for number in range(2):
        factories.enrol(made, f"zit{number}@zorg.example", now=NOW)
    return made


def at_once(app: Flask, deeds: Sequence[Callable[[], object]]) -> list[bool]:
    """Which of these, each in a thread with a connection of its own, were not refused by a Conflict."""
    barrier = Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> bool:
        with app.app_context():
            barrier.wait()
            try:
                with transaction():
                    deed()
            except Conflict:
                return False
            return True

    db.session.commit()
    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def wait(edition_id: int, *emails: str) -> None:
    for email in emails:
        with transaction():
            commands.join_waiting_list(
                edition_id=edition_id,
                module_ids=None,
                name="Şule Yılmaz",
                email=email,
                language="nl",
                actor=Actor.visitor(),
                now=NOW,
            )


def cancelling(email: str) -> Callable[[], object]:
    wanted = select(Enrolment.id).join(Person, Person.id == Enrolment.person_id).where(Person.email == email)
    enrolment_id = db.session.scalars(wanted).one()
    return lambda: commands.cancel_enrolment(enrolment_id=enrolment_id, actor=Actor.visitor(), now=NOW)


def accepting(offer_id: int, email: str, terms_id: int, now: datetime = NOW) -> Callable[[], object]:
    return lambda: offers.accept_offer(
        offer_id=offer_id,
        participants=[Participant(name="Şule Yılmaz", email=email)],
        contract_party=ContractParty.PARTICIPANT,
        terms_version_id=terms_id,
        actor=Actor.visitor(),
        now=now,
    )


def enrolling(edition_id: int, email: str, terms_id: int) -> Callable[[], object]:
    return lambda: commands.enrol(
        edition_id=edition_id,
        module_ids=None,
        participant=Participant(name="Şule Yılmaz", email=email),
        contract_party=ContractParty.PARTICIPANT,
        terms_version_id=terms_id,
        actor=Actor.visitor(),
        now=NOW,
    )


def offered() -> list[tuple[str, str]]:
    """(who, state) of every offer, in order."""
    wanted = (
        select(Person.email, WaitingListOffer.state)
        .join(WaitingListEntry, WaitingListEntry.id == WaitingListOffer.entry_id)
        .join(Person, Person.id == WaitingListEntry.person_id)
    )
    return [(row.email.split("@")[0], row.state) for row in db.session.execute(wanted.order_by(WaitingListOffer.id))]


def counted() -> tuple[list[int], int, int]:
    """Seats taken by meeting, seats that are held, people who take part."""
    active = select(func.count()).where(Enrolment.state == EnrolmentState.ENROLLED)
    taken = list(db.session.scalars(select(Meeting.taken).order_by(Meeting.id)))
    return taken, db.session.scalar(select(func.count(SeatHold.id))) or 0, db.session.scalar(active) or 0


def the_offer() -> WaitingListOffer:
    return db.session.scalars(select(WaitingListOffer)).one()


@pytest.mark.parametrize("_round", range(3))
def test_one_offer_accepted_in_two_browsers_at_once_is_one_enrolment(
    app: Flask, edition: factories.EditionAndMeetings, _round: int
):
    terms_id = factories.terms().id
    wait(edition.edition.id, "eerst@zorg.example")
    at_once(app, [cancelling("zit0@zorg.example")])
    offer_id = the_offer().id
    both = [accepting(offer_id, email, terms_id) for email in ("eerst@zorg.example", "ander@zorg.example")]
    assert sorted(at_once(app, both)) == [False, True]
    assert (offered(), counted()) == ([("eerst", "accepted")], ([2, 2], 0, 2))


@pytest.mark.parametrize("_round", range(3))
def test_an_offer_that_is_accepted_while_it_lapses_ends_once(
    app: Flask, edition: factories.EditionAndMeetings, _round: int
):
    terms_id = factories.terms().id
    wait(edition.edition.id, "eerst@zorg.example", "dan@zorg.example")
    at_once(app, [cancelling("zit0@zorg.example")])
    offer_id, until = the_offer().id, the_offer().expires_at
    barrier = Barrier(2)
    db.session.commit()

    def lapse() -> int:
        with app.app_context():
            barrier.wait()
            return offers.lapse_offers(until)

    def accept() -> bool:
        with app.app_context():
            barrier.wait()
            try:
                with transaction():
                    accepting(offer_id, "eerst@zorg.example", terms_id, until - timedelta(seconds=1))()
            except Conflict:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        lapsing, accepted = pool.submit(lapse), pool.submit(accept)
        lapsing.result()
    if accepted.result():
        assert (offered(), counted()) == ([("eerst", "accepted")], ([2, 2], 0, 2))
    else:
        assert (offered(), counted()) == ([("eerst", "lapsed"), ("dan", "open")], ([2, 2], 2, 1))


@pytest.mark.parametrize("_round", range(3))
def test_of_twenty_visitors_none_gets_the_seat_that_comes_free_for_who_waits(
    app: Flask, edition: factories.EditionAndMeetings, _round: int
):
    edition_id, terms_id = edition.edition.id, factories.terms().id
    wait(edition_id, "eerst@zorg.example")
    visitors = [enrolling(edition_id, f"langs{number}@zorg.example", terms_id) for number in range(VISITORS)]
    answers = at_once(app, [*visitors, cancelling("zit0@zorg.example")])
    assert answers == [False] * VISITORS + [True]
    assert (offered(), counted()) == ([("eerst", "open")], ([2, 2], 2, 1))


@pytest.mark.parametrize("_round", range(3))
def test_two_seats_freed_at_once_are_one_offer_each_for_two_who_wait(
    app: Flask, edition: factories.EditionAndMeetings, _round: int
):
    wait(edition.edition.id, "eerst@zorg.example", "dan@zorg.example", "later@zorg.example")
    frees = [cancelling(f"zit{number}@zorg.example") for number in range(2)]
    assert at_once(app, frees) == [True, True]
    assert (offered(), counted()) == ([("eerst", "open"), ("dan", "open")], ([2, 2], 4, 0))
