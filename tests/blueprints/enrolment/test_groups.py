"""Enrolling a group, as somebody with a browser does it: the list, what is to be mended, the last button."""

import io
import time
import zipfile
from collections.abc import Callable

import pytest
from flask import Flask
from openpyxl import Workbook
from sqlalchemy import func, select

from portal import audit
from portal.db import db
from portal.domain.accounts.models import Person
from portal.domain.accounts.rules import Role
from portal.domain.catalogue.models import Meeting
from portal.domain.catalogue.rules import EditionKind, EditionState
from portal.domain.enrolment.group_models import GroupBooking, GroupDraft
from portal.domain.enrolment.models import Enrolment
from portal.mail import OutgoingMail
from tests import factories
from tests.factories import EditionAndMeetings
from tests.page import Link, Page
from tests.plugins.portal import PortalClient

LIST = """Naam\tE-mail\tTeam\tSKJ
Els Vos\tels@zorg.example\tNoord\t110024518
Ali Demir\tali@zorg
\tbo@zorg.example
Cem Öz\tcem@zorg.example\tZuid"""
BSN = "111222333"
SignIn = Callable[[Person], PortalClient]


@pytest.fixture
def edition(app: Flask) -> EditionAndMeetings:
    factories.terms()
    for register in ("SKJ", "Registerplein"):
        factories.register(register)
    of = factories.course_with_modules(2, title="SamenKracht", price_cents=40000)
    return factories.edition_with_meetings(of, capacity=6)


@pytest.fixture
def hanneke(app: Flask) -> Person:
    return factories.person(name="Hanneke de Boer", email="hanneke@zorg.example")


@pytest.fixture
def client(hanneke: Person, sign_in: SignIn) -> PortalClient:
    return sign_in(hanneke)


def start(edition: EditionAndMeetings) -> str:
    return f"/uitvoeringen/{edition.edition.id}/collegas"


def read(client: PortalClient, edition: EditionAndMeetings, people: str = LIST) -> Page:
    return client.visit(start(edition)).submit("Lees de lijst", people=people)


def mended(client: PortalClient, edition: EditionAndMeetings) -> Page:
    fields = {"people-0-email": "ali@zorg.example", "people-1-name": "Bo Bos"}
    return read(client, edition).submit("Kijk opnieuw na", fields)


def taken(edition: EditionAndMeetings) -> list[int]:
    wanted = select(Meeting.taken).where(Meeting.edition_id == edition.edition.id).order_by(Meeting.id)
    return list(db.session.scalars(wanted))


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def upload(client: PortalClient, edition: EditionAndMeetings, data: bytes, name: str = "lijst.xlsx") -> Page:
    return client.visit(start(edition)).submit("Lees de lijst", file=(io.BytesIO(data), name))


