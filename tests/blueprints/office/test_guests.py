"""The office sees who takes a dagdeel in another edition, on both sides, and what became of the certificate."""

import pytest
from flask import Flask

from portal.domain.certificates.models import Certificate
from tests import factories
from tests.certificate_scenes import issue
from tests.make_up_scenes import Scene, given_twice, hold


@pytest.fixture
def scene(app: Flask) -> Scene:
    scene = given_twice()
    hold(scene.zwolle, 2, absent=[scene.dewi])
    return scene


def test_an_edition_names_its_guests_and_where_its_own_people_are(office, scene: Scene):
    assert (
        "Gasten uit andere uitvoeringen" not in office.visit(f"/bureau/uitvoeringen/{scene.deventer.edition.id}").text
    )
    factories.stand_in(scene.dewi, scene.deventer.meetings[1])
    swapper = factories.enrolment(scene.zwolle, factories.person(name="Bram Postma"))
    factories.stand_in(swapper, scene.deventer.meetings[3], swapped=True)
    page = office.visit(f"/bureau/uitvoeringen/{scene.deventer.edition.id}")
    assert page.table("Wie hier één dagdeel komt doen") == [
        {"Naam": "Dewi Hardjo", "Dagdeel": "2", "Wanneer": "do 13 mei 2027", "Uit": "Zwolle", "Waarom": "haalt in"},
        {
            "Naam": "Bram Postma",
            "Dagdeel": "4",
            "Wanneer": "do 27 mei 2027",
            "Uit": "Zwolle",
            "Waarom": "heeft geruild",
        },
    ]
    own = office.visit(f"/bureau/uitvoeringen/{scene.zwolle.edition.id}").table("2 inschrijvingen")
    assert [(row["Naam"], row["Dagdelen"]) for row in own] == [
        ("Bram Postma", "alleelders: 4"),
        ("Dewi Hardjo", "alleelders: 2"),
    ]


def test_cancelling_says_how_many_guests_have_to_choose_again(office, scene: Scene):
    factories.stand_in(scene.dewi, scene.deventer.meetings[1])
    page = office.visit(f"/bureau/uitvoeringen/{scene.deventer.edition.id}/annuleren")
    assert "1gast uit een andere uitvoering moet een andere datum kiezen" in page.text
    assert "2mails gaan eruit" in page.text


def test_a_certificate_that_lacks_what_was_made_up_is_replaced_from_its_page(office, scene: Scene):
    for number in (1, 3, 4):
        hold(scene.zwolle, number)
    old = issue(scene.dewi, now=scene.zwolle.meetings[3].ends_at)
    factories.stand_in(scene.dewi, scene.deventer.meetings[1])
    hold(scene.deventer, 2)
    page = office.visit(f"/bureau/certificaten/uitvoeringen/{scene.zwolle.edition.id}")
    (row,) = page.table("Haalde een dagdeel in na de uitgifte (1)")
    assert row["Wat nu"].startswith("Haalde in: nu 4 van 4 dagdelen.")
    page = page.follow("Dewi Hardjo")
    assert "Er is een dagdeel ingehaald." in page.text
    page = page.submit("Vervang door een nieuw certificaat")
    assert "Dit is het nieuwe certificaat." in page.text
    page = office.visit(f"/bureau/certificaten/{old.id}")
    assert "er is een dagdeel ingehaald" in page.text
    assert factories.db.session.query(Certificate).count() == 2
    response = office.send(f"/bureau/certificaten/{old.id}/ingehaald")
    assert (response.status_code, factories.db.session.query(Certificate).count()) == (409, 2)


def test_the_list_and_the_trainers_day_say_who_comes_from_where(sign_in, scene: Scene):
    factories.stand_in(scene.dewi, scene.deventer.meetings[1])
    factories.stand_in(
        factories.enrolment(scene.zwolle, factories.person(name="Bram Postma")),
        scene.deventer.meetings[1],
        swapped=True,
    )
    trainer = sign_in(scene.trainer)
    page = trainer.visit(f"/bijeenkomsten/{scene.deventer.meetings[1].id}/presentie")
    assert "Inhaler uit Zwolle, begon do 4 mrt 2027" in page.text
    assert "Gast uit Zwolle, begint do 4 mrt 2027" in page.text
    assert "2 van hen komen uit een andere uitvoering." in trainer.visit("/trainer").text
