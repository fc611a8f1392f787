"""The office sees who missed what, and books another date for somebody."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from portal.db import db
from portal.domain.accounts.rules import Role
from portal.domain.attendance.models import Attendance
from portal.domain.catalogue.models import Meeting
from portal.mail import OutgoingMail
from tests import factories
from tests.make_up_scenes import Scene, given_twice, hold
from tests.plugins.portal import PortalClient


@pytest.fixture
def scene(app: Flask):
    scene = given_twice()
    bram = factories.enrolment(scene.zwolle, factories.person(name="Bram Postma"))
    hold(scene.zwolle, 1, absent=[bram])
    now = hold(scene.zwolle, 2, absent=[scene.dewi])
    scene.deventer.meetings[0].capacity = scene.deventer.meetings[0].taken = 1
    db.session.commit()
    with time_machine.travel(now + timedelta(days=1), tick=False):
        yield scene


@pytest.fixture
def office(sign_in, scene: Scene) -> PortalClient:
    return sign_in(factories.person(role=Role.OFFICE))


def test_who_missed_what_is_listed_with_the_first_date(office: PortalClient, scene: Scene):
    page = office.visit("/bureau/inhalen")
    rows = page.table("2 gemiste dagdelen")
    assert [(row["Naam"], row["Dagdeel"], row["Gemist op"], row["Eerste kans"]) for row in rows] == [
        ("Dewi Hardjo", "2", "do 11 mrt 2027", "do 13 mei 2027"),
        ("Bram Postma", "1", "do 4 mrt 2027", "nog geen datum"),
    ]
    page = office.visit(f"/bureau/uitvoeringen/{scene.zwolle.edition.id}").follow("Inhalen")
    assert ("Alleen SamenKracht, Zwolle." in page.text, len(page.table())) == (True, 2)
    page = office.visit(f"/bureau/inhalen?uitvoering={scene.deventer.edition.id}")
    assert "Niemand heeft iets in te halen." in page.text
    assert office.get("/bureau/inhalen?uitvoering=987654").status_code == 404


def test_the_list_is_paged_and_as_cheap_for_many(office: PortalClient, scene: Scene, count_queries):
    def visit(path: str = "/bureau/inhalen") -> tuple[int, int]:
        with count_queries() as asked:
            page = office.visit(path)
        return len(page.table()), len(asked)

    office.visit("/bureau/inhalen")
    few = visit()
    for meeting in scene.zwolle.meetings:
        meeting.capacity = 60
    for number in range(26):
        one = factories.enrolment(scene.zwolle, factories.person(name=f"Persoon {number:02}"))
        seat = db.session.query(factories.Seat).filter_by(enrolment_id=one.id, meeting_id=scene.zwolle.meetings[1].id)
        ended = scene.zwolle.meetings[1].ends_at
        factories.add(
            Attendance(seat_id=seat.one().id, status="excused", marked_at=ended, marked_by_id=scene.trainer.id)
        )
    db.session.commit()
    assert (few[0], visit()) == (2, (25, few[1]))
    assert visit("/bureau/inhalen?pagina=2")[0] == 3


def test_the_office_books_and_lets_go(office: PortalClient, scene: Scene):
    page = office.visit(f"/bijeenkomsten/{scene.zwolle.meetings[1].id}/presentie").follow("Laat inhalen Dewi Hardjo")
    assert page.h1 == "Dagdeel 2 inhalen"
    assert "4 punten Registerplein; 4 punten SKJ" in page.text
    again = page.submit("Boek deze datum")
    assert (again.status, "Kies een datum" in again.text) == (422, True)
    page = page.submit("Boek deze datum", meeting_id=str(scene.deventer.meetings[1].id))
    assert "Haalt dit in op donderdag 13 mei 2027." in page.text
    meeting = db.session.get_one(Meeting, scene.deventer.meetings[1].id, populate_existing=True)
    assert meeting.taken == 1
    assert [row["Naam"] for row in office.visit("/bureau/inhalen").table()] == ["Bram Postma"]
    page = page.submit("Laat deze plek los")
    assert "De plek is losgelaten." in page.text
    db.session.refresh(meeting)
    assert meeting.taken == 0
    kinds = [mail.kind for mail in db.session.query(OutgoingMail).order_by(OutgoingMail.id)]
    assert kinds == ["attendance.missed"] * 2 + ["enrolment.made_up", "enrolment.let_go"]
    response = office.send(f"/bureau/inschrijvingen/{scene.dewi.id}/dagdeel/{scene.course.modules[1].id}/loslaten")
    assert response.status_code == 409


def test_a_coming_dagdeel_is_swapped_and_one_that_was_attended_is_not(office: PortalClient, scene: Scene):
    root = f"/bureau/inschrijvingen/{scene.dewi.id}/dagdeel"
    page = office.visit(f"{root}/{scene.course.modules[2].id}")
    page = page.submit("Boek deze datum", meeting_id=str(scene.deventer.meetings[2].id))
    assert "donderdag 20 mei 2027" in page.facts()["Nu op"]
    assert "Hier is niets te kiezen" in office.visit(f"{root}/{scene.course.modules[0].id}").text
    assert office.get(f"{root}/987654").status_code == 404
    assert office.get(f"/bureau/inschrijvingen/987654/dagdeel/{scene.course.modules[1].id}").status_code == 404