def workbook(rows: list[list[str]]) -> bytes:
    made = Workbook()
    for row in rows:
        made.active.append(row)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def test_the_whole_story(client: PortalClient, edition: EditionAndMeetings):
    page = read(client, edition)
    assert (page.h1, page.status) == ("Kijk de lijst na", 200)
    assert page.title.startswith("Fout:")
    assert "2 regels kloppen nog niet" in page.text
    assert page.errors == [
        Link("Vul het e-mailadres in zoals naam@organisatie.nl", "#people-0-email"),
        Link("Vul de naam in", "#people-1-name"),
    ]
    assert [row["Naam"] for row in page.table("Regels die kloppen")] == ["Els Vos", "Cem Öz"]
    sent = page.form("Kijk opnieuw na").values
    assert {name: value for name, (value,) in sent.items() if name != "csrf_token"} == {
        "people-0-line": "3",
        "people-0-email": "ali@zorg",
        "people-1-line": "4",
        "people-1-name": "",
    }

    half = page.submit("Kijk opnieuw na", {"people-0-email": "ali@zorg.example"})
    assert (half.status, half.errors) == (422, [Link("Vul de naam in", "#people-0-name")])
    assert [row["E-mailadres"] for row in half.table("Regels die kloppen")][1] == "ali@zorg.example"

    check = half.submit("Kijk opnieuw na", {"people-0-name": "Bo Bos"})
    assert check.h1 == "Klopt alles?"
    assert check.facts()["Prijs per persoon"] == "€ 400"
    assert check.facts()["Samen"] == "€ 1.600, vrijgesteld van btw."
    done = check.submit("Meld 4 mensen aan", employer="Zorggroep De Brug", order_reference="PO 1", terms=True)
    assert "4 mensen zijn aangemeld." in done.text
    assert [row["Naam"] for row in done.table("Wie er meedoen")] == ["Ali Demir", "Bo Bos", "Cem Öz", "Els Vos"]
    assert taken(edition) == [4, 4]
    assert db.session.scalars(select(GroupDraft.answers)).all() == [{}]
    assert {e.employer for e in db.session.scalars(select(Enrolment))} == {"Noord", "Zuid", "Zorggroep De Brug"}
    assert [row["Training"] for row in client.visit("/mijn/groepen").table()] == ["SamenKracht"]


def test_the_last_button_twice_makes_one_group(client: PortalClient, edition: EditionAndMeetings):
    check = mended(client, edition)
    answers = {"employer": "De Brug", "terms": True}
    pages = [check.submit("Meld 4 mensen aan", answers) for _ in range(2)]
    assert pages[0].address == pages[1].address
    assert (count(GroupBooking), count(Enrolment)) == (1, 4)
    token = db.session.scalars(select(GroupDraft)).one()
    assert token.group_id is not None
    for going_back in (check.address, check.address.removesuffix("/controleren")):
        assert client.visit(going_back).h1 == "Groep voor SamenKracht"
    assert client.send(check.address.removesuffix("/controleren")).status_code == 303


def test_a_row_that_is_right_can_be_opened_and_one_can_be_left_out(client: PortalClient, edition: EditionAndMeetings):
    page = read(client, edition, LIST.replace("ali@zorg\n", "ali@zorg.example\n").replace("\n\tbo", "\nBo\tbo"))
    assert "Alles klopt." in page.text
    opened = page.follow("Wijzig Els Vos")
    assert opened.form("Kijk opnieuw na").values["people-0-skj"] == ["110024518"]
    check = opened.submit("Kijk opnieuw na", {"people-0-name": "  Elsje\u00a0Vos ", "people-0-skj": ""})
    assert check.h1 == "Klopt alles?"
    without = check.follow("Vorige stap").follow("Wijzig Ali Demir")
    check = without.submit("Kijk opnieuw na", {"people-0-leave_out": True})
    check.submit("Meld 3 mensen aan", employer="De Brug", terms=True)
    names = set(db.session.scalars(select(Enrolment.participant_name)))
    assert names == {"Elsje Vos", "Bo", "Cem Öz"}


def test_when_everybody_is_left_out_one_begins_again(client: PortalClient, edition: EditionAndMeetings):
    page = read(client, edition, "Naam;E-mail\nAli;ali@zorg").submit(None, {"people-0-leave_out": True})
    assert page.h1 == "Meld meer mensen tegelijk aan"
    assert "Begin opnieuw" in page.text


def test_a_file_is_read_like_a_pasted_list(client: PortalClient, edition: EditionAndMeetings):
    rows = [line.split("\t") for line in LIST.splitlines()]
    assert "2 regels kloppen nog niet" in upload(client, edition, workbook(rows)).text
    assert "2 regels kloppen nog niet" in upload(client, edition, LIST.encode("utf-16"), "lijst.csv").text


