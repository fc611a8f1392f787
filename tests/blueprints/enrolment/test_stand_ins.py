"""Making up for a dagdeel and swapping one, by who is enrolled: from the timeline to the button that books it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.models import Person
from portal.domain.catalogue.models import Accreditation, Meeting
from portal.mail import OutgoingMail
from tests import factories
from tests.make_up_scenes import Scene, given_twice, hold
from tests.plugins.portal import PortalClient

SignIn = Callable[[Person], PortalClient]
MISSED = "Je hebt dagdeel 2 gemist. Dit kun je inhalen op donderdag 13 mei 2027."


@pytest.fixture
def scene(app: Flask) -> Scene:
    """Dewi was absent at dagdeel 2; dagdeel 3 and 4 of Zwolle are still to come."""
    scene = given_twice()
    hold(scene.zwolle, 1)
    hold(scene.zwolle, 2, absent=[scene.dewi])
    return scene


@pytest.fixture
def now(scene: Scene):
    with time_machine.travel(scene.zwolle.meetings[1].ends_at + timedelta(days=1), tick=False):
        yield


@pytest.fixture
def dewi(sign_in: SignIn, scene: Scene, now: None) -> PortalClient:
    return sign_in(scene.person)


def path(scene: Scene, rest: str = "") -> str:
    return f"/mijn/inschrijvingen/{scene.dewi.id}{rest}"


def finder(scene: Scene, position: int = 2) -> str:
    return path(scene, f"/inhalen/{scene.course.modules[position - 1].id}")


def taken(meeting: Meeting) -> int:
    return db.session.get_one(Meeting, meeting.id, populate_existing=True).taken


def mails() -> list[str]:
    """Those about enrolling."""
    found = select(OutgoingMail.kind).where(OutgoingMail.kind.startswith("enrolment.")).order_by(OutgoingMail.id)
    return list(db.session.scalars(found))


@pytest.mark.parametrize("where", ["/mijn", "own"])
def test_the_timeline_says_what_was_missed_and_when_it_can_be_made_up(dewi: PortalClient, scene: Scene, where: str):
    page = dewi.visit("/mijn" if where == "/mijn" else path(scene))
    assert MISSED in page.text
    assert page.follow("Haal dagdeel 2 in").h1 == "Dagdeel 2 inhalen"


def test_choose_look_and_book(dewi: PortalClient, scene: Scene):
    page = dewi.visit(finder(scene))
    assert "Je miste dit dagdeel op donderdag 11 maart 2027." in page.text
    assert "4 punten SKJ" in page.text
    page = page.follow("Kies donderdag 13 mei 2027")
    assert page.h1 == "Klopt dit?"
    facts = page.facts()
    assert (facts["Gemist op"], facts["Kosten"]) == ("donderdag 11 maart 2027", "Je betaalt niets extra")
    assert (taken(scene.deventer.meetings[1]), mails()) == (0, [])
    page = page.submit("Boek deze datum")
    assert page.address == path(scene)
    assert "Je haalt dit dagdeel in. We hebben je een bevestiging gemaild." in page.text
    assert "Dit dagdeel haal je in." in page.text
    assert "In een andere groep: Grote Markt 1, Zwolle, Deventer" in page.text
    assert (taken(scene.deventer.meetings[1]), mails()) == (1, ["enrolment.made_up"])
    assert "Je haalt dit in op donderdag 13 mei 2027." in dewi.visit(finder(scene)).text


def test_a_booked_make_up_is_let_go_by_a_button(dewi: PortalClient, scene: Scene):
    meeting_id = scene.deventer.meetings[1].id
    dewi.visit(f"{finder(scene)}/{meeting_id}").submit("Boek deze datum")
    page = dewi.visit(path(scene)).follow("Toch niet inhalen op donderdag 13 mei 2027")
    assert (page.h1, taken(scene.deventer.meetings[1])) == ("Dagdeel 2 toch niet inhalen?", 1)
    page = page.submit("Ja, laat mijn plek los")
    assert (page.address, taken(scene.deventer.meetings[1])) == (path(scene), 0)
    assert MISSED in page.text
    page = dewi.visit(f"{finder(scene)}/loslaten")
    assert "Er is niets geboekt om in te halen" in page.text


def test_a_seat_that_has_just_gone_is_told_beside_the_other_dates(dewi: PortalClient, scene: Scene):
    factories.edition_with_meetings(scene.course, date(2027, 9, 2), place="Ede")
    page = dewi.visit(f"{finder(scene)}/{scene.deventer.meetings[1].id}")
    db.session.get_one(Meeting, scene.deventer.meetings[1].id).taken = 12
    db.session.commit()
    page = page.submit("Boek deze datum")
    assert (page.status, page.h1) == (409, "Dagdeel 2 inhalen")
    assert "Op donderdag 13 mei 2027 is net geen plek meer. Kies een andere datum." in page.text
    assert "Kies donderdag 9 september 2027" in page.text
    assert mails() == []


def test_without_another_date_the_page_says_what_to_do(dewi: PortalClient, scene: Scene):
    db.session.get_one(Meeting, scene.deventer.meetings[1].id).taken = 12
    db.session.commit()
    assert "Er is nu geen datum om dit in te halen." in dewi.visit("/mijn").text
    assert "Er is nu geen andere datum met een vrije plek." in dewi.visit(finder(scene)).text


def test_a_date_without_points_warns(dewi: PortalClient, scene: Scene):
    module_id = scene.course.modules[1].id
    for grant in db.session.scalars(select(Accreditation).where(Accreditation.module_id == module_id)):
        grant.valid_until = date(2027, 4, 30)
    db.session.commit()
    for address in (finder(scene), f"{finder(scene)}/{scene.deventer.meetings[1].id}"):
        text = dewi.visit(address).text
        assert "Deze datum levert geen punten op." in text
        assert "Geen punten SKJ: de accreditatie loopt af op 30 april 2027" in text


def test_a_coming_dagdeel_is_swapped(dewi: PortalClient, scene: Scene):
    page = dewi.visit(path(scene))
    assert "Neem dagdeel 1 op" not in page.text
    page = page.follow("Neem dagdeel 3 op een andere datum")
    assert "Je volgt dit nu op donderdag 18 maart 2027." in page.text
    page = page.follow("Kies donderdag 20 mei 2027")
    assert page.facts()["Nu op"] == "donderdag 18 maart 2027"
    page = page.submit("Ruil naar deze datum")
    assert (page.address, "Je dagdeel is geruild." in page.text) == (path(scene), True)
    assert (taken(scene.zwolle.meetings[2]), taken(scene.deventer.meetings[2])) == (0, 1)
    assert mails()[-1] == "enrolment.swapped"


@pytest.mark.parametrize(
    ("rest", "status"),
    [
        ("/inhalen/{attended}", 404),
        ("/inhalen/987654", 404),
        ("/inhalen/{missed}/987654", 404),
        ("/inhalen/{missed}/{wrong}", 404),
        ("/inhalen/{attended}/loslaten", 404),
        ("/dagdeel/{missed}/omwisselen", 422),
        ("/dagdeel/987654/omwisselen", 404),
        ("/dagdeel/{coming}/omwisselen/{wrong}", 404),
    ],
)
def test_what_is_not_there_is_not_found(dewi: PortalClient, scene: Scene, rest: str, status: int):
    ids = [module.id for module in scene.course.modules]
    wrong = scene.deventer.meetings[3].id
    address = rest.format(attended=ids[0], missed=ids[1], coming=ids[2], wrong=wrong)
    assert dewi.get(path(scene, address)).status_code == status


def test_nobody_reaches_the_enrolment_of_somebody_else(sign_in: SignIn, scene: Scene, now: None):
    stranger = sign_in(factories.person())
    module_id, meeting_id = scene.course.modules[1].id, scene.deventer.meetings[1].id
    for rest in (
        f"/inhalen/{module_id}",
        f"/inhalen/{module_id}/{meeting_id}",
        f"/inhalen/{module_id}/loslaten",
        f"/dagdeel/{module_id}/omwisselen",
        f"/dagdeel/{module_id}/omwisselen/{meeting_id}",
    ):
        assert stranger.get(path(scene, rest)).status_code == 404
    for rest in (f"/inhalen/{module_id}/{meeting_id}", f"/dagdeel/{module_id}/omwisselen/{meeting_id}"):
        assert stranger.send(path(scene, rest)).status_code == 404
    assert taken(scene.deventer.meetings[1]) == 0


def test_a_dagdeel_that_lost_its_meeting_asks_for_another_date(sign_in: SignIn, scene: Scene, now: None):
    seat = factories.stand_in(scene.dewi, scene.deventer.meetings[2], swapped=True)
    seat.released_at = datetime.fromisoformat("2027-03-12T10:00:00+00:00")
    db.session.commit()
    page = sign_in(scene.person).visit("/mijn")
    assert "De uitvoering waarin je dit zou volgen gaat niet door." in page.text
    page = page.follow("Kies een andere datum voor dagdeel 3")
    assert "Dit heeft nu geen datum." in page.text
    page.follow("Kies donderdag 20 mei 2027").submit("Ruil naar deze datum")
    assert taken(scene.deventer.meetings[2]) == 2


def test_the_start_page_asks_as_little_for_three_as_for_one(
    sign_in: SignIn, scene: Scene, now: None, count_queries: Callable
):
    client, counted = sign_in(scene.person), []
    for more in (0, 2):
        for weeks in range(more):
            again = factories.edition_with_meetings(scene.course, date(2027, 9, 2) + timedelta(weeks=weeks))
            factories.enrolment(again, scene.person)
        db.session.commit()
        client.visit("/mijn")
        with count_queries() as asked:
            client.visit("/mijn")
        counted.append(len(asked))
    assert counted[0] == counted[1]
