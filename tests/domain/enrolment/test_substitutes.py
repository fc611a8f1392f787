"""Somebody else comes instead: the seats go over, the agreement stays, and nobody reads what a colleague has done."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal import audit, clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.accounts.models import Person, RegisterNumber
from portal.domain.catalogue.models import Meeting
from portal.domain.enrolment import commands
from portal.domain.enrolment.commands import Participant
from portal.domain.enrolment.models import Enrolment, EnrolmentRegisterNumber, Seat
from portal.domain.enrolment.rules import ContractParty, EndedBy, EnrolmentState
from portal.errors import Conflict, NotFound, Refused
from portal.mail import OutgoingMail
from tests import factories
from tests.factories import EditionAndMeetings

CANNOT = "Deze collega kan deze plek niet overnemen. Bel of mail het bureau, dan zoeken we een oplossing."


@pytest.fixture
def edition(app: Flask) -> EditionAndMeetings:
    factories.register("SKJ")
    return factories.edition_with_meetings(factories.course_with_modules(title="SamenKracht"), capacity=1)


@pytest.fixture
def person(app: Flask) -> Person:
    return factories.person(name="Dewi Hardjo", email="dewi@zorg.example")


def send(enrolment_id: int, email: str = "piet@zorg.example", **values: object) -> int:
    colleague = Participant("Piet Bakker", email, employer="Wijkteam", register_numbers={"SKJ": "110 024 518"})
    ordinary = {"colleague": colleague, "actor": Actor.visitor(), "now": clock.now()}
    with transaction():
        return commands.send_substitute(enrolment_id=enrolment_id, **ordinary | values)  # type: ignore[arg-type]


def row(enrolment_id: int) -> Enrolment:
    found = db.session.get(Enrolment, enrolment_id)
    assert found is not None
    return found


def taken(of: EditionAndMeetings) -> list[int]:
    found = select(Meeting.taken).where(Meeting.edition_id == of.edition.id).order_by(Meeting.id)
    return list(db.session.scalars(found))


def held(enrolment_id: int) -> list[bool]:
    found = select(Seat.released_at).where(Seat.enrolment_id == enrolment_id).order_by(Seat.meeting_id)
    return [released is None for released in db.session.scalars(found)]


def test_the_seats_go_over_in_a_full_edition(edition: EditionAndMeetings, person: Person):
    made = factories.enrol(edition, person.email, by=person)
    taken_over = send(made.enrolment_id)
    assert taken(edition) == [1, 1, 1, 1]
    assert (held(made.enrolment_id), held(taken_over)) == ([False] * 4, [True] * 4)
    old, new = row(made.enrolment_id), row(taken_over)
    assert (old.state, old.ended_by, old.cost_cents) == (EnrolmentState.CANCELLED, EndedBy.SUBSTITUTED, 0)
    assert (new.participant_name, new.replaces_id, new.whole, new.contracted_by_id) == (
        "Piet Bakker", old.id, True, person.id,
    )  # fmt: skip
    mails = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()
    assert [(mail.kind, mail.to_address, mail.calendar_method) for mail in mails] == [
        ("enrolment.enrolled", "dewi@zorg.example", "REQUEST"),
        ("enrolment.gave_place", "dewi@zorg.example", "CANCEL"),
        ("enrolment.took_place", "piet@zorg.example", "REQUEST"),
    ]
    assert "/inloggen/link/" in mails[2].text_body
    assert "€" not in mails[2].text_body
    assert "Dewi" not in mails[2].text_body


def test_the_agreement_stays_with_who_made_it(edition: EditionAndMeetings):
    made = factories.enrol(edition, contract_party=ContractParty.ORGANISATION, order_reference="INK-12")
    old = row(made.enrolment_id)
    old.price_cents = 12300
    db.session.commit()
    new = row(send(made.enrolment_id))
    kept = (
        "price_cents",
        "contract_party",
        "order_reference",
        "terms_version_id",
        "contracted_at",
        "contracted_by_id",
    )
    assert [getattr(new, name) for name in kept] == [getattr(old, name) for name in kept]


def test_the_numbers_are_the_colleagues_own(edition: EditionAndMeetings, person: Person):
    made = factories.enrol(edition, person.email, by=person)
    factories.add(EnrolmentRegisterNumber(enrolment_id=made.enrolment_id, register_code="SKJ", number="999"))
    taken_over = send(made.enrolment_id)
    found = select(EnrolmentRegisterNumber.number).where(EnrolmentRegisterNumber.enrolment_id == taken_over)
    assert db.session.scalars(found).all() == ["110024518"]
    assert db.session.scalars(select(RegisterNumber.person_id)).all() == [row(taken_over).person_id]


def test_of_a_colleague_whom_the_portal_knows_nothing_changes(edition: EditionAndMeetings, person: Person):
    known = factories.person(name="P. Bakker", email="piet@zorg.example", employer="Elders")
    made = factories.enrol(edition, person.email, by=person)
    assert row(send(made.enrolment_id)).person_id == known.id
    db.session.refresh(known)
    assert (known.name, known.employer) == ("P. Bakker", "Elders")
    assert db.session.scalars(select(RegisterNumber)).all() == []


def test_a_colleague_who_cannot_come_is_refused_in_one_sentence(app: Flask, person: Person):
    """Whether somebody takes part already, or has not done what is asked first: a participant reads the same."""
    factories.register("SKJ")
    before = factories.course_with_modules(1, title="EK-1")
    asking = factories.course_with_modules(title="EK-2", requires={"completed": before.course.slug})
    edition, given = factories.edition_with_meetings(asking), factories.edition_with_meetings(before)
    for ready in (person, factories.person(email="klaar@zorg.example")):
        factories.enrolment(given, who=ready, state=EnrolmentState.COMPLETED, completed_on=clock.today())
    made = factories.enrol(edition, person.email, by=person)
    factories.enrolment(
        edition, who=db.session.scalars(select(Person).where(Person.email == "klaar@zorg.example")).one()
    )
    for email in ("klaar@zorg.example", "piet@zorg.example"):
        with pytest.raises(Refused) as refused:
            send(made.enrolment_id, email)
        assert (refused.value.sentence, refused.value.field) == (CANNOT, "email")
    with pytest.raises(Refused) as office:
        send(made.enrolment_id, "klaar@zorg.example", by_office=True)
    assert office.value.sentence == "Deze collega doet al mee aan deze uitvoering."
    with pytest.raises(Refused) as lacking:
        send(made.enrolment_id, by_office=True)
    assert lacking.value.sentence.startswith("Voor EK-2 is eerst EK-1 nodig.")
    assert (row(made.enrolment_id).state, held(made.enrolment_id)) == (EnrolmentState.ENROLLED, [True] * 4)
    assert db.session.scalars(select(Person).where(Person.email == "piet@zorg.example")).all() == []


def test_oneself_is_no_substitute(edition: EditionAndMeetings, person: Person):
    made = factories.enrol(edition, person.email, by=person)
    with pytest.raises(Refused) as refused:
        send(made.enrolment_id, "DEWI@zorg.example")
    assert refused.value.sentence == "Vul het e-mailadres van je collega in, niet dat van jezelf"


def test_until_the_deadline_of_its_terms_and_after_it_by_the_office_alone(edition: EditionAndMeetings):
    terms = factories.terms_version(clock.today(), substitute_days=7)
    made = factories.enrol(edition, terms_version_id=terms.id)
    late = edition.meetings[0].starts_at - timedelta(days=6)
    with pytest.raises(Refused) as refused:
        send(made.enrolment_id, now=late)
    assert refused.value.sentence.startswith("Een collega sturen kon tot ")
    taken_over = send(made.enrolment_id, now=late, by_office=True, cost_cents=2500, reason="Ziek")
    assert (row(made.enrolment_id).cost_cents, row(taken_over).state) == (2500, EnrolmentState.ENROLLED)
    entry = audit.list_entries(tag="enrolment.substituted").entries[0]
    assert (entry.facts["reason"], "reason" in entry.private) == ("Ziek", True)


def test_what_was_attended_stays_with_who_was_there(edition: EditionAndMeetings):
    made = factories.enrol(edition)
    during = edition.meetings[1].starts_at
    with pytest.raises(Refused):
        send(made.enrolment_id, now=during)
    taken_over = send(made.enrolment_id, now=during, by_office=True, reason="Ziek")
    assert held(made.enrolment_id) == [True, True, False, False]
    assert (held(taken_over), row(taken_over).whole, taken(edition)) == ([True, True], False, [1, 1, 1, 1])


def test_it_goes_over_once_and_on_again(edition: EditionAndMeetings, person: Person):
    made = factories.enrol(edition, person.email, by=person)
    taken_over = send(made.enrolment_id)
    with pytest.raises(Conflict):
        send(made.enrolment_id, "anna@zorg.example")
    again = row(send(taken_over, "anna@zorg.example"))
    assert (again.replaces_id, again.contracted_by_id) == (taken_over, person.id)
    with pytest.raises(NotFound):
        send(987)


def test_who_comes_instead_pays_nothing_for_cancelling_and_who_contracted_reads_what_it_costs(
    edition: EditionAndMeetings, person: Person
):
    made = factories.enrol(edition, person.email, by=person, now=clock.now() - timedelta(days=60))
    price = row(made.enrolment_id).price_cents
    taken_over = send(made.enrolment_id)
    with transaction():
        commands.cancel_enrolment(
            enrolment_id=taken_over,
            actor=Actor.visitor(),
            now=edition.meetings[0].starts_at - timedelta(days=1),
        )
    mails = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id.desc()).limit(2)).all()
    assert [(mail.kind, mail.to_address) for mail in mails] == [
        ("enrolment.cancelled_by_substitute", "dewi@zorg.example"),
        ("enrolment.cancelled", "piet@zorg.example"),
    ]
    assert "Dit kost je € 1.000." in mails[0].text_body.replace("\xa0", " ")
    assert "Je betaalt niets." in mails[1].text_body
    assert (row(taken_over).cost_cents, price) == (100000, 100000)


@pytest.mark.parametrize(
    ("name", "email", "field"),
    [("", "piet@zorg.example", "name"), ("www.evil.example", "piet@zorg.example", "name"), ("Piet", "geen", "email")],
)
def test_bad_input_is_refused_at_its_field(edition: EditionAndMeetings, name: str, email: str, field: str):
    made = factories.enrol(edition)
    with pytest.raises(Refused) as refused:
        send(made.enrolment_id, colleague=Participant(name, email))
    assert refused.value.field == field
    assert held(made.enrolment_id) == [True] * 4