def test_formulas_stay_the_text_that_they_are(client: PortalClient, edition: EditionAndMeetings):
    page = upload(client, edition, workbook([["Naam", "E-mail"], ["=1+1", "els@zorg.example"]]))
    assert page.table("Regels die kloppen")[0]["Naam"] == "=1+1"
    page.submit("Verder naar controleren").submit("Meld 1 persoon aan", employer="De Brug", terms=True)
    assert db.session.scalars(select(Enrolment.participant_name)).one() == "=1+1"


def bomb() -> bytes:
    buffer = io.BytesIO(workbook([["Naam", "E-mail"]]))
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", b" " * 100_000_000)
    return buffer.getvalue()


def test_a_file_that_unpacks_to_a_hundred_megabytes_is_refused_within_a_second(
    client: PortalClient, edition: EditionAndMeetings
):
    data, page = bomb(), client.visit(start(edition))
    started = time.process_time()
    refused = page.submit("Lees de lijst", file=(io.BytesIO(data), "lijst.xlsx"))
    assert time.process_time() - started < 1
    assert refused.status == 422
    assert refused.errors[0].href == "#file"
    assert "te groot" in refused.errors[0].text
    assert count(GroupDraft) == 0


@pytest.mark.parametrize(
    ("people", "sentence"),
    [
        ("", "Plak een lijst of kies een bestand, of reserveer plekken zonder naam"),
        ("alleen een naam", "We vinden geen e-mailadressen. Zet ze in een eigen kolom, met E-mail erboven"),
        (
            "\n".join(f"Jan {n};jan{n}@zorg.example" for n in range(10_000)),
            "Er kunnen hoogstens 100 mensen in een lijst. Deel hem op",
        ),
    ],
)
def test_what_cannot_be_read_is_said_and_kept(
    client: PortalClient, edition: EditionAndMeetings, people: str, sentence: str
):
    page = read(client, edition, people)
    assert (page.status, page.errors) == (422, [Link(sentence, "#people")])
    assert page.form("Lees de lijst").values["people"] == [people]


def test_a_citizen_service_number_is_nowhere(client: PortalClient, edition: EditionAndMeetings):
    page = read(client, edition, f"Naam;E-mail;SKJ\nEls;els@zorg.example;{BSN}")
    assert "burgerservicenummer" in page.errors[0].text
    again = page.submit("Kijk opnieuw na", {"people-0-skj": BSN})
    assert again.status == 422
    assert BSN not in page.html + again.html + str(db.session.scalars(select(GroupDraft.answers)).all())
    assert again.submit("Kijk opnieuw na", {"people-0-skj": ""}).h1 == "Klopt alles?"


def test_more_wrong_rows_than_fit_are_mended_in_turns(client: PortalClient, edition: EditionAndMeetings):
    page = read(client, edition, "\n".join(f"Jan {n};jan{n}@zorg.example" for n in range(9)) + ";x" * 0)
    assert "Alles klopt" in page.text
    page = read(client, edition, "Naam;E-mail\n" + "\n".join(f"Jan;jan{n}@zorg" for n in range(60)))
    assert (len(page.errors), "60 regels kloppen nog niet" in page.text) == (50, True)
    left_out = {f"people-{row}-leave_out": True for row in range(50)}
    page = page.submit("Kijk opnieuw na", left_out)
    assert (len(page.errors), page.form().values["people-0-line"]) == (10, ["52"])


def test_a_group_that_does_not_fit_is_told_which_meeting_is_full(client: PortalClient, edition: EditionAndMeetings):
    check = mended(client, edition)
    for _ in range(3):
        factories.enrolment(edition, modules=(2,))
    refused = check.submit("Meld 4 mensen aan", employer="De Brug", terms=True)
    assert refused.status == 409
    assert "dagdeel 2" in refused.text
    assert "zijn nog 3 plekken" in refused.text
    assert refused.form("Meld 4 mensen aan").values["employer"] == ["De Brug"]
    assert (count(Enrolment), taken(edition)) == (3, [0, 3])
    assert "zijn nog 3 plekken" in client.visit(check.address).text


