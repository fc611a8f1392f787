"""The office hands points over by hand: the list, the numbers to paste, what the register said, and what is mended."""

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.audit.models import AuditEntry
from portal.db import db
from portal.domain.accounts.rules import Role
from portal.domain.attendance.rules import Status
from portal.domain.handover.models import HandoverRow
from portal.domain.handover.rules import Refusal
from tests import factories
from tests.certificate_scenes import NOW
from tests.handover_scenes import amend, give_number, hand_over, said, settled_edition
from tests.plugins.portal import PortalClient

LIST = "/bureau/doorgeven"
TWO = ("Dewi Hardjo", "Jan van den Berg")


@pytest.fixture(autouse=True)
def at_the_desk(app: Flask) -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def office(as_role) -> PortalClient:
    return as_role(Role.OFFICE)


def of(scene, register="SKJ", further=""):
    return f"{LIST}/{register}/{scene.edition.id}{further}"


def people(page):
    return {row["Naam"].partition(",")[0]: row["Stand"] for row in page.table("Stand per persoon")}


def test_the_list_names_editions_registers_and_days(office, as_role):
    scene = settled_edition(TWO)
    page = office.visit("/bureau").follow("Doorgeven aan de registers")
    rows = page.table("Uitvoeringen")
    assert [(row["Register"], row["Door te geven"]) for row in rows] == [("Registerplein", "8"), ("SKJ", "2")]
    assert {row["Uiterlijk"] for row in rows} == {"do 9 apr 2026nog 7 dagen"}
    one = page.submit("Toon", register="SKJ")
    assert [row["Register"] for row in one.table("Uitvoeringen")] == ["SKJ"]
    hand_over(scene)
    assert "2 doorgegeven" in office.visit(f"{LIST}?register=SKJ").table("Uitvoeringen")[0]["Verder"]
    with time_machine.travel("2026-04-12T10:00:00+00:00", tick=False):
        assert "3 dagen te laat" in as_role(Role.OFFICE).visit(f"{LIST}?register=SKJ").text


def test_with_nothing_to_do_the_list_says_so_and_shows_the_past_when_asked(office):
    assert "Alles is doorgegeven." in office.visit(LIST).text
    scene = settled_edition(registers=("SKJ",))
    hand_over(scene)
    said(scene, "SKJ")
    assert "Alles is doorgegeven." in office.visit(LIST).text
    page = office.visit(LIST).submit("Toon", stand="alles")
    assert [row["Uiterlijk"] for row in page.table("Uitvoeringen")] == ["klaar"]
    assert "Hier staat niets." in office.visit(f"{LIST}?register=SKJ&pagina=9").text


def test_the_list_has_pages_and_costs_as_many_queries_for_20_as_for_2(office, count_queries):
    def more(number):
        for _one in range(number):
            settled_edition(registers=("SKJ",), modules=1)

    more(2)
    with count_queries() as few:
        office.visit(LIST)
    more(19)
    with count_queries() as many:
        page = office.visit(LIST)
    assert len(many) == len(few) <= 14, many
    assert "Pagina 1 van 2" in page.text
    assert len(page.follow("Volgende").table("Uitvoeringen")) == 1


def test_by_hand_from_the_numbers_to_the_refused_who_is_sent_again(office):
    scene = settled_edition(TWO)
    page = office.visit(of(scene))
    assert [box.text_content() for box in page.find("//textarea[@readonly]")] == ["110001\n110002"]
    page = page.submit("Noteer als doorgegeven", on="2026-03-30", note="Op de site van SKJ")
    assert "2 regels zijn genoteerd als doorgegeven." in page.text
    page = page.submit("Noteer het antwoord", pasted="110002 onjuiste kamer", others=True)
    assert "Genoteerd: 1 geaccepteerd, 1 geweigerd." in page.text
    assert people(page)["Dewi Hardjo"] == "geaccepteerd"
    assert "jeugd- en gezinsprofessionals" in people(page)["Jan van den Berg"]
    row = page.follow("Jan van den Berg, dagdeel 1, 2, 3 en 4")
    assert row.facts()["Het register zei"] == "onjuiste kamer"
    page = row.submit("Bewaar het nummer", number="110 999")
    assert [box.text_content() for box in page.find("//textarea[@readonly]")] == ["110999"]
    page = page.submit("Noteer als doorgegeven", on="2026-04-02")
    page = page.submit("Noteer het antwoord", others=True)
    assert set(people(page).values()) == {"geaccepteerd"}
    history = page.table("Elke keer dat er iets is doorgegeven")
    assert [(one["Aantal"], one["Geaccepteerd"], one["Geweigerd"]) for one in history] == [
        ("1", "1", "0"),
        ("2", "1", "1"),
    ]


