"""A participant's own pages: where they stand, one enrolment, cancelling, their details."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from icalendar import Calendar
from sqlalchemy import delete, select, update

from portal import audit, clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.accounts.models import Person, RegisterNumber
from portal.domain.accreditation.models import PointAward
from portal.domain.calendar.models import CalendarFeed
from portal.domain.enrolment import commands
from portal.domain.enrolment.models import Enrolment, Seat
from portal.domain.enrolment.own_enrolments import get_own_enrolment
from portal.domain.enrolment.rules import EnrolmentState
from portal.mail import OutgoingMail
from tests import factories
from tests.factories import EditionAndMeetings
from tests.page import Link
from tests.plugins.portal import PortalClient, Queries

SignIn = Callable[[Person], PortalClient]


@pytest.fixture
def person(app: Flask) -> Person:
    return factories.person(name="Dewi Hardjo", email="dewi@zorg.example")


@pytest.fixture
def edition(app: Flask) -> EditionAndMeetings:
    of = factories.course_with_modules(title="SamenKracht", price_cents=79500)
    of.modules[2].preparation = "Literatuur lezen"
    return factories.edition_with_meetings(of)


@pytest.fixture
def enrolment_id(person: Person, edition: EditionAndMeetings) -> int:
    return factories.enrol(edition, person.email, by=person).enrolment_id


def give_points(enrolment: Enrolment, register: str, points: int) -> None:
    factories.add(
        PointAward(
            enrolment_id=enrolment.id,
            register_code=factories.register(register).code,
            points=points,
            reason="counts",
            facts={},
            rule_version="1",
            decided_at=clock.now(),
        )
    )


def test_without_trainings_the_start_page_says_what_to_do(sign_in: SignIn, person: Person):
    page = sign_in(person).visit("/mijn")
    assert page.h1 == "Dag Dewi Hardjo"
    assert "Je hebt nog geen trainingen." in page.text
    assert Link("Bekijk wat er komt", "/trainingen") in page.links


def test_the_start_page_begins_with_what_is_first(sign_in: SignIn, person: Person, enrolment_id: int):
    later = factories.edition_with_meetings(first_on=clock.today() + timedelta(days=90))
    factories.enrol(later, person.email, by=person)
    factories.enrol(factories.edition_with_meetings(first_on=clock.today() + timedelta(days=2)), "ander@zorg.example")
    page = sign_in(person).visit("/mijn")
    assert page.headings[:2] == ["Dag Dewi Hardjo", "Nu eerst"]
    assert page.follow("Bekijk je inschrijving").address == f"/mijn/inschrijvingen/{enrolment_id}"
    assert {link.href for link in page.links} >= {"/mijn/punten", "/mijn/certificaten", "/mijn/gegevens"}


def test_the_timeline_says_what_was_is_and_comes(
    sign_in: SignIn, person: Person, edition: EditionAndMeetings, enrolment_id: int
):
    with time_machine.travel(edition.meetings[1].starts_at, tick=False):
        page = sign_in(person).visit(f"/mijn/inschrijvingen/{enrolment_id}")
    states = [
        (li.get("class"), li.find(".//strong").text_content().split(": ", 1)[1]) for li in page.find("//ol/li[strong]")
    ]
    assert states == [
        ("is-done", "Aangemeld"),
        ("is-done", "Dagdeel 1: Dagdeel 1"),
        ("is-now", "Dagdeel 2: Dagdeel 2"),
        ("is-coming", "Dagdeel 3: Dagdeel 3"),
        ("is-coming", "Dagdeel 4: Dagdeel 4"),
        ("is-coming", "Evaluatie en certificaat"),
    ]
    assert "Vooraf: Literatuur lezen" in page.text


def test_an_enrolment_shows_its_facts_and_its_calendar(sign_in: SignIn, person: Person, enrolment_id: int):
    client = sign_in(person)
    page = client.visit(f"/mijn/inschrijvingen/{enrolment_id}")
    enrolment = db.session.get(Enrolment, enrolment_id)
    assert enrolment is not None
    assert page.facts()["Aanmeldnummer"] == enrolment.number
    assert page.facts()["Prijs"] == "€ 795"
    mailed = db.session.scalars(select(OutgoingMail)).one()
    response = client.get(f"/mijn/inschrijvingen/{enrolment_id}/agenda.ics")
    uids = [[str(e["uid"]) for e in Calendar.from_ical(ics).walk("VEVENT")] for ics in (response.data, mailed.calendar)]
    assert uids[0] == uids[1]
    assert len(uids[0]) == 4


def test_cancelling_shows_the_costs_before_the_button(
    sign_in: SignIn, person: Person, edition: EditionAndMeetings, enrolment_id: int
):
    client = sign_in(person)
    page = client.visit(f"/mijn/inschrijvingen/{enrolment_id}").follow("Annuleer deze inschrijving")
    assert page.h1 == "SamenKracht annuleren?"
    assert "zonder kosten annuleren" in page.text
    assert "€ 795" in page.text
    assert edition.meetings[0].taken == 1
    done = page.submit("Ja, annuleer mijn inschrijving")
    assert "Je inschrijving is geannuleerd. We hebben je een bevestiging gemaild." in done.text
    assert edition.meetings[0].taken == 0
    again = client.send(f"/mijn/inschrijvingen/{enrolment_id}/annuleren")
    assert again.status_code == 409
    assert client.get(f"/mijn/inschrijvingen/{enrolment_id}/agenda.ics").status_code == 404


def test_what_has_begun_is_not_cancelled_by_oneself(
    sign_in: SignIn, person: Person, edition: EditionAndMeetings, enrolment_id: int
):
    with time_machine.travel(edition.meetings[0].starts_at + timedelta(minutes=1), tick=False):
        client = sign_in(person)
        assert "De training is begonnen." in client.visit(f"/mijn/inschrijvingen/{enrolment_id}").text
        assert client.send(f"/mijn/inschrijvingen/{enrolment_id}/annuleren").status_code == 422
    assert db.session.scalars(select(Enrolment.state)).all() == [EnrolmentState.ENROLLED]


@pytest.mark.parametrize("path", ["", "/agenda.ics", "/annuleren"])
def test_somebody_elses_enrolment_is_not_found(sign_in: SignIn, enrolment_id: int, path: str):
    stranger = sign_in(factories.person())
    assert stranger.get(f"/mijn/inschrijvingen/{enrolment_id}{path}").status_code == 404
    assert stranger.send(f"/mijn/inschrijvingen/{enrolment_id}/annuleren").status_code == 404
    assert db.session.scalars(select(Enrolment.state)).all() == [EnrolmentState.ENROLLED]


@pytest.mark.parametrize("state", [EnrolmentState.ENROLLED, EnrolmentState.CANCELLED])
def test_an_enrolment_without_seats_shows_no_meetings_of_others(
    sign_in: SignIn, person: Person, edition: EditionAndMeetings, enrolment_id: int, state: EnrolmentState
):
    factories.enrol(edition, "ander@zorg.example")
    db.session.execute(delete(Seat).where(Seat.enrolment_id == enrolment_id))
    db.session.execute(update(Enrolment).where(Enrolment.id == enrolment_id).values(state=state))
    db.session.commit()
    client = sign_in(person)
    for path in ("/mijn", f"/mijn/inschrijvingen/{enrolment_id}", f"/mijn/inschrijvingen/{enrolment_id}/annuleren"):
        page = client.visit(path)
        assert page.h1
        assert edition.meetings[0].venue not in page.text
    assert get_own_enrolment(person.id, enrolment_id).meetings == ()


def test_what_is_past_is_one_line_with_its_points(sign_in: SignIn, person: Person, edition: EditionAndMeetings):
    ended = factories.enrolment(edition, who=person, state=EnrolmentState.COMPLETED, completed_on=clock.today())
    stranger = factories.enrolment(edition, state=EnrolmentState.COMPLETED, completed_on=clock.today())
    for enrolment, register, points in ((ended, "SKJ", 4), (ended, "SKJ", 5), (ended, "Registerplein", 0)):
        give_points(enrolment, register, points)
    give_points(stranger, "Registerplein", 6)
    long_ago = factories.edition_with_meetings(
        factories.course_with_modules(1, title="Niet afgerond"), first_on=clock.today() - timedelta(days=90)
    )
    factories.enrolment(long_ago, who=person)
    page = sign_in(person).visit("/mijn")
    assert page.headings == ["Dag Dewi Hardjo", "Wat je deed", "Van mij"]
    assert page.find("//table//tbody/tr/td[last()]/div/text()") == ["geen", "9 punten SKJ"]
    assert page.find("//ol[@class='timeline']") == []
    assert Link("Bekijk je certificaten", "/mijn/certificaten") in page.links


def test_the_start_page_takes_as_many_queries_with_ten_enrolments_as_with_one(
    sign_in: SignIn, person: Person, count_queries: Callable[[], AbstractContextManager[Queries]]
):
    client = sign_in(person)
    counts = []
    for number in (1, 9, 2):
        for _edition in range(number):
            factories.enrol(factories.edition_with_meetings(factories.course_with_modules(2)), person.email, by=person)
        with count_queries() as queries:
            assert client.get("/mijn").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2] <= 8
    page = client.visit("/mijn?pagina=2")
    assert "Pagina 2 van 2" in page.text
    assert client.visit("/mijn?pagina=99").text == page.text
    assert client.visit("/mijn?pagina=x").status == 200


def test_own_details_are_kept_and_logged_without_their_values(sign_in: SignIn, person: Person):
    factories.register("SKJ")
    factories.register("Registerplein")
    client = sign_in(person)
    page = client.visit("/mijn/gegevens").submit(
        "Bewaar mijn gegevens",
        name="Dewi H. Hardjo",
        employer="Wijkteam",
        language="en",
        initials_only=False,
        register_SKJ="110 024 518",
        register_Registerplein="46101",
    )
    assert "Je gegevens zijn bewaard." in page.text
    db.session.refresh(person)
    assert (person.name, person.employer, person.language, person.initials_only) == (
        "Dewi H. Hardjo",
        "Wijkteam",
        "en",
        False,
    )
    page.submit("Bewaar mijn gegevens", register_SKJ="", register_Registerplein="12")
    kept = {row.register_code: row.number for row in db.session.scalars(select(RegisterNumber))}
    assert kept == {"Registerplein": "12"}
    changes = [
        e.facts["fields"] for e in audit.trail_of("person", person.id).entries if e.tag.endswith("profile_changed")
    ]
    assert changes == [
        ["register_SKJ", "register_Registerplein"],
        ["name", "language", "employer", "initials_only", "register_SKJ", "register_Registerplein"],
    ]


def test_an_unusual_own_number_is_warned_about_and_a_bsn_refused(sign_in: SignIn, person: Person):
    factories.register("SKJ")
    client = sign_in(person)
    page = client.visit("/mijn/gegevens").submit("Bewaar mijn gegevens", register_SKJ="abc")
    assert "Je nummer van SKJ ziet er anders uit dan de meeste. Klopt het?" in page.text
    refused = page.submit("Bewaar mijn gegevens", register_SKJ="111222333", name="")
    assert (refused.status, refused.title.startswith("Fout:")) == (422, True)
    assert refused.errors == [
        Link("Vul je naam in", "#name"),
        Link("Dit lijkt op een burgerservicenummer. Dat bewaren we niet", "#register_SKJ"),
    ]
    assert refused.form("Bewaar mijn gegevens").values["register_SKJ"] == ["111222333"]


def test_a_calendar_address_is_shown_once_and_can_be_taken_back(
    sign_in: SignIn, client: PortalClient, person: Person, enrolment_id: int
):
    own = sign_in(person)
    page = own.visit("/mijn/gegevens").submit("Maak een agenda-adres")
    address = page.find("//code")[0].text_content().removeprefix("https://leerkring.example")
    feed = client.get(address)
    assert (feed.status_code, feed.mimetype, feed.headers["Cache-Control"]) == (
        200,
        "text/calendar",
        "private, no-store",
    )
    assert feed.data.count(b"BEGIN:VEVENT") == 4
    token = address.removeprefix("/agenda/").removesuffix(".ics")
    assert token not in db.session.scalars(select(CalendarFeed.token_hash)).one()
    assert token not in own.visit("/mijn/gegevens").html
    renewed = own.visit("/mijn/gegevens").submit("Maak een nieuw adres").find("//code")[0].text_content()
    assert client.get(address).status_code == 404
    own.visit("/mijn/gegevens").submit("Trek het adres in")
    assert client.get(renewed.removeprefix("https://leerkring.example")).status_code == 404


def test_a_feed_keeps_what_was_withdrawn_as_cancelled(
    sign_in: SignIn, client: PortalClient, person: Person, enrolment_id: int
):
    page = sign_in(person).visit("/mijn/gegevens").submit("Maak een agenda-adres")
    with transaction():
        commands.cancel_enrolment(enrolment_id=enrolment_id, actor=Actor.person(1), now=clock.now())
    address = page.find("//code")[0].text_content().removeprefix("https://leerkring.example")
    feed = Calendar.from_ical(client.get(address).data)
    assert {str(event["status"]) for event in feed.walk("VEVENT")} == {"CANCELLED"}
