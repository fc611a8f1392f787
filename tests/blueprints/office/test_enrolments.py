"""One enrolment at the office's desk, and changing it with a reason and at another cost."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal import audit, clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.accounts.models import Person
from portal.domain.accounts.rules import Role
from portal.domain.enrolment import commands
from portal.domain.enrolment.models import Enrolment
from portal.domain.enrolment.rules import ContractParty, EndedBy, EnrolmentState
from portal.mail import OutgoingMail
from tests import factories
from tests.factories import CourseAndModules, EditionAndMeetings
from tests.page import Link
from tests.plugins.portal import PortalClient, Queries

LONG_AGO = timedelta(days=60)


@pytest.fixture
def course(app: Flask) -> CourseAndModules:
    factories.register("SKJ")
    return factories.course_with_modules(title="SamenKracht", price_cents=79500)


@pytest.fixture
def here(course: CourseAndModules) -> EditionAndMeetings:
    return factories.edition_with_meetings(course, first_on=clock.today() + timedelta(days=10))


@pytest.fixture
def there(course: CourseAndModules) -> EditionAndMeetings:
    return factories.edition_with_meetings(course, first_on=clock.today() + timedelta(days=90), place="Utrecht")


@pytest.fixture
def dewi(app: Flask) -> Person:
    return factories.person(name="Dewi Hardjo", email="dewi@zorg.example")


@pytest.fixture
def enrolment_id(here: EditionAndMeetings, dewi: Person) -> int:
    """Enrolled long ago, so that by the terms a change costs something now."""
    return factories.enrol(here, dewi.email, by=dewi, now=clock.now() - LONG_AGO).enrolment_id


def address(enrolment_id: int, path: str = "") -> str:
    return f"/bureau/inschrijvingen/{enrolment_id}{path}"


def test_its_page_says_who_what_and_at_what_cost(office: PortalClient, here: EditionAndMeetings, enrolment_id: int):
    desk = office.visit(f"/bureau/uitvoeringen/{here.edition.id}")
    page = desk.follow(db.session.get_one(Enrolment, enrolment_id).number)
    assert (page.address, page.h1) == (address(enrolment_id), "Şule Yılmaz")
    facts = page.facts()
    assert facts["Overeenkomst"] == "met de deelnemer, Dewi Hardjo"
    assert facts["Voorwaarden"] == "van 1 januari 2024"
    assert (facts["Prijs"], facts["Annuleren kost nu"], facts["Omboeken kost nu"]) == ("€ 795", "€ 795", "€ 198,75")
    assert [row["Dagdeel"] for row in page.table("Dagdelen van deze inschrijving")] == [
        f"{position}. Dagdeel {position}" for position in (1, 2, 3, 4)
    ]
    assert page.table("Geschiedenis, het nieuwste eerst")[0]["Wat"] == "Ingeschreven"
    assert page.table("Geschiedenis, het nieuwste eerst")[0]["Wie deed het"] == "Dewi Hardjo"
    assert {link.text for link in page.links} >= {"Boek om", "Laat een ander komen", "Annuleer"}


def test_cancelling_at_another_cost_keeps_the_reason_in_the_log_alone(office: PortalClient, enrolment_id: int):
    page = office.visit(address(enrolment_id)).follow("Annuleer")
    assert page.facts()["Kosten van annuleren nu"] == "€ 795"
    done = page.submit("Annuleer de inschrijving", reason="Sterfgeval", cost_cents="50")
    assert "De inschrijving is geannuleerd. Kosten: € 50." in done.text
    row = db.session.get_one(Enrolment, enrolment_id)
    assert (row.state, row.cost_cents) == (EnrolmentState.CANCELLED, 5000)
    mail = db.session.scalars(select(OutgoingMail).where(OutgoingMail.kind == "enrolment.cancelled")).one()
    assert "Je betaalt € 50, zoals afgesproken met het bureau." in mail.text_body.replace("\xa0", " ")
    assert "Sterfgeval" not in mail.text_body
    after = office.visit(address(enrolment_id))
    assert after.table("Geschiedenis, het nieuwste eerst")[0] == {
        "Wat": "Geannuleerdkosten: € 50reden: Sterfgeval",
        "Wie deed het": "Marleen de Wit",
        "Wanneer": after.table("Geschiedenis, het nieuwste eerst")[0]["Wanneer"],
    }
    assert after.facts()["Kosten van de wijziging"] == "€ 50"


@pytest.mark.parametrize(
    ("path", "button"), [("/annuleren", "Annuleer de inschrijving"), ("/vervanger", "Draag de plek over")]
)
def test_an_amount_that_is_none_and_a_missing_reason_are_said(
    office: PortalClient, enrolment_id: int, path: str, button: str
):
    page = office.visit(address(enrolment_id, path))
    refused = page.submit(button, reason="", cost_cents="veel")
    assert refused.status == 422
    assert {
        Link("Vul in waarom", "#reason"),
        Link("Vul een bedrag in, zoals 795 of 795,50", "#cost_cents"),
    } <= set(refused.errors)
    assert db.session.get_one(Enrolment, enrolment_id).state == EnrolmentState.ENROLLED


def test_moving_also_after_the_first_meeting_and_for_nothing(
    office: PortalClient, here: EditionAndMeetings, there: EditionAndMeetings, enrolment_id: int
):
    here.meetings[0].starts_at, here.meetings[0].ends_at = clock.now() - LONG_AGO, clock.now() - LONG_AGO
    db.session.commit()
    page = office.visit(address(enrolment_id)).follow("Boek om")
    assert [row["Waar"] for row in page.table("Hier is plek voor alles wat nog komt")] == ["Utrecht"]
    check = page.follow(next(link.text for link in page.links if link.text.startswith("Kies ")))
    assert check.facts()["Wordt"].count("Dagdeel") == 3
    done = check.submit("Boek om", reason="Afgesproken", cost_cents="0")
    assert "De inschrijving is omgeboekt." in done.text
    old = db.session.get_one(Enrolment, enrolment_id)
    assert (old.ended_by, old.cost_cents, there.meetings[0].taken, there.meetings[1].taken) == (EndedBy.MOVED, 0, 0, 1)
    assert done.follow("De eerdere inschrijving").follow("De inschrijving waarin deze doorgaat").address == done.address
    entry = next(e for e in audit.trail_of("enrolment", enrolment_id).entries if e.tag == "enrolment.moved")
    assert (entry.facts["reason"], "reason" in entry.private) == ("Afgesproken", True)


def test_a_full_edition_and_one_of_another_course_are_no_destination(
    office: PortalClient, there: EditionAndMeetings, enrolment_id: int
):
    check = office.visit(address(enrolment_id, f"/omboeken/{there.edition.id}"))
    for meeting in there.meetings:
        meeting.taken = meeting.capacity = 1
    db.session.commit()
    lost = check.submit("Boek om", reason="Vol?")
    assert (lost.status, "dagdeel 1" in lost.text) == (409, True)
    other = factories.edition_with_meetings()
    assert office.get(address(enrolment_id, f"/omboeken/{other.edition.id}")).status_code == 404
    assert "Er is nu geen andere datum met een vrije plek." in office.visit(address(enrolment_id, "/omboeken")).text


def test_a_substitute_at_a_cost(office: PortalClient, here: EditionAndMeetings, enrolment_id: int):
    page = office.visit(address(enrolment_id)).follow("Laat een ander komen")
    done = page.submit(
        "Draag de plek over", name="Piet Bakker", email="piet@zorg.example", reason="Ziek", cost_cents="25"
    )
    assert (done.h1, here.meetings[0].taken) == ("Piet Bakker", 1)
    assert done.facts()["Overeenkomst"] == "met de deelnemer, Dewi Hardjo"
    old = db.session.get_one(Enrolment, enrolment_id)
    assert (old.ended_by, old.cost_cents) == (EndedBy.SUBSTITUTED, 2500)
    assert "overgenomen door een ander" in office.visit(address(enrolment_id)).text


def test_the_office_reads_why_a_colleague_cannot_come(
    office: PortalClient, here: EditionAndMeetings, enrolment_id: int
):
    factories.enrol(here, "piet@zorg.example")
    page = office.visit(address(enrolment_id, "/vervanger"))
    refused = page.submit("Draag de plek over", name="Piet", email="piet@zorg.example", reason="Ziek")
    assert refused.errors == [Link("Deze collega doet al mee aan deze uitvoering.", "#email")]
    assert refused.form("Draag de plek over").values["reason"] == ["Ziek"]


def test_what_has_ended_offers_nothing_to_do(office: PortalClient, there: EditionAndMeetings, enrolment_id: int):
    with transaction():
        commands.cancel_enrolment(enrolment_id=enrolment_id, actor=Actor.visitor(), now=clock.now())
    page = office.visit(address(enrolment_id))
    assert not {link.text for link in page.links} & {"Boek om", "Laat een ander komen", "Annuleer"}
    assert "kan niet meer worden omgeboekt" in office.visit(address(enrolment_id, "/omboeken")).text
    assert "kan niemand anders meer komen" in office.visit(address(enrolment_id, "/vervanger")).text
    gone = office.send(address(enrolment_id, "/annuleren"), reason="Nog eens")
    assert gone.status_code == 409
    moved = office.send(address(enrolment_id, f"/omboeken/{there.edition.id}"), reason="Nog eens")
    assert moved.status_code == 409


def test_with_whom_the_agreement_is(office: PortalClient, here: EditionAndMeetings):
    client = factories.organisation(name="Gemeente Zwolle")
    made = factories.enrolment(
        here, contract_party=ContractParty.ORGANISATION, organisation_id=client.id, order_reference="INK-12"
    )
    facts = office.visit(address(made.id)).facts()
    assert facts["Overeenkomst"].startswith("met de organisatie, ")
    assert facts["Overeenkomst"].endswith(", Gemeente Zwolle")
    assert facts["Referentie"] == "INK-12"


@pytest.mark.parametrize("path", ["", "/annuleren", "/omboeken", "/omboeken/{there}", "/vervanger"])
def test_only_the_office_comes_here(
    as_role: Callable[[Role], PortalClient], there: EditionAndMeetings, enrolment_id: int, path: str
):
    path = path.format(there=there.edition.id)
    for role in (Role.PARTICIPANT, Role.TRAINER, Role.ORGANISATION, Role.AUDITOR):
        assert as_role(role).get(address(enrolment_id, path)).status_code == 403
    office = as_role(Role.OFFICE)
    assert office.get(address(enrolment_id, path)).status_code == 200
    assert office.get(address(987654, path)).status_code == 404
    seen = [e.tag for e in audit.trail_of("enrolment", enrolment_id).entries]
    assert seen.count("privacy.viewed") == 1


def test_a_long_history_costs_no_more_queries(
    office: PortalClient,
    enrolment_id: int,
    dewi: Person,
    count_queries: Callable[[], AbstractContextManager[Queries]],
    here: EditionAndMeetings,
):
    counts = []
    for number in (0, 1, 30):
        for _again in range(number):
            factories.enrol(here, dewi.email, by=dewi)
        with count_queries() as queries:
            assert office.get(address(enrolment_id)).status_code == 200
        counts.append(len(queries))
    assert counts[1] == counts[2]
    assert "Pagina 2 van 2" in office.visit(address(enrolment_id, "?pagina=2")).text
