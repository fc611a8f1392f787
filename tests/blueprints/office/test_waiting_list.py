"""The office sees who waits, what was offered and who is off the list, and takes somebody off."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal import clock
from portal.audit import Actor, trail_of
from portal.db import db, transaction
from portal.domain.accounts.rules import Role
from portal.domain.enrolment.commands import change_capacity, join_waiting_list
from portal.domain.enrolment.models import WaitingListEntry, WaitingListOffer
from portal.domain.enrolment.offers import decline_offer
from portal.domain.enrolment.waiting_rules import OffList
from portal.mail import OutgoingMail
from tests import factories
from tests.factories import EditionAndMeetings
from tests.page import Link
from tests.plugins.portal import PortalClient, Queries


@pytest.fixture
def edition(app: Flask) -> EditionAndMeetings:
    """Two dagdelen with one seat each, taken; three who wait, the first with an offer for one of two people."""
    made = factories.edition_with_meetings(factories.course_with_modules(2, title="SamenKracht"), capacity=1)
    factories.enrol(made)
    wait(made, "Ama Boateng", people=2, together=False)
    wait(made, "Bo Vos", people=3)
    wait(made, "Çelik Yılmaz", modules=(2,))
    meeting_ids = [meeting.id for meeting in made.meetings]
    for meeting_id in meeting_ids:
        with transaction():
            change_capacity(meeting_id=meeting_id, capacity=2, actor=Actor.system("cli"), now=clock.now())
    return made


def wait(
    of: EditionAndMeetings, name: str, modules: tuple[int, ...] = (), people: int = 1, together: bool = True
) -> None:
    edition_id, module_ids = of.edition.id, [of.meetings[position - 1].module_id for position in modules] or None
    with transaction():
        join_waiting_list(
            edition_id=edition_id,
            module_ids=module_ids,
            name=name,
            email=f"{name.split()[0].lower()}@zorg.example",
            language="nl",
            people=people,
            together=together,
            actor=Actor.visitor(),
            now=clock.now(),
        )


def address(edition: EditionAndMeetings) -> str:
    return f"/bureau/uitvoeringen/{edition.edition.id}/wachtlijst"


def test_who_waits_stands_there_in_order_with_what_was_offered(office: PortalClient, edition: EditionAndMeetings):
    page = office.visit(f"/bureau/uitvoeringen/{edition.edition.id}").follow(
        "De hele wachtlijst, met wat er is aangeboden"
    )
    rows = page.table("3 wachten, wie het eerst kwam bovenaan")
    assert [(row["Plaats"], row["Naam"], row["Voor"]) for row in rows] == [
        ("1", "Ama Boateng", "2, zoveel als er plek isalle dagdelen"),
        ("2", "Bo Vos", "3, allemaal of niemandalle dagdelen"),
        ("3", "Çelik Yılmaz", "één persoondagdeel 2"),
    ]
    until = clock.local(db.session.scalars(select(WaitingListOffer.expires_at)).one())
    assert [row["Aanbod"].startswith("1 plektot ") for row in rows] == [True, False, False]
    assert f"{until:%H.%M} uur" in rows[0]["Aanbod"]
    assert rows[1]["Aanbod"] == "–"


def test_somebody_is_taken_off_after_a_question_and_is_told_without_the_reason(
    office: PortalClient, edition: EditionAndMeetings
):
    page = office.visit(address(edition)).follow("Haal van de lijst Ama Boateng")
    assert page.h1 == "Ama Boateng van de wachtlijst halen"
    assert "Er is een plek aangeboden tot" in page.text
    refused = page.submit("Haal van de lijst", reason=" ")
    assert (refused.status, refused.errors) == (422, [Link("Vul in waarom", "#reason")])
    done = refused.submit("Haal van de lijst", reason="Staat er dubbel op")
    assert "Ama Boateng staat niet meer op de wachtlijst en krijgt daar een mail over." in done.text
    rows = done.table("2 wachten, wie het eerst kwam bovenaan")
    assert [(row["Plaats"], row["Naam"], row["Aanbod"][:6]) for row in rows] == [
        ("1", "Bo Vos", "–"),
        ("2", "Çelik Yılmaz", "1 plek"),
    ]
    mail = db.session.scalars(select(OutgoingMail).where(OutgoingMail.to_address == "ama@zorg.example")).all()[-1]
    assert (mail.kind, "dubbel" in mail.text_body) == ("enrolment.waiting_list_taken_off", False)
    off = done.follow("Wie er niet meer op staat").table("1 ging van de lijst, de laatste eerst")
    assert [(row["Naam"], row["Wat er gebeurde"]) for row in off] == [("Ama Boateng", "door het bureau")]
    again = page.submit("Haal van de lijst", reason="Nog eens")
    assert (again.status, "Diegene staat niet meer op de lijst." in again.text) == (409, True)


@pytest.mark.parametrize(
    ("ended_by", "words"),
    [
        (OffList.ACCEPTED, "nam de plek aan"),
        (OffList.ENROLLED, "kwam er op een andere manier bij"),
        (OffList.DECLINED, "wilde de plek niet"),
        (OffList.LAPSED, "koos niet op tijd"),
        (OffList.LEFT, "ging zelf van de lijst"),
        (OffList.OFFICE, "door het bureau"),
        (OffList.CLOSED, "de uitvoering gaat niet door"),
    ],
)
def test_it_says_why_somebody_is_off_the_list(
    office: PortalClient, edition: EditionAndMeetings, ended_by: OffList, words: str
):
    with transaction():
        decline_offer(offer_id=1, actor=Actor.visitor(), now=clock.now())
        db.session.execute(update(WaitingListEntry).where(WaitingListEntry.id == 1).values(ended_by=ended_by))
    rows = office.visit(f"{address(edition)}?stand=eraf").table("1 ging van de lijst, de laatste eerst")
    assert [(row["Naam"], row["Wat er gebeurde"]) for row in rows] == [("Ama Boateng", words)]


def test_a_long_list_has_pages_and_goes_on_counting(office: PortalClient, edition: EditionAndMeetings):
    for number in range(50):
        who = factories.person(name=f"Wacht {number:02}")
        entry = {"token_hash": f"t{number}", "joined_at": clock.now() + timedelta(minutes=number)}
        factories.add(WaitingListEntry(edition_id=edition.edition.id, person_id=who.id, **entry))
    rows = office.visit(f"{address(edition)}?pagina=2").table("53 wachten, wie het eerst kwam bovenaan")
    assert [(row["Plaats"], row["Naam"]) for row in rows] == [
        ("51", "Wacht 47"),
        ("52", "Wacht 48"),
        ("53", "Wacht 49"),
    ]


def test_both_lists_say_when_they_are_empty(office: PortalClient, app: Flask):
    empty = factories.edition_with_meetings()
    assert "Er wacht niemand." in office.visit(address(empty)).text
    assert "Er is nog niemand van de lijst gegaan." in office.visit(f"{address(empty)}?stand=eraf").text


def test_somebody_of_another_edition_is_not_found_here(office: PortalClient, edition: EditionAndMeetings):
    other = factories.edition_with_meetings()
    assert office.get(f"{address(other)}/1/afhalen").status_code == 404
    assert office.send(f"{address(other)}/1/afhalen", reason="Dubbel").status_code == 404
    assert office.get(f"{address(edition)}/99/afhalen").status_code == 404
    assert "waiting_list_left" not in str([entry.tag for entry in trail_of("edition", edition.edition.id).entries])


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.OFFICE, Role.ADMIN)])
def test_nobody_else_sees_it(as_role: Callable[[Role], PortalClient], edition: EditionAndMeetings, role: Role):
    client = as_role(role)
    assert client.get(address(edition)).status_code == 403
    assert client.get(f"{address(edition)}/1/afhalen").status_code == 403


def test_a_visitor_is_asked_to_sign_in(client: PortalClient, edition: EditionAndMeetings):
    assert "Ama" not in client.visit(address(edition)).text


def test_the_list_takes_as_many_queries_however_long_it_is(
    office: PortalClient, edition: EditionAndMeetings, count_queries: Callable[[], AbstractContextManager[Queries]]
):
    counted = []
    for number in (0, 30):
        for one in range(number):
            who = factories.person()
            entry = {"token_hash": f"q{one}", "joined_at": clock.now()}
            factories.add(WaitingListEntry(edition_id=edition.edition.id, person_id=who.id, **entry))
        db.session.commit()
        with count_queries() as queries:
            office.get(address(edition))
        counted.append(len(queries))
    assert counted[0] == counted[1]
