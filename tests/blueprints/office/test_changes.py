"""What participants and contacts changed themselves, on the office's desk."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from portal import audit, clock
from portal.audit import Actor
from portal.db import transaction
from portal.domain.accounts.models import Person
from portal.domain.accounts.rules import Role
from portal.domain.enrolment import commands
from portal.domain.enrolment.events import WaitingListLeft
from portal.domain.enrolment.participants import Participant
from tests import factories
from tests.factories import EditionAndMeetings
from tests.plugins.portal import PortalClient, Queries


@pytest.fixture
def here(app: Flask) -> EditionAndMeetings:
    return factories.edition_with_meetings(factories.course_with_modules(title="SamenKracht", price_cents=79500))


@pytest.fixture
def dewi(app: Flask) -> Person:
    return factories.person(name="Dewi Hardjo", email="dewi@zorg.example")


def cancelled(edition: EditionAndMeetings, of: Person, actor: Actor) -> int:
    made = factories.enrol(edition, of.email, by=of)
    with transaction():
        commands.cancel_enrolment(enrolment_id=made.enrolment_id, actor=actor, now=clock.now(), by_office=True)
    return made.enrolment_id


def test_what_people_did_themselves_and_not_what_the_office_did(
    office: PortalClient, here: EditionAndMeetings, dewi: Person
):
    marleen = factories.person(role=Role.OFFICE)
    cancelled(here, dewi, Actor.person(dewi.id))
    by_office = factories.person(name="Anna Bos")
    cancelled(here, by_office, Actor.person(marleen.id))
    gone_with_it = factories.person(name="Bo Vis")
    cancelled(here, gone_with_it, Actor.system())
    page = office.visit("/bureau/wijzigingen")
    rows = page.table()
    assert [(row["Wat"], row["Wie"]) for row in rows] == [
        ("Geannuleerdbinnen de bedenktijdkosten: geen", "Dewi Hardjo")
    ]
    assert rows[0]["Training"].startswith("SamenKrachtZwolle, ")
    assert page.follow("Geannuleerd").h1 == "Şule Yılmaz"
    assert len(
        [e for e in audit.list_entries(tag="privacy.viewed").entries if e.facts["page"] == "office_changes.index"]
    )


def test_a_move_says_where_to_and_a_colleague_by_whom(office: PortalClient, dewi: Person):
    of = factories.course_with_modules(title="SamenKracht")
    here = factories.edition_with_meetings(of)
    there = factories.edition_with_meetings(of, clock.today() + timedelta(days=90), place="Utrecht")
    made = factories.enrol(here, dewi.email, by=dewi)
    values = {"actor": Actor.person(dewi.id), "now": clock.now()}
    with transaction():
        moved_id = commands.move_enrolment(enrolment_id=made.enrolment_id, edition_id=there.edition.id, **values)
    with transaction():
        commands.send_substitute(enrolment_id=moved_id, colleague=Participant("Piet", "piet@zorg.example"), **values)
    what = [row["Wat"] for row in office.visit("/bureau/wijzigingen").table()]
    assert what[0] == "Collega gestuurdkosten: geen"
    assert what[1].startswith("Omgeboektnaar Utrecht, ")
    assert [row["Wat"][:9] for row in office.visit("/bureau/wijzigingen?soort=moved").table()] == ["Omgeboekt"]
    assert [row["Wat"][:7] for row in office.visit("/bureau/wijzigingen?soort=substituted").table()] == ["Collega"]
    assert len(office.visit("/bureau/wijzigingen?soort=iets-anders").table()) == 2


def test_a_place_on_the_waiting_list_given_up(office: PortalClient, here: EditionAndMeetings, dewi: Person):
    left = WaitingListLeft(waiting_list_entry_id=1, edition_id=here.edition.id, person_id=dewi.id)
    with transaction():
        audit.record(left, actor=Actor.visitor(), at=clock.now())
    rows = office.visit("/bureau/wijzigingen?soort=waiting_list").table()
    assert [(row["Wat"], row["Wie"]) for row in rows] == [("Van de wachtlijst gehaald", "Dewi Hardjomet een link")]


def test_the_desk_shows_the_last_five_without_names_and_a_count_of_a_week(
    office: PortalClient, here: EditionAndMeetings, dewi: Person
):
    assert "Nog niemand wijzigde iets." in office.visit("/bureau").text
    with time_machine.travel(clock.now() - timedelta(days=8), tick=False):
        cancelled(here, dewi, Actor.person(dewi.id))
    for _number in range(5):
        cancelled(here, dewi, Actor.person(dewi.id))
    page = office.visit("/bureau")
    assert "5 wijzigingen in de laatste zeven dagen." in page.text
    assert [row["Wat"] for row in page.table("De laatste wijzigingen")] == ["Geannuleerd"] * 5
    assert "Dewi" not in page.text
    assert len(page.follow("Alle wijzigingen").table()) == 6


def test_many_come_in_pages_with_the_same_queries(
    office: PortalClient,
    here: EditionAndMeetings,
    count_queries: Callable[[], AbstractContextManager[Queries]],
):
    counts = []
    for number in (1, 2, 23):
        for _again in range(number):
            person = factories.person()
            cancelled(here, person, Actor.person(person.id))
        with count_queries() as queries:
            assert office.get("/bureau/wijzigingen").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]
    assert len(office.visit("/bureau/wijzigingen?pagina=2").table()) == 1


def test_only_the_office_comes_here(as_role: Callable[[Role], PortalClient]):
    for role in (Role.PARTICIPANT, Role.TRAINER, Role.ORGANISATION, Role.AUDITOR):
        assert as_role(role).get("/bureau/wijzigingen").status_code == 403
    assert "Hier is nog niets gewijzigd." in as_role(Role.OFFICE).visit("/bureau/wijzigingen").text