def test_the_agreement_asks_who_contracts_and_the_terms(client: PortalClient, edition: EditionAndMeetings):
    refused = mended(client, edition).submit("Meld 4 mensen aan")
    assert refused.errors == [
        Link("Vul de organisatie in die de overeenkomst sluit", "#employer"),
        Link("Ga akkoord met de algemene voorwaarden om mee te doen", "#terms"),
    ]


def test_nobody_elses_draft_and_no_stale_token_opens(
    client: PortalClient, edition: EditionAndMeetings, sign_in: SignIn
):
    address = read(client, edition).address
    other = factories.edition_with_meetings()
    stranger = sign_in(factories.person())
    for path in (address, f"{address}/controleren"):
        assert stranger.visit(path).status == 404
        assert stranger.send(path).status_code == 404
        assert client.visit(path.replace(str(edition.edition.id), str(other.edition.id), 1)).status == 404
    assert client.visit(f"{address}x").status == 404


@pytest.mark.parametrize("line", ["", "x", "99", "-3", "9" * 5000, "³"])
def test_a_forged_line_changes_nothing(client: PortalClient, edition: EditionAndMeetings, line: str):
    address = read(client, edition).address
    forged = {"people-0-line": line, "people-0-email": "stranger@zorg.example", "people-0-leave_out": "y"}
    page = Page.of(client.send(address, **forged), client)
    assert "2 regels kloppen nog niet" in page.text
    assert "stranger" not in page.html


def test_who_takes_part_already_is_not_told_to_who_enrols_in_an_open_edition(
    client: PortalClient, edition: EditionAndMeetings
):
    factories.enrolment(edition, factories.person(email="els@zorg.example"))
    page = read(client, edition, "Naam;E-mail\nEls;els@zorg.example\nBo;bo@zorg.example")
    assert "Alles klopt" in page.text
    done = page.submit("Verder naar controleren").submit("Meld 2 mensen aan", employer="De Brug", terms=True)
    assert [row["Stand"] for row in done.table("Wie er meedoen")] == ["Aangemeld", "Aangemeld"]
    assert "2 mensen zijn aangemeld" in done.text


def test_a_clients_contact_enters_a_list_in_its_own_closed_edition(app: Flask, sign_in: SignIn):
    factories.terms()
    brug = factories.organisation(name="De Brug")
    closed = factories.edition_with_meetings(kind=EditionKind.IN_COMPANY, organisation_id=brug.id)
    factories.enrolment(closed, factories.person(email="els@zorg.example"))
    contact = sign_in(factories.person(role=Role.ORGANISATION, organisation=brug))
    page = contact.visit(f"/organisatie/uitvoeringen/{closed.edition.id}")
    page = page.follow("Meer mensen? Plak een lijst of kies een bestand")
    page = page.submit("Lees de lijst", people="Els;els@zorg.example\nBo;bo@zorg.example")
    assert page.errors == [Link("Doet al mee. Laat deze regel weg", "#people-0-email")]
    check = page.submit("Kijk opnieuw na", {"people-0-leave_out": True})
    assert "Prijs per persoon" not in check.facts()
    done = check.submit("Meld 1 persoon aan")
    assert "1 persoon is aangemeld" in done.text
    assert done.table("Deelnemers")[0]["Naam"] == "Bo"
    stranger = sign_in(factories.person(role=Role.ORGANISATION))
    assert stranger.visit(f"/organisatie/uitvoeringen/{closed.edition.id}/deelnemers/lijst").status == 404
    assert stranger.visit(start(closed)).status == 404


