"""/bureau: the office's start page."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import time_machine

from portal import clock
from portal.domain.accounts.rules import Role
from portal.domain.attendance.walk_in_models import WalkIn
from portal.domain.attendance.walk_ins import Answer
from portal.domain.catalogue.rules import EditionState
from portal.domain.enrolment.models import WaitingListEntry
from tests import factories
from tests.page import Page
from tests.plugins.portal import PortalClient, Queries


def test_a_quiet_day(office: PortalClient):
    page = office.visit("/bureau")
    assert ("Er wacht niets op jou." in page.text, "Alles is gedaan." in page.text) == (True, True)
    assert "Vandaag geen trainingen." in page.text


@pytest.mark.parametrize(
    ("at", "h1"),
    [
        ("2027-03-18T10:59:00Z", "Goedemorgen Marleen"),
        ("2027-03-18T11:00:00Z", "Goedemiddag Marleen"),
        ("2027-03-18T17:00:00Z", "Goedenavond Marleen"),
    ],
)
def test_the_greeting_goes_by_amsterdams_clock(office: PortalClient, at: str, h1: str):
    with time_machine.travel(at, tick=False):
        page = start_page(office)
    assert (page.h1, "Donderdag 18 maart 2027." in page.text) == (h1, True)


UNDECIDED = {"state": EditionState.TENTATIVE, "minimum": 6}


def start_page(office: PortalClient) -> Page:
    """The start page of somebody who signs in now."""
    return office.sign_in(factories.person(role=Role.OFFICE, name="Marleen de Wit")).visit("/bureau")


def test_what_waits_leads_to_where_it_is_done(office: PortalClient):
    of = factories.course_with_modules(1, title="SamenKracht")
    factories.accreditation(of.modules[0], "SKJ", valid_until=clock.today() + timedelta(days=41))
    factories.edition_with_meetings(
        of, clock.today() + timedelta(days=20), place="Utrecht", decide_on=clock.today(), **UNDECIDED
    )
    past = factories.edition_with_meetings(of, clock.today() - timedelta(days=2), minimum=0, place="Katwijk")
    factories.enrolment(past)
    page = office.visit("/bureau")
    assert "Er zijn 3 dingen die op jou wachten." in page.text
    attention = [link.text for link in page.links][:3]
    assert attention == [
        "Presentie SamenKracht, Katwijk is niet afgerond",
        "Gaat SamenKracht, Utrecht door?",
        "Accreditatie SKJ ‘SamenKracht’ loopt af",
    ]
    assert [badge in page.text for badge in ("2 dagen te laat", "Nog 41 dagen. Er is niets gepland na")] == [True, True]
    for link in page.links[:3]:
        assert office.get(link.href.partition("#")[0]).status_code == 200


def test_how_full_in_words(office: PortalClient):
    of = factories.course_with_modules(1, title="SamenKracht")
    full = factories.edition_with_meetings(of, capacity=1, minimum=0, place="Amersfoort")
    factories.enrolment(full)
    for number in range(2):
        entry = {"token_hash": f"{number}", "joined_at": clock.now(), "person_id": factories.person().id}
        factories.add(WaitingListEntry(edition_id=full.edition.id, **entry))
    lacking = clock.today() + timedelta(days=60)
    factories.edition_with_meetings(of, lacking, place="Utrecht", **UNDECIDED)
    assert [
        (row["Wat en waar"], row["Bezet"]) for row in office.visit("/bureau").table("De volgende uitvoeringen")
    ] == [
        ("SamenKrachtAmersfoort", "1 van 1Vol, 2 op de wachtlijst"),
        ("SamenKrachtUtrecht", "0 van 12Nog 6 nodig om door te gaan"),
    ]


def test_the_page_takes_as_many_queries_with_30_of_everything_as_with_3(
    office: PortalClient, count_queries: Callable[[], AbstractContextManager[Queries]]
):
    def more(times: int) -> None:
        for _time in range(times):
            of = factories.course_with_modules(1)
            factories.accreditation(of.modules[0], "SKJ", valid_until=clock.today() + timedelta(days=41))
            for days in (-2, 0, 14):
                edition = factories.edition_with_meetings(of, clock.today() + timedelta(days=days), **UNDECIDED)
                factories.enrolment(edition)
            factories.edition_with_meetings(of, state=EditionState.DRAFT)

    def queries() -> Queries:
        with count_queries() as counted:
            office.get("/bureau")
        return counted

    more(3)
    few = queries()
    more(27)
    assert len(queries()) == len(few)
    assert len(few) <= 20, few


def test_only_the_office_comes_here(client: PortalClient, as_role: Callable[[Role], PortalClient]):
    assert client.get("/bureau").headers["Location"].endswith("/inloggen")
    assert [as_role(role).get("/bureau").status_code for role in (Role.PARTICIPANT, Role.TRAINER)] == [403, 403]
    assert as_role(Role.ADMIN).get("/bureau").status_code == 200


def test_who_did_not_confirm_at_the_door_is_named_and_one_link_away(office: PortalClient):
    given = factories.edition_with_meetings(
        factories.course_with_modules(1, title="SamenKracht"), clock.today() + timedelta(days=20), minimum=0
    )
    enrolment = factories.enrolment(given, factories.person(name="Dewi Jansen"))
    trainer = factories.person(role=Role.TRAINER)
    factories.add(
        WalkIn(
            enrolment_id=enrolment.id,
            meeting_id=given.meetings[0].id,
            added_by_id=trainer.id,
            added_at=clock.now() - timedelta(days=4),
            answer=Answer.AWAITED,
        )
    )
    page = office.visit("/bureau")
    assert "1 dag te laat" in page.text
    assert page.follow("Dewi Jansen bevestigde nog niet: SamenKracht").status == 200
