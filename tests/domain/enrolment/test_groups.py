"""Enrolling people together: all of them or nobody, and nobody learns what they may not know."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal import clock
from portal.audit import Actor, trail_of
from portal.db import db, transaction
from portal.domain.accounts.models import Person, RegisterNumber
from portal.domain.catalogue.models import Meeting
from portal.domain.catalogue.rules import EditionKind
from portal.domain.enrolment.group_drafts import begin_group_draft, get_group_draft, keep_in_group_draft
from portal.domain.enrolment.group_models import GroupBooking, GroupDraft, ReservedPlace
from portal.domain.enrolment.group_queries import get_group, list_groups, list_places, who_cannot
from portal.domain.enrolment.groups import Order, book_group
from portal.domain.enrolment.models import Enrolment, EnrolmentRegisterNumber
from portal.domain.enrolment.participants import Participant
from portal.domain.enrolment.people_lists import Listed
from portal.domain.enrolment.queries import get_edition
from portal.errors import Conflict, NotFound, Refused
from portal.mail import OutgoingMail
from tests import factories
from tests.factories import EditionAndMeetings

PEOPLE = tuple(
    Participant(f"{name} Vos", f"{name.lower()}@zorg.example", employer="Team Noord") for name in ("Els", "Ali", "Bo")
)


@pytest.fixture
def edition(app: Flask) -> EditionAndMeetings:
    return factories.edition_with_meetings(factories.course_with_modules(2, price_cents=40000), capacity=5)


@pytest.fixture
def contact(app: Flask) -> Person:
    return factories.person(name="Hanneke de Boer", email="hanneke@zorg.example")


def book(of: EditionAndMeetings, by: Person, people: Sequence[Participant] = PEOPLE, **values: Any) -> int:
    given = {key: values.pop(key) for key in ("actor", "draft_id", "trusted") if key in values}
    ordinary = {"module_ids": None, "terms_version_id": factories.terms().id, "employer": "Zorggroep De Brug"}
    order = Order(edition_id=of.edition.id, contact_id=by.id, **ordinary | values)
    actor = Actor.person(by.id)
    with transaction():
        return book_group(order=order, people=people, **{"actor": actor, "now": clock.now()} | given)


def taken(of: EditionAndMeetings) -> list[int]:
    wanted = select(Meeting.taken).where(Meeting.edition_id == of.edition.id).order_by(Meeting.id)
    return list(db.session.scalars(wanted))


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def mails() -> list[tuple[str, str]]:
    rows = db.session.execute(select(OutgoingMail.kind, OutgoingMail.to_address).order_by(OutgoingMail.id))
    return [(row.kind, row.to_address) for row in rows]


def test_everybody_is_enrolled_confirmed_and_grouped(edition: EditionAndMeetings, contact: Person):
    group_id = book(edition, contact, order_reference="PO 4711")
    enrolments = db.session.scalars(select(Enrolment).order_by(Enrolment.id)).all()
    assert {
        (e.participant_name, e.employer, e.contract_party, e.order_reference, e.price_cents) for e in enrolments
    } == {(f"{name} Vos", "Team Noord", "organisation", "PO 4711", 40000) for name in ("Els", "Ali", "Bo")}
    assert taken(edition) == [3, 3]
    assert mails() == [
        *[("enrolment.enrolled", person.email) for person in PEOPLE],
        ("enrolment.group_booked", "hanneke@zorg.example"),
    ]
    group = get_group(group_id, person_id=contact.id, organisation_ids=())
    assert (group.organisation, group.price_cents, group.order_reference) == ("Zorggroep De Brug", 40000, "PO 4711")
    assert [(row.name, row.number, row.cancelled) for row in list_places(group_id).rows] == [
        (e.participant_name, e.number, False) for e in sorted(enrolments, key=lambda e: e.participant_name)
    ]
    newest = trail_of("group", group_id).entries[0]
    assert (newest.tag, newest.facts["people"]) == ("enrolment.group_booked", 3)


def test_the_contacts_mail_says_how_many_and_never_who(edition: EditionAndMeetings, contact: Person):
    group_id = book(edition, contact)
    mail = db.session.scalars(select(OutgoingMail).where(OutgoingMail.kind == "enrolment.group_booked")).one()
    assert "Je meldde 3 mensen aan" in mail.text_body
    assert f"/mijn/groepen/{group_id}" in mail.text_body
    assert not [person for person in PEOPLE if person.name in mail.html_body or person.email in mail.html_body]


def test_of_a_group_that_does_not_fit_nobody_is_enrolled_and_the_meeting_is_named(
    edition: EditionAndMeetings, contact: Person
):
    for _ in range(3):
        factories.enrolment(edition, modules=(2,))
    db.session.commit()
    with pytest.raises(Conflict, match=r"Voor 3 mensen is geen plek: in dagdeel 2, .* zijn nog 2 plekken"):
        book(edition, contact)
    assert (count(Enrolment), count(GroupBooking), count(ReservedPlace), mails()) == (3, 0, 0, [])
    assert taken(edition) == [0, 3]


def test_what_is_refused_of_one_is_refused_of_all(edition: EditionAndMeetings, contact: Person):
    people = [*PEOPLE, Participant("Win op www.evil.example", "zot@zorg.example")]
    with pytest.raises(Refused, match="zonder webadres"):
        book(edition, contact, people)
    people = [*PEOPLE, Participant("Jo", "jo@zorg.example", register_numbers={"SKJ": "111222333"})]
    with pytest.raises(Refused, match="burgerservicenummer"):
        book(edition, contact, people)
    with pytest.raises(Refused, match=r"els@zorg.example staat twee keer"):
        book(edition, contact, [*PEOPLE, Participant("Els", " ELS@zorg.example")])
    with pytest.raises(Refused, match="Vul in wie er komt"):
        book(edition, contact, [])
    assert (count(Enrolment), count(GroupBooking), count(Person), taken(edition)) == (0, 0, 1, [0, 0])


def test_register_numbers_go_with_the_enrolment_and_to_who_is_new(edition: EditionAndMeetings, contact: Person):
    factories.register("SKJ")
    factories.person(email="els@zorg.example")
    numbered = [
        Participant(person.name, person.email, register_numbers={"SKJ": f"11002451{number}"})
        for number, person in enumerate(PEOPLE)
    ]
    book(edition, contact, numbered)
    assert count(EnrolmentRegisterNumber) == 3
    owners = select(Person.email).join(RegisterNumber, RegisterNumber.person_id == Person.id).order_by(Person.email)
    assert list(db.session.scalars(owners)) == ["ali@zorg.example", "bo@zorg.example"]


def test_single_modules_have_their_own_price(edition: EditionAndMeetings, contact: Person):
    group_id = book(edition, contact, module_ids=[edition.meetings[1].module_id])
    assert taken(edition) == [0, 3]
    assert get_group(group_id, person_id=contact.id, organisation_ids=()).price_cents == 25000


def test_who_takes_part_already_is_listed_like_the_others_and_told_alone(edition: EditionAndMeetings, contact: Person):
    els = factories.person(email="els@zorg.example", name="Elisabeth Vos")
    factories.enrolment(edition, els)
    group_id = book(edition, contact)
    assert ("enrolment.enrolled_already", "els@zorg.example") in mails()
    assert taken(edition) == [3, 3]
    rows = list_places(group_id).rows
    assert [row.name for row in rows] == ["Ali Vos", "Bo Vos", "Els Vos"]
    assert len({row.number for row in rows}) == 3
    assert "Elisabeth" not in str(rows)
    assert {row.cancelled for row in rows} == {False}


def test_of_a_course_that_asks_something_first_only_who_may_know_enrols_others(contact: Person):
    asking = factories.course_with_modules(1, requires={"completed": "ek-1"})
    factories.course_with_modules(1, slug="ek-1", title="EK-1")
    opened = factories.edition_with_meetings(asking)
    with pytest.raises(Refused, match="meldt iedereen zichzelf aan"):
        book(opened, contact)
    with pytest.raises(Refused, match=r"^Els Vos: .*EK-1"):
        book(opened, contact, trusted=True)
    assert (count(Enrolment), taken(opened)) == (0, [0])


def test_who_may_know_hears_of_each_line_why_somebody_cannot(edition: EditionAndMeetings):
    factories.enrolment(edition, factories.person(email="els@zorg.example"))
    factories.enrolment(edition, factories.person(email="ali@zorg.example"), state="cancelled")
    listed = [Listed(2, "Els", "ELS@zorg.example"), Listed(3, "Ali", "ali@zorg.example"), Listed(4, "Bo", "bo@x.nl")]
    found = who_cannot(get_edition(edition.edition.id), listed, clock.now())
    assert found == {2: {"email": "Doet al mee. Laat deze regel weg"}}


def test_a_closed_edition_is_for_its_own_organisation(contact: Person):
    theirs, other = factories.organisation(), factories.organisation()
    closed = factories.edition_with_meetings(kind=EditionKind.IN_COMPANY, organisation_id=theirs.id)
    for organisation_id in (other.id, None):
        with pytest.raises(NotFound):
            book(closed, contact, organisation_id=organisation_id)
    group_id = book(closed, contact, organisation_id=theirs.id, employer="")
    assert get_group(group_id, person_id=contact.id, organisation_ids=()).price_cents == 0


def test_a_group_is_seen_by_who_speaks_for_it_alone(edition: EditionAndMeetings, contact: Person):
    theirs = factories.organisation(name="De Brug")
    group_id = book(edition, contact, organisation_id=theirs.id, employer="")
    stranger = factories.person()
    assert get_group(group_id, person_id=stranger.id, organisation_ids=[theirs.id]).organisation == "De Brug"
    with pytest.raises(NotFound):
        get_group(group_id, person_id=stranger.id, organisation_ids=[])
    assert [(row.id, row.people) for row in list_groups(contact.id, []).rows] == [(group_id, 3)]
    assert list_groups(stranger.id, []).rows == []


def draft(of: EditionAndMeetings, owner: Person) -> tuple[str, int]:
    with transaction():
        token = begin_group_draft(edition_id=of.edition.id, owner_id=owner.id, answers={"people": [1]}, now=clock.now())
    return token, get_group_draft(token, of.edition.id, owner.id).id


def test_one_draft_makes_one_group_and_keeps_nothing_of_it(edition: EditionAndMeetings, contact: Person):
    token, draft_id = draft(edition, contact)
    first = book(edition, contact, draft_id=draft_id)
    assert book(edition, contact, draft_id=draft_id) == first
    with transaction():
        keep_in_group_draft(draft_id=draft_id, answers={"people": [2]})
    kept = get_group_draft(token, edition.edition.id, contact.id)
    assert (kept.answers, kept.group_id, count(Enrolment)) == ({}, first, 3)


def test_a_draft_is_its_makers_alone(edition: EditionAndMeetings, contact: Person):
    token, _draft_id = draft(edition, contact)
    other = factories.edition_with_meetings()
    for wrong in (
        (token + "x", edition.edition.id, contact.id),
        (token, other.edition.id, contact.id),
        (token, edition.edition.id, factories.person().id),
    ):
        with pytest.raises(NotFound):
            get_group_draft(*wrong)
    assert token not in str(db.session.scalars(select(GroupDraft.token_hash)).all())


def at_once(app: Flask, works: Sequence[Any]) -> list[bool]:
    barrier = Barrier(len(works))

    def run(work: Any) -> bool:
        with app.app_context():
            barrier.wait()
            try:
                work()
            except Conflict:
                return False
            return True

    db.session.commit()
    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_of_two_groups_at_once_for_the_last_seats_one_is_whole_and_one_is_nothing(
    app: Flask, edition: EditionAndMeetings, contact: Person
):
    """The same people in another order: neither waits for the other in a circle."""
    order = Order(edition.edition.id, None, contact.id, factories.terms().id, employer="De Brug")
    groups = [
        [Participant("Jan", f"jan{number}@zorg.example") for number in numbers]
        for numbers in (range(3), range(6, 9), range(2, -1, -1), range(8, 5, -1))
    ]

    def work(people: Sequence[Participant]) -> Any:
        def booking() -> None:
            with transaction():
                book_group(order=order, people=people, actor=Actor.visitor(), now=clock.now())

        return booking

    assert sum(at_once(app, [work(people) for people in groups])) == 1
    assert (count(Enrolment), count(GroupBooking), count(ReservedPlace), taken(edition)) == (3, 1, 3, [3, 3])


def test_groups_of_the_same_people_in_two_editions_at_once_wait_for_one_another(app: Flask, contact: Person):
    editions = [factories.edition_with_meetings(factories.course_with_modules(1), capacity=40) for _ in range(2)]
    people = [Participant("Jan", f"jan{number}@zorg.example") for number in range(20)]
    terms_id = factories.terms().id
    for number in range(0, 20, 3):
        factories.person(email=f"jan{19 - number}@zorg.example")

    def work(of: EditionAndMeetings, listed: Sequence[Participant]) -> Any:
        order = Order(of.edition.id, None, contact.id, terms_id, employer="De Brug")

        def booking() -> None:
            with transaction():
                book_group(order=order, people=listed, actor=Actor.visitor(), now=clock.now())

        return booking

    works = [work(editions[0], people), work(editions[1], people[::-1])]
    assert at_once(app, works) == [True, True]
    assert count(Enrolment) == 40