def test_per_person_when_nothing_is_pasted(office):
    scene = settled_edition(TWO)
    hand_over(scene)
    page = office.visit(of(scene))
    names = [each.get("name") for each in page.find("//select[starts-with(@name, 'antwoord-')]")]
    page = page.submit("Noteer het antwoord", {names[0]: "accepted", names[1]: "unknown_number"})
    assert people(page)["Dewi Hardjo"] == "geaccepteerd"
    assert people(page)["Jan van den Berg"].startswith("geweigerd")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"on": ""}, "Vul de dag in waarop je het doorgaf"),
        ({"on": "gisteren"}, "Vul de dag in waarop je het doorgaf"),
        ({"on": "2026-04-03"}, "Kies een dag die al geweest is"),
        ({"on": "2026-03-25"}, "Doorgeven kan pas na de bijeenkomst. Kies een latere dag"),
        ({"boxes": []}, "Kies wat je hebt doorgegeven"),
        ({"note": "x" * 501}, "Houd het korter: hooguit 500 tekens"),
    ],
)
def test_an_invalid_hand_over_comes_back_with_all_that_was_filled_in(office, fields, sentence):
    scene = settled_edition(TWO, absent=[(1, 2)])
    page = office.visit(of(scene)).submit("Noteer als doorgegeven", {"on": "2026-03-30", "note": "Let op"} | fields)
    assert (page.status, [error.text for error in page.errors]) == (422, [sentence])
    kept = page.form("Noteer als doorgegeven").values
    assert kept["note"] == [fields.get("note", "Let op")]
    assert kept["on"] == [fields.get("on", "2026-03-30")]
    assert db.session.scalars(select(HandoverRow)).all() == []


def test_who_is_second_reads_that_the_list_changed(office):
    scene = settled_edition()
    page = office.visit(of(scene))
    hand_over(scene)
    page = page.submit("Noteer als doorgegeven")
    assert page.status == 409
    assert "De lijst is intussen veranderd" in page.text
    assert len(db.session.scalars(select(HandoverRow)).all()) == 1


@pytest.mark.parametrize(
    ("pasted", "sentence"),
    [
        ("", "Vul in wat het register zei"),
        ("Jan; onjuiste kamer", "Begin elke regel met een nummer. Dit begrijpen we niet: Jan; onjuiste kamer"),
        ("999999 onbekend", "Deze nummers wachten hier niet op antwoord: 999999"),
        ("1" * 50_001, "Plak minder regels in één keer"),
    ],
)
def test_an_invalid_answer_comes_back_with_all_that_was_filled_in(office, pasted, sentence):
    scene = settled_edition(TWO)
    hand_over(scene)
    page = office.visit(of(scene)).submit("Noteer het antwoord", pasted=pasted)
    assert page.status == 422
    assert sentence in page.text
    assert page.form("Noteer het antwoord").values["pasted"][0].strip() == pasted


def test_a_choice_that_is_not_offered_counts_for_nothing(office):
    scene = settled_edition()
    hand_over(scene)
    row_id = db.session.scalars(select(HandoverRow.id)).one()
    answer = office.send(
        of(scene, further="/antwoord"), **{f"antwoord-{row_id}": "geweldig", "antwoord-999": "accepted"}
    )
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("", "Vul het registratienummer in"),
        ("111222333", "Dit lijkt op een burgerservicenummer. Dat bewaren we niet"),
        ("1" * 61, "Vul het registratienummer in, alleen de cijfers"),
    ],
)
def test_an_invalid_number_comes_back(office, number, sentence):
    scene = settled_edition()
    give_number(scene.enrolments[0], "SKJ", "")
    page = office.visit(of(scene)).follow("Dewi Hardjo, dagdeel 1, 2, 3 en 4")
    assert "Vraag deze persoon om het nummer" in page.text
    page = page.submit("Bewaar het nummer", number=number)
    assert (page.status, [error.text for error in page.errors]) == (422, [sentence])
    assert page.form("Bewaar het nummer").values["number"] == [number]


def test_a_refused_row_is_closed_or_sent_again_as_it_is(office):
    scene = settled_edition(TWO)
    hand_over(scene)
    said(scene, "SKJ", dict.fromkeys(TWO, Refusal.WRONG_CHAMBER))
    page = office.visit(of(scene)).follow("Dewi Hardjo, dagdeel 1, 2, 3 en 4")
    page = page.submit("Sluit af: er valt niets te herstellen")
    assert people(page)["Dewi Hardjo"].startswith("geweigerd, afgesloten")
    page = page.follow("Jan van den Berg, dagdeel 1, 2, 3 en 4").submit("Geef opnieuw door zoals het is")
    assert people(page)["Jan van den Berg"] == "door te geven"
    key = f"/{scene.enrolments[1].id}.0"
    for deed in ("/opnieuw", "/afsluiten"):
        assert office.send(of(scene, further=key + deed)).status_code in (404, 409)


