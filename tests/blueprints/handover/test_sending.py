"""The office hands over by PE-online's web service, when the portal has a key."""

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask

from portal.db import db
from portal.domain.accounts.rules import Role
from portal.domain.handover.models import Handover
from portal.domain.handover.sendings import work_on_sendings
from tests.certificate_scenes import NOW
from tests.handover_scenes import settled_edition
from tests.plugins.pe_online import SENTENCES
from tests.plugins.portal import PortalClient

BUTTON = "Geef door via PE-online"


@pytest.fixture(autouse=True)
def at_the_desk(app: Flask) -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def office(as_role) -> PortalClient:
    return as_role(Role.OFFICE)


def of(scene, register="Registerplein"):
    return f"/bureau/doorgeven/{register}/{scene.edition.id}"


def figures(page):
    return [item.text_content().split()[0] for item in page.find("//ul[@class='figures']/li")]


def work():
    while work_on_sendings(NOW):
        pass


def test_without_a_key_and_at_skj_there_is_only_the_hand(office):
    scene = settled_edition()
    for register in ("SKJ", "Registerplein"):
        page = office.visit(of(scene, register))
        assert not page.find(f"//button[normalize-space()='{BUTTON}']")
    answer = office.send(of(scene) + "/versturen")
    assert answer.status_code == 422
    assert "De koppeling met PE-online staat niet aan" in answer.text


def test_from_the_button_to_everybody_accepted(office, pe_online):
    scene = settled_edition(["Dewi Hardjo", "Jan van den Berg"], modules=1)
    page = office.visit(of(scene))
    assert f"LK-{scene.edition.id}" in page.text
    assert f"LK-B{scene.meetings[0].id}" in page.text
    page = page.submit(BUTTON)
    assert page.find("//meta[@http-equiv='refresh']")
    assert "0 van 2 doorgegeven" in page.text
    assert "loopt of is gestopt" in office.visit(of(scene)).text
    work()
    page = office.visit(page.address)
    assert "Klaar." in page.text
    assert not page.find("//meta[@http-equiv='refresh']")
    assert page.follow("Naar de lijst").table("Elke keer dat er iets is doorgegeven")[0]["Hoe"] == "via PE-online"


def test_stopped_gone_on_with_and_given_up(office, pe_online):
    scene = settled_edition()
    page = office.visit(of(scene)).submit(BUTTON).submit("Stop het doorgeven")
    assert "Er wachten nog 4 regels." in page.text
    page = page.submit("Ga verder")
    assert page.find("//meta[@http-equiv='refresh']")
    page = page.submit("Stop het doorgeven").submit("Breek af")
    assert "niet alles is geaccepteerd" in page.text
    assert office.visit(of(scene)).find(f"//button[normalize-space()='{BUTTON}']")
    office.send(page.address + "/stoppen")
    assert "intussen al klaar of gestopt" in office.visit(page.address).text


@pytest.mark.parametrize("number", SENTENCES)
def test_every_error_of_the_service_says_what_it_means_and_what_to_do(office, pe_online, number):
    scene = settled_edition(modules=1)
    pe_online.fault = number
    page = office.visit(of(scene)).submit(BUTTON)
    work()
    page = office.visit(page.address)
    assert f"(fout {number})" in page.text
    (notice,) = page.find("//div[contains(@class, 'notice--error')]//p")
    assert len(notice.text_content()) > 40
    pe_online.fault = ""
    page = page.submit("Ga verder")
    work()
    assert "Klaar." in office.visit(page.address).text


def test_only_a_sending_has_such_a_page(office, pe_online):
    scene = settled_edition()
    page = office.visit(of(scene, "SKJ")).submit("Noteer als doorgegeven")
    assert page.status == 200
    by_hand = db.session.query(Handover).one()
    assert office.get(f"/bureau/doorgeven/verzending/{by_hand.id}").status_code == 404
    assert office.send(f"/bureau/doorgeven/verzending/{by_hand.id}/stoppen").status_code == 404


def test_nobody_to_send_is_said(office, pe_online):
    scene = settled_edition(modules=1)
    office.visit(of(scene)).submit("Noteer als doorgegeven", on="2026-04-02")
    answer = office.send(of(scene) + "/versturen")
    assert answer.status_code == 422
    assert "Er is nu niemand om door te geven" in answer.text
