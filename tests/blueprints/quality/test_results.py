"""What came back, as the office, the auditor and a trainer read it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
import time_machine
from flask import Flask

from portal import audit
from portal.domain.accounts.rules import Role
from tests import factories
from tests.page import Page
from tests.page_shape import words
from tests.plugins.portal import PortalClient, Queries
from tests.quality_scenes import EVERYTHING, Scene, answered_edition, at, given_edition

LIST = "/bureau/evaluaties"
READERS = (Role.OFFICE, Role.ADMIN, Role.AUDITOR)
AsRole = Callable[[Role], PortalClient]


@pytest.fixture(autouse=True)
def later(app: Flask) -> Iterator[None]:
    """The day after people were asked."""
    with time_machine.travel(at(13, 12), tick=False):
        yield


@pytest.fixture
def office(as_role: AsRole) -> PortalClient:
    return as_role(Role.OFFICE)


def page_of(scene: Scene) -> str:
    return f"/bureau/uitvoeringen/{scene.edition.id}/evaluatie"


def figures(page: Page) -> dict[str, str]:
    """What stands below each number."""
    items = page.find("//ul[@class='figures']/li")
    return {words(item).removeprefix(number): number for item in items for number in [words(item.find(".//strong"))]}


def test_the_page_of_an_edition_shows_numbers_means_and_remarks(office: PortalClient):
    scene = answered_edition((7, "Meer pauzes"), (8, ""), (10, "Niets"))
    page = office.visit(f"/bureau/uitvoeringen/{scene.edition.id}").follow("Evaluatie")
    assert (page.address, page.h1) == (page_of(scene), "Evaluatie van SamenKracht")
    assert figures(page) == {"gevraagd": "4", "ingevuld": "3"}
    assert page.table() == [
        {"Vraag": question, "Gemiddelde": "8,3"}
        for question in ("Inhoud", "Trainers", "Plek en materiaal", "Bruikbaar in het werk")
    ]
    assert {"Meer pauzes", "Niets"} == {item.text_content() for item in page.find("//ul[@class='remarks']/li")}
    assert "Deelnemer" not in page.text
    assert "Invullen kan tot en met vrijdag 2 april 2027." in page.text


@pytest.mark.parametrize("answers", [1, 2])
def test_fewer_than_three_answers_show_nothing_of_themselves(office: PortalClient, answers: int):
    scene = answered_edition(*[(2, "Geheim")] * answers)
    page = office.visit(page_of(scene))
    assert figures(page)["ingevuld"] == str(answers)
    assert "Nog te weinig antwoorden" in page.text
    assert ("Geheim" in page.html, "2,0" in page.html) == (False, False)
    (row,) = office.visit(LIST).table()
    assert (row["Antwoorden"], row["Inhoud"]) == (f"{answers} van {answers + 1}", "–")


def test_an_edition_of_which_nobody_was_asked_says_when_that_will_be(office: PortalClient):
    scene = given_edition({})
    page = office.visit(page_of(scene))
    assert "Er is nog niemand gevraagd wat die ervan vond." in page.text
    assert "Na de laatste bijeenkomst" in page.text
    assert office.get("/bureau/uitvoeringen/987654/evaluatie").status_code == 404


def test_the_list_has_every_edition_that_was_asked_about(office: PortalClient):
    assert "Er is nog niemand gevraagd wat die ervan vond." in office.visit(LIST).text
    good = answered_edition((9, ""), (9, ""), (9, ""), title="Goed")
    answered_edition((4, ""), (5, ""), (5, ""), title="Minder")
    given_edition({}, title="Nog niet")
    page = office.visit(LIST)
    rows = {row["Training"]: (row["Antwoorden"], row["Inhoud"]) for row in page.table()}
    assert rows == {"Goed": ("3 van 4", "9,0"), "Minder": ("3 van 4", "4,7")}
    assert page.follow("Goed").address == page_of(good)


def test_the_list_is_paged_and_asks_as_much_of_the_database_however_long_it_is(
    office: PortalClient, count_queries: Callable[[], AbstractContextManager[Queries]]
):
    counted = []
    for more in (1, 27):
        for _edition in range(more):
            answered_edition((9, ""))
        with count_queries() as queries:
            office.visit(LIST)
        counted.append(len(queries))
    assert counted[0] == counted[1], queries
    first = office.visit(LIST)
    assert (len(first.table()), len(first.follow("Volgende").table())) == (25, 3)
    assert len(office.visit(f"{LIST}?pagina=99").table()) == 3


@pytest.mark.parametrize("role", Role)
def test_the_staff_and_the_auditor_read_it_and_nobody_else(as_role: AsRole, role: Role):
    scene = answered_edition((9, ""), (9, ""), (9, "Top"))
    client = as_role(role)
    expected = 200 if role in READERS else 403
    assert [client.get(path).status_code for path in (LIST, page_of(scene))] == [expected, expected]


def test_the_menu_leads_there(as_role: AsRole, office: PortalClient):
    assert as_role(Role.AUDITOR).visit("/audit").find("//header//nav//a[@href='/bureau/evaluaties']")
    assert office.visit("/bureau").follow("Evaluaties").address == LIST


def test_who_read_what_people_wrote_is_noted(sign_in: Any):
    scene = answered_edition((9, ""), (9, ""), (9, "Top"))
    reader = factories.person(role=Role.AUDITOR)
    sign_in(reader).visit(page_of(scene))
    (entry,) = audit.list_entries(tag="privacy.viewed").entries
    assert (entry.actor_id, entry.facts["page"], entry.facts["edition_id"]) == (
        reader.id,
        "evaluation_results.edition",
        scene.edition.id,
    )


def test_a_trainer_reads_means_of_their_own_editions_once_closed_and_no_remarks(sign_in: Any):
    scene = answered_edition((9, "Geheim"), (9, ""), (9, ""))
    answered_edition((3, ""), (3, ""), (3, ""), title="Van een ander")
    factories.grant(scene.trainer, Role.TRAINER)
    client = sign_in(scene.trainer)
    page = client.visit("/trainer").follow("Wat mensen vonden van wat je gaf")
    assert "Er is nog geen evaluatie gesloten." in page.text
    with time_machine.travel(at(3, 12, month=4), tick=False):
        page = sign_in(scene.trainer).visit("/trainer/evaluaties")
        assert [(row["Training"], row["Trainers"]) for row in page.table()] == [("SamenKracht", "9,0")]
    assert "Geheim" not in page.html
    assert client.get(page_of(scene)).status_code == 403


def test_a_trainer_sees_no_means_of_two(sign_in: Any):
    scene = answered_edition((9, ""), (9, ""))
    factories.grant(scene.trainer, Role.TRAINER)
    with time_machine.travel(at(3, 12, month=4), tick=False):
        (row,) = sign_in(scene.trainer).visit("/trainer/evaluaties").table()
    assert (row["Antwoorden"], row["Trainers"]) == ("2 van 3", "–")


def test_it_is_english_for_who_reads_english(office: PortalClient):
    scene = answered_edition((7, ""), (8, ""), (10, ""))
    page = office.visit(f"/en{page_of(scene)}")
    assert page.h1 == "Evaluation of SamenKracht"
    assert page.table()[0] == {"Question": "Content", "Average": "8.3"}
    assert "Nobody wrote anything." in page.text
    assert office.visit(f"/en{LIST}").table()[0]["Answers"] == "3 of 4"


def test_a_name_on_a_page_is_nobodys_who_answered(office: PortalClient):
    given_edition({"Dewi Hardjo": EVERYTHING})
    scene = answered_edition((7, ""), (8, ""), (10, ""))
    for path in (LIST, page_of(scene)):
        assert "Deelnemer" not in office.visit(path).text