def test_what_changed_after_the_hand_over_is_loud_until_it_is_put_right(office):
    scene = settled_edition()
    hand_over(scene)
    said(scene, "SKJ")
    amend(scene, 0, 2, Status.ABSENT)
    assert "Geef de punten door aan SKJ" in office.visit("/bureau").text
    page = office.visit(of(scene))
    assert "1 regel is na het doorgeven gewijzigd." in page.text
    assert "Na het doorgeven gewijzigd: was 19 punten, is nu 15" in people(page)["Dewi Hardjo"]
    row = page.follow("Dewi Hardjo, dagdeel 1, 3 en 4")
    page = row.submit("Ja, het register klopt nu", note="x" * 501)
    assert (page.status, [error.text for error in page.errors]) == (422, ["Houd het korter: hooguit 500 tekens"])
    stale = office.send(of(scene, further=f"/{scene.enrolments[0].id}.0/hersteld"), points="19", told_number="110001")
    assert stale.status_code == 409
    page = row.submit("Ja, het register klopt nu", note="Gebeld met SKJ")
    assert people(page)["Dewi Hardjo"] == "geaccepteerd"
    assert page.table("Elke keer dat er iets is doorgegeven")[0]["Hoe"] == "correctieGebeld met SKJ"


def test_a_training_without_accreditation_says_why_nobody_is_listed(office):
    scene = settled_edition(registers=("SKJ",))
    factories.register("Registerplein", name="Registerplein")
    page = office.visit(of(scene, "Registerplein"))
    assert "Registerplein heeft deze training niet geaccrediteerd." in page.text
    assert page.find("//textarea[@readonly]") == []


def test_who_has_no_points_is_counted_with_the_reason(office):
    scene = settled_edition(TWO, modules=1, absent=[(1, 1)])
    page = office.visit(of(scene))
    assert list(people(page)) == ["Dewi Hardjo"]
    assert "1 persoon: was er niet" in page.text


def test_open_lists_are_named_and_nothing_can_be_noted(office):
    scene = settled_edition(open_sheets=[4])
    page = office.visit(of(scene))
    assert "Rond eerst de presentie af van dagdeel 4." in page.text
    key = f"{scene.enrolments[0].id}.0"
    answer = office.send(of(scene, further="/doorgegeven"), boxes=key, on="2026-03-30")
    assert answer.status_code == 422


def test_the_list_for_human_eyes_is_safe_and_noted(office):
    scene = settled_edition(['=HYPERLINK("x")'])
    answer = office.get(of(scene, further="/lijst.csv"))
    assert answer.headers["Cache-Control"] == "no-store"
    assert "attachment" in answer.headers["Content-Disposition"]
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert lines[0] == "Naam;Nummer;Waarvoor;Punten;Stand;Reden;Het register zei"
    assert lines[1].startswith("\"'=HYPERLINK(")
    assert lines[1].endswith(";110001;dagdeel 1, 2, 3 en 4;19;door te geven;;")
    viewed = db.session.scalars(select(AuditEntry.payload).where(AuditEntry.tag == "privacy.viewed"))
    assert any("handover.as_csv" in payload for payload in viewed)


def test_only_what_is_there_is_found(office):
    scene = settled_edition()
    for address in (
        "/SKJ/999999",
        f"/BIG/{scene.edition.id}",
        f"/SKJ/{scene.edition.id}/9.9",
        f"/BIG/{scene.edition.id}/lijst.csv",
    ):
        assert office.get(LIST + address).status_code == 404


def test_who_looked_at_whose_numbers_is_noted(office):
    scene = settled_edition()
    office.visit(of(scene)).follow("Dewi Hardjo, dagdeel 1, 2, 3 en 4")
    payloads = " ".join(db.session.scalars(select(AuditEntry.payload).where(AuditEntry.tag == "privacy.viewed")))
    assert "handover.edition" in payloads
    assert "handover_rows.show" in payloads
    assert "110001" not in payloads


def test_everything_reads_in_english_too(office):
    scene = settled_edition(TWO)
    page = office.visit("/en" + of(scene))
    assert page.h1 == f"Hand over {scene.course.title} to SKJ"
    assert office.visit(f"/en{LIST}").h1 == "Hand over to the registers"