def test_a_clients_contact_contracts_for_it_in_an_open_edition(edition: EditionAndMeetings, sign_in: SignIn):
    brug = factories.organisation(name="De Brug")
    contact = sign_in(factories.person(role=Role.ORGANISATION, organisation=brug))
    factories.organisation(name="Een ander")
    check = read(contact, edition, "Bo;bo@zorg.example").submit("Verder naar controleren")
    assert check.form("Meld 1 persoon aan").choices("organisation") == [str(brug.id), "other"]
    done = check.submit("Meld 1 persoon aan", organisation=str(brug.id), terms=True)
    assert "De Brug" in done.text
    assert db.session.scalars(select(Enrolment.organisation_id)).one() == brug.id


def test_the_office_enters_a_list_for_somebody_else(
    edition: EditionAndMeetings, as_role: Callable[[Role], PortalClient]
):
    office = as_role(Role.OFFICE)
    page = office.visit(f"/bureau/uitvoeringen/{edition.edition.id}").follow("Voeg een lijst toe")
    check = page.submit("Lees de lijst", people="Bo;bo@zorg.example").submit("Verder naar controleren")
    fields = {"organisation": "other", "employer": "De Brug"} if "organisation" in check.html else {}
    form = {"employer": "De Brug", "contact_name": "Hanneke", "contact_email": "hanneke@zorg.example"} | fields
    done = check.submit("Meld 1 persoon aan", form)
    assert done.address == f"/bureau/uitvoeringen/{edition.edition.id}"
    sent = select(OutgoingMail.to_address).where(OutgoingMail.kind == "enrolment.group_booked")
    assert db.session.scalars(sent).all() == ["hanneke@zorg.example"]
    trail = audit.trail_of("edition", edition.edition.id).entries
    assert "privacy.viewed" in [entry.tag for entry in trail]


@pytest.mark.parametrize("state", [EditionState.DRAFT, EditionState.CANCELLED, EditionState.FINISHED])
def test_no_list_is_for_an_edition_that_is_not_on_offer(
    client: PortalClient, as_role: Callable[[Role], PortalClient], state: EditionState
):
    edition = factories.edition_with_meetings(state=state)
    assert client.visit(start(edition)).status == 404
    office = as_role(Role.OFFICE)
    assert office.visit(f"/bureau/uitvoeringen/{edition.edition.id}/deelnemers/lijst").status == 404


def test_a_course_that_asks_something_first_is_not_for_groups(client: PortalClient):
    edition = factories.edition_with_meetings(factories.course_with_modules(1, requires={"completed": "ek-1"}))
    page = client.visit(start(edition))
    assert "meldt iedereen zichzelf aan" in page.text
    assert not page.find("//textarea")


def test_a_group_of_others_is_not_there(client: PortalClient, edition: EditionAndMeetings, sign_in: SignIn):
    done = mended(client, edition).submit("Meld 4 mensen aan", employer="De Brug", terms=True)
    assert sign_in(factories.person()).visit(done.address).status == 404


def test_the_list_of_groups_needs_as_many_queries_for_many_as_for_few(
    client: PortalClient, edition: EditionAndMeetings, hanneke: Person, count_queries: Callable[[], object]
):
    def queries_with(groups: int) -> int:
        for _ in range(groups):
            factories.add(
                GroupBooking(
                    edition_id=edition.edition.id,
                    contact_id=hanneke.id,
                    terms_version_id=factories.terms().id,
                    price_cents=1,
                    booked_at=edition.edition.published_at,
                )
            )
        db.session.commit()
        with count_queries() as counted:  # type: ignore[attr-defined]
            client.visit("/mijn/groepen")
        return len(counted)

    assert queries_with(1) == queries_with(9)


def test_the_pages_are_there_in_english(client: PortalClient, edition: EditionAndMeetings):
    page = client.visit(f"/en{start(edition)}").submit(None, people=LIST)
    assert page.language == "en"
    fields = {"people-0-email": "ali@zorg.example", "people-1-name": "Bo Bos"}
    done = page.submit(None, fields).submit(None, employer="De Brug", terms=True)
    assert (done.language, done.status, taken(edition)) == ("en", 200, [4, 4])
