"""/uitvoeringen/<id>: when, where, by whom, what it costs, and what somebody can do with it now."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pytest

from portal import clock
from portal.db import db
from portal.domain.accounts.rules import Role
from portal.domain.catalogue.rules import Delivery, EditionKind, EditionState
from tests import factories
from tests.factories import CourseAndModules, EditionAndMeetings
from tests.page import Page
from tests.plugins.portal import PortalClient, Queries


def given(of: CourseAndModules | None = None, days: int = 60, **values: Any) -> EditionAndMeetings:
    return factories.edition_with_meetings(of, clock.today() + timedelta(days=days), **values)


def visit(client: PortalClient, made: EditionAndMeetings) -> Page:
    return client.visit(f"/uitvoeringen/{made.edition.id}")


def ways_in(page: Page) -> list[str]:
    """The words of the buttons that lead to enrolling."""
    return [link.text for link in page.links if link.href.endswith("/inschrijven")]


def test_an_edition_tells_when_where_by_whom_and_for_how_much(client: PortalClient):
    of = factories.course_with_modules(2, title="SamenKracht", price_cents=79_500)
    for module in of.modules:
        factories.accreditation(module, points=4)
    trainer = factories.person(role=Role.TRAINER, name="Şule Yılmaz-Škrabáková")
    undecided = {"state": EditionState.TENTATIVE, "minimum": 6}
    made = factories.edition_with_meetings(of, date(2099, 3, 4), capacity=14, trainer=trainer, **undecided)
    factories.enrolment(made, modules=(1,))
    made.meetings[0].taken, made.meetings[1].taken = 4, 3
    page = visit(client, made)
    assert page.table("Elk dagdeel maakt de kring een stap groter. Losse dagdelen volgen kan ook.") == [
        {"Dagdeel": "1. Dagdeel 1", "Datum": "wo 4 mrt 2099", "Tijd": "09.30 – 12.30", "Punten": "4"},
        {"Dagdeel": "2. Dagdeel 2", "Datum": "wo 11 mrt 2099", "Tijd": "09.30 – 12.30", "Punten": "4"},
        {"Dagdeel": "Hele training", "Datum": "", "Tijd": "", "Punten": "8"},
    ]
    facts = page.facts()
    assert facts["wo 4 mrt 2099 tot en met wo 11 mrt 2099"] == "2 dagdelen"
    assert facts["Şule Yılmaz-Škrabáková"] == "Trainer"
    assert facts["€ 795 per persoon"] == "Vrijgesteld van btw (CRKBO)"
    assert "Nog 10 plekken in de kring" in page.text
    assert "Gaat door bij 6 deelnemers. Nog 5 nodig." in page.text
    assert "Kosteloos annuleren tot en met wo 4 feb 2099." in page.text
    assert ways_in(page) == ["Meld je aan"]


def test_what_gives_half_a_training_is_told_at_the_price_of_its_dagdelen(client: PortalClient):
    of = factories.course_with_modules(title="SamenKracht", slug="samenkracht", price_cents=79_500)
    half = given(CourseAndModules(of.course, of.modules[:2]), days=61, price_cents=70_000)
    page = visit(client, half)
    assert page.facts()["€ 500 per persoon"] == "Vrijgesteld van btw (CRKBO)"
    dates = client.visit("/trainingen/samenkracht")
    assert ("2 dagdelen" in dates.text, "€ 500" in dates.text, "€ 700" in dates.text) == (True, True, False)


def test_half_a_training_that_costs_nothing_needs_no_word_on_cancelling(client: PortalClient):
    of = factories.course_with_modules(2, price_cents=79_500)
    of.modules[0].price_cents = 0
    page = visit(client, given(CourseAndModules(of.course, of.modules[:1])))
    assert "Kosteloos annuleren" not in page.text


def test_the_link_of_an_online_meeting_is_not_for_everybody(client: PortalClient):
    made = given(delivery=Delivery.ONLINE, place="")
    made.meetings[0].link = "https://video.example/geheim"
    page = visit(client, made)
    assert page.facts()["Online"] == "De link staat in je uitnodiging."
    assert "video.example" not in page.html


@pytest.mark.parametrize(
    ("separately_bookable", "taken", "button"),
    [
        (True, [0, 0], ["Meld je aan"]),
        (True, [12, 0], ["Kies losse dagdelen"]),
        (False, [12, 0], ["Zet mij op de wachtlijst"]),
        (True, [12, 12], ["Zet mij op de wachtlijst"]),
    ],
)
def test_the_button_says_what_can_be_done(
    client: PortalClient, separately_bookable: bool, taken: list[int], button: list[str]
):
    made = given(factories.course_with_modules(2, separately_bookable=separately_bookable))
    for meeting, number in zip(made.meetings, taken, strict=True):
        meeting.taken = number
    assert ways_in(visit(client, made)) == button


@pytest.mark.parametrize(
    ("days", "separately_bookable", "sentence", "button"),
    [
        (-30, True, "Deze uitvoering is geweest", []),
        (-3, False, "Deze uitvoering is begonnen", []),
        (-3, True, "De hele training kan niet meer. Losse dagdelen wel.", ["Kies losse dagdelen"]),
    ],
)
def test_an_edition_that_has_begun_says_what_is_still_possible(
    client: PortalClient, days: int, separately_bookable: bool, sentence: str, button: list[str]
):
    page = visit(client, given(factories.course_with_modules(2, separately_bookable=separately_bookable), days))
    assert sentence in page.text
    assert ways_in(page) == button


def test_a_cancelled_edition_says_so_and_leads_to_other_dates(client: PortalClient):
    made = given(factories.course_with_modules(title="SamenKracht"), state=EditionState.CANCELLED)
    page = visit(client, made)
    assert "Deze uitvoering gaat niet door" in page.text
    assert ways_in(page) == []
    assert page.follow("Bekijk andere data van deze training").h1 == "SamenKracht"


def test_a_price_of_the_edition_goes_before_that_of_the_course(client: PortalClient):
    assert "€ 600 per persoon" in visit(client, given(price_cents=60_000)).facts()
    assert "Geen kosten" in visit(client, given(price_cents=0)).text


def test_an_edition_without_accreditation_says_so(client: PortalClient):
    assert "Deze uitvoering geeft geen accreditatiepunten." in visit(client, given()).text


@pytest.mark.parametrize("role", [None, *Role])
def test_a_draft_is_for_the_staff(client: PortalClient, as_role: Callable[[Role], PortalClient], role: Role | None):
    address = f"/uitvoeringen/{given(state=EditionState.DRAFT).edition.id}"
    reader = as_role(role) if role else client
    staff = {Role.OFFICE, Role.ADMIN, Role.AUDITOR}
    assert reader.get(address).status_code == (200 if role in staff else 404)


def test_a_trainer_sees_the_draft_that_is_theirs(sign_in: Callable[..., PortalClient]):
    own, other = factories.person(role=Role.TRAINER), factories.person(role=Role.TRAINER)
    address = f"/uitvoeringen/{given(state=EditionState.DRAFT, trainer=own).edition.id}"
    assert "Dit is een concept." in sign_in(own).visit(address).text
    assert sign_in(other).get(address).status_code == 404


def test_an_in_company_edition_is_for_its_own_organisation(client: PortalClient, sign_in: Callable[..., PortalClient]):
    ours, theirs = factories.organisation(), factories.organisation()
    address = f"/uitvoeringen/{given(kind=EditionKind.IN_COMPANY, organisation_id=ours.id).edition.id}"
    of_ours = factories.person(role=Role.ORGANISATION, organisation=ours)
    of_theirs = factories.person(role=Role.ORGANISATION, organisation=theirs)
    page = sign_in(of_ours).visit(address)
    assert "Deze uitvoering is voor één organisatie" in page.text
    assert ways_in(page) == []
    assert sign_in(of_theirs).get(address).status_code == 404
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("number", ["0", "987654", "99999999999999999999", "-1", "abc"])
def test_an_edition_that_is_not_there_is_not_found(client: PortalClient, number: str):
    given()
    assert client.get(f"/uitvoeringen/{number}").status_code == 404


def test_the_edition_is_there_in_english(client: PortalClient):
    made = given(factories.course_with_modules(title="SamenKracht"))
    page = client.visit(f"/en/uitvoeringen/{made.edition.id}")
    assert (page.language, page.h1) == ("en", "SamenKracht")
    assert page.find("//h1/@lang") == ["nl"]
    assert ways_in(page) == ["Sign up"]
    assert [link.href for link in page.links if not link.href.startswith("/en/")] == []


def test_an_edition_takes_at_most_eight_queries_however_many_meetings_it_has(
    as_role: Callable[[Role], PortalClient], count_queries: Callable[[], AbstractContextManager[Queries]]
):
    visitor = as_role(Role.PARTICIPANT)
    counted = []
    for modules in (3, 100):
        of = factories.course_with_modules(modules, requires={"completed": "ek-1", "conferences": 2})
        for module in of.modules:
            factories.accreditation(module)
        address = f"/uitvoeringen/{given(of, trainer=factories.person(role=Role.TRAINER)).edition.id}"
        db.session.commit()
        with count_queries() as queries:
            visitor.get(address)
        counted.append(len(queries))
    assert counted[0] == counted[1]
    assert counted[0] <= 8
