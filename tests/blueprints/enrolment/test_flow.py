"""Enrolling, as somebody with a browser does it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal import clock
from portal.config import Limits
from portal.db import db, transaction
from portal.domain.accounts.models import Person, RegisterNumber
from portal.domain.catalogue.models import Meeting
from portal.domain.catalogue.rules import EditionKind, EditionState
from portal.domain.enrolment.models import Enrolment, EnrolmentRegisterNumber
from portal.mail import OutgoingMail
from tests import factories
from tests.factories import EditionAndMeetings
from tests.page import Link, Page
from tests.plugins.portal import PortalClient, Queries

DETAILS = {
    "name": "Şule Yılmaz-Škrabáková",
    "email": "sule@zorg.example",
    "employer": "Wijkteam Stadshagen",
    "register_SKJ": "110 024 518",
    "contract_party": "participant",
}


def start(edition: EditionAndMeetings) -> str:
    return f"/uitvoeringen/{edition.edition.id}/inschrijven"


def go_to_details(client: PortalClient, edition: EditionAndMeetings, **choice: object) -> Page:
    return client.visit(start(edition)).submit("Verder naar je gegevens", {"choice": "whole"} | choice)


def go_to_check(client: PortalClient, edition: EditionAndMeetings, **changes: object) -> Page:
    return go_to_details(client, edition).submit("Verder naar controleren", DETAILS | changes)


def go_to_done(client: PortalClient, edition: EditionAndMeetings, **changes: object) -> Page:
    return go_to_check(client, edition, **changes).submit("Meld mij aan", terms=True)


def taken(edition: EditionAndMeetings) -> list[int]:
    found = select(Meeting.taken).where(Meeting.edition_id == edition.edition.id).order_by(Meeting.id)
    return list(db.session.scalars(found))


@pytest.fixture
def edition(app: Flask) -> EditionAndMeetings:
    of = factories.course_with_modules(title="SamenKracht", slug="samenkracht", price_cents=79500)
    for module, points in zip(of.modules, (4, 4, 5, 6), strict=True):
        for register in ("SKJ", "Registerplein"):
            factories.accreditation(module, register, points, threshold_percent=90)
    return factories.edition_with_meetings(of, capacity=3)


def test_the_whole_story(client: PortalClient, edition: EditionAndMeetings):
    page = go_to_check(client, edition)
    assert page.h1 == "Klopt alles?"
    facts = page.facts()
    assert facts["Training"] == "SamenKracht, de hele training"
    assert facts["Prijs"] == "€ 795"
    assert facts["Naam op certificaat"] == "Şule Yılmaz-Škrabáková"
    assert facts["SKJ-nummer"] == "110 024 518"
    assert facts["Overeenkomst"] == "Met jou"
    assert "Je hebt 14 dagen bedenktijd" in page.text
    done = page.submit("Meld mij aan", terms=True)
    enrolment = db.session.scalars(select(Enrolment)).one()
    assert done.h1 == "Je doet mee!"
    assert enrolment.number in done.text
    assert "19 punten Registerplein, 19 punten SKJ" in done.text
    assert taken(edition) == [1, 1, 1, 1]
    assert (enrolment.participant_name, enrolment.employer) == ("Şule Yılmaz-Škrabáková", "Wijkteam Stadshagen")
    assert db.session.scalars(select(EnrolmentRegisterNumber.number)).all() == ["110024518"]
    ics = client.get(done.find("//a[contains(@href, '.ics')]/@href")[0])
    assert ics.mimetype == "text/calendar"
    assert ics.data.count(b"BEGIN:VEVENT") == 4


def test_of_half_a_training_the_whole_is_not_for_sale(client: PortalClient, app: Flask):
    of = factories.course_with_modules(price_cents=79500)
    half = factories.edition_with_meetings(factories.CourseAndModules(of.course, of.modules[:2]))
    assert "De hele training" not in client.visit(start(half)).text
    page = go_to_details(client, half, choice="single", modules=[str(m.module_id) for m in half.meetings])
    facts = page.submit("Verder naar controleren", DETAILS).facts()
    assert (facts["Training"], facts["Prijs"]) == (of.course.title, "€ 500")


def test_the_whole_story_in_english(client: PortalClient, edition: EditionAndMeetings):
    page = client.visit(f"/en{start(edition)}")
    for answers in ({"choice": "single", "modules": [str(edition.meetings[2].module_id)]}, DETAILS, {"terms": True}):
        assert page.language == "en"
        page = page.submit(None, answers)
    assert page.address == f"/en{start(edition)}/klaar"
    assert taken(edition) == [0, 0, 1, 0]
    assert db.session.scalars(select(Person.language)).all() == ["en"]
    assert db.session.scalars(select(OutgoingMail.language)).all() == ["en"]


def test_the_choice_tells_dates_seats_points_validity_and_attendance(client: PortalClient, edition: EditionAndMeetings):
    page = client.visit(start(edition))
    assert "Nog 3 plekken. € 250. 5 punten Registerplein, 5 punten SKJ" in page.text
    assert page.table("Wat telt mee voor je register?") == [
        {
            "Register": name,
            "Punten": "dagdeel 1: 4, dagdeel 2: 4, dagdeel 3: 5, dagdeel 4: 6",
            "Geldig": "vanaf 1 januari 2024",
            "Aanwezigheid": "ten minste 90 % van elke bijeenkomst",
        }
        for name in ("Register Registerplein", "Register SKJ")
    ]


def test_a_training_that_is_not_sold_apart_offers_the_whole_only(client: PortalClient, app: Flask):
    edition = factories.edition_with_meetings(factories.course_with_modules(separately_bookable=False))
    form = client.visit(start(edition)).form("Verder naar je gegevens")
    assert form.choices("choice") == ["whole"]
    assert form.choices("modules") == []


def test_every_step_is_checked_again_with_all_input_kept(client: PortalClient, edition: EditionAndMeetings):
    refused = client.visit(start(edition)).submit("Verder naar je gegevens", choice="single")
    assert (refused.status, refused.title.startswith("Fout:")) == (422, True)
    assert refused.errors == [Link("Kies ten minste één dagdeel", "#modules-0")]
    wrong = {
        "name": "",
        "email": "sule@zorg",
        "register_SKJ": "111222333",
        "contract_party": "organisation",
        "employer": "",
    }
    page = go_to_details(client, edition).submit("Verder naar controleren", wrong | {"order_reference": "4711"})
    assert (page.status, page.title.startswith("Fout:")) == (422, True)
    assert page.errors == [
        Link("Vul je naam in", "#name"),
        Link("Vul je e-mailadres in zoals naam@organisatie.nl", "#email"),
        Link("Vul de organisatie in die de overeenkomst sluit", "#employer"),
        Link("Dit lijkt op een burgerservicenummer. Dat bewaren we niet", "#register_SKJ"),
    ]
    kept = page.form("Verder naar controleren").values
    assert (kept["email"], kept["register_SKJ"], kept["order_reference"]) == (["sule@zorg"], ["111222333"], ["4711"])
    check = page.submit("Verder naar controleren", DETAILS)
    unaccepted = check.submit("Meld mij aan")
    assert unaccepted.status == 422
    assert unaccepted.errors == [Link("Ga akkoord met de algemene voorwaarden om mee te doen", "#terms")]
    assert taken(edition) == [0, 0, 0, 0]


def test_an_unusual_number_is_warned_about_and_never_refused(client: PortalClient, edition: EditionAndMeetings):
    page = go_to_check(client, edition, register_SKJ="abc", register_Registerplein="5511")
    assert page.text.count("Dit nummer ziet er anders uit dan de meeste. Klopt het?") == 2
    page.submit("Meld mij aan", terms=True)
    kept = db.session.scalars(select(EnrolmentRegisterNumber.number).order_by(EnrolmentRegisterNumber.number))
    assert kept.all() == ["5511", "abc"]


def test_an_organisation_that_contracts_has_no_time_to_withdraw(client: PortalClient, edition: EditionAndMeetings):
    page = go_to_check(client, edition, contract_party="organisation", order_reference="PO 4711")
    assert page.facts()["Overeenkomst"] == "Met Wijkteam Stadshagen"
    assert page.facts()["Kenmerk"] == "PO 4711"
    assert "Daarom is er geen bedenktijd." in page.text
    assert "14 dagen bedenktijd" not in page.text


def test_change_leads_back_with_everything_kept(client: PortalClient, edition: EditionAndMeetings):
    check = go_to_check(client, edition)
    details = client.visit(f"{start(edition)}/gegevens")
    assert details.form("Verder naar controleren").values["email"] == ["sule@zorg.example"]
    details.submit("Verder naar controleren", name="Ş. Yılmaz")
    assert client.visit(check.address).facts()["Naam op certificaat"] == "Ş. Yılmaz"


def test_the_terms_that_are_accepted_can_be_read(client: PortalClient, edition: EditionAndMeetings):
    page = go_to_check(client, edition).follow("Lees de algemene voorwaarden van 1 januari 2024")
    assert page.h1 == "Algemene voorwaarden"
    assert page.address == "/voorwaarden/2024-01-01"
    assert client.get("/voorwaarden/2024-01-02").status_code == 404
    assert client.get("/voorwaarden/gisteren").status_code == 404
    assert client.visit("/voorwaarden").h1 == "Algemene voorwaarden"


def test_the_last_button_twice_is_one_enrolment(client: PortalClient, edition: EditionAndMeetings):
    check = go_to_check(client, edition)
    first = check.submit("Meld mij aan", terms=True)
    second = check.submit("Meld mij aan", terms=True)
    assert first.text == second.text
    assert taken(edition) == [1, 1, 1, 1]
    assert client.visit(f"{start(edition)}/controleren").h1 == "Je doet mee!"


def test_who_enrols_again_and_again_is_held_up_at_the_last_step_alone(make_app, edition: EditionAndMeetings):
    db.session.commit()
    client = make_app(limits=replace(Limits(), enrolled="2 per minute")).test_client()
    token = client.csrf_token()

    def send(path: str) -> int:
        return int(client.post(start(edition) + path, data={"csrf_token": token}).status_code)

    assert [send("/gegevens") for _ in range(4)] == [422, 422, 422, 422]
    assert [send("/controleren") for _ in range(4)] == [303, 303, 429, 429]


def test_a_full_meeting_is_named_with_the_waiting_list_and_other_dates(
    client: PortalClient, edition: EditionAndMeetings
):
    other = factories.edition_with_meetings(
        factories.CourseAndModules(
            db.session.get(factories.Course, edition.edition.course_id),  # type: ignore[arg-type]
            [db.session.get(factories.Module, m.module_id) for m in edition.meetings],  # type: ignore[misc]
        ),
        place="Utrecht",
    )
    for _seat in range(3):
        factories.enrol(edition, modules=(2,))
    page = client.visit(start(edition))
    assert "Vol: dagdeel 2 op " in page.text
    assert page.form("Verder naar je gegevens").values["choice"] == ["single"]
    refused = page.submit("Verder naar je gegevens", choice="whole")
    assert refused.status == 409
    assert refused.errors == []
    assert "Dagdeel 2, Dagdeel 2, op " in refused.text
    assert "is vol. Kies iets anders of ga op de wachtlijst" in refused.text
    assert [link.href for link in refused.links if "wachtlijst" in link.href] == [
        f"/uitvoeringen/{edition.edition.id}/wachtlijst"
    ]
    assert [link.href for link in refused.links if "inschrijven" in link.href] == [start(other)]
    assert (
        page.submit("Verder naar je gegevens", choice="single", modules=[str(edition.meetings[0].module_id)]).status
        == 200
    )


def test_a_lost_race_keeps_what_was_filled_in(client: PortalClient, edition: EditionAndMeetings):
    check = go_to_check(client, edition)
    for _seat in range(3):
        factories.enrol(edition)
    lost = check.submit("Meld mij aan", terms=True)
    assert (lost.status, lost.title.startswith("Fout:")) == (409, True)
    assert "De laatste plek is net vergeven" in lost.text
    assert "Je gegevens zijn bewaard" in lost.text
    assert lost.facts()["Naam op certificaat"] == "Şule Yılmaz-Škrabáková"
    waiting = lost.follow("Zet mij op de wachtlijst")
    assert waiting.form("Zet mij op de wachtlijst").values["email"] == ["sule@zorg.example"]
    assert client.visit(start(edition)).h1 == "De kring is vol"


def test_the_pages_do_not_tell_a_stranger_who_takes_part(client: PortalClient, edition: EditionAndMeetings, app: Flask):
    factories.enrol(edition, "sule@zorg.example")
    known = go_to_done(client, edition)
    other = PortalClient(app, app.response_class)
    fresh = go_to_done(other, edition, email="vreemd@zorg.example")
    for page in (known, fresh):
        assert page.h1 == "Je doet mee!"
    without = [
        page.text.replace("sule@", "@").replace("vreemd@", "@").replace(number, "")
        for page, number in ((known, "LK-26-0002"), (fresh, "LK-26-0003"))
    ]
    assert without[0] == without[1]


def test_who_is_signed_in_finds_their_details_filled_in_and_is_told_the_truth(
    sign_in: Callable[[Person], PortalClient], edition: EditionAndMeetings
):
    person = factories.person(name="Dewi Hardjo", email="dewi@zorg.example", employer="Wijkteam")
    factories.add(RegisterNumber(person_id=person.id, register_code="SKJ", number="110"))
    client = sign_in(person)
    page = go_to_details(client, edition)
    values = page.form("Verder naar controleren").values
    assert (values["name"], values["email"], values["employer"], values["register_SKJ"]) == (
        ["Dewi Hardjo"],
        ["dewi@zorg.example"],
        ["Wijkteam"],
        ["110"],
    )
    check = page.submit("Verder naar controleren", contract_party="participant")
    done = check.submit("Meld mij aan", terms=True)
    assert "Je was al ingeschreven" not in done.text
    own = done.follow("Bekijk je inschrijving")
    assert own.h1 == "SamenKracht"
    again = go_to_details(client, edition).submit("Verder naar controleren", contract_party="participant")
    assert "Je was al ingeschreven. Er is niets veranderd." in again.submit("Meld mij aan", terms=True).text


def test_a_step_without_the_one_before_leads_back(client: PortalClient, edition: EditionAndMeetings):
    for step in ("gegevens", "controleren", "klaar"):
        assert client.visit(f"{start(edition)}/{step}").address == start(edition)
    assert client.send(f"{start(edition)}/controleren", terms="y").status_code == 303


def test_what_is_not_open_to_all_is_not_found(client: PortalClient, app: Flask):
    ours = factories.organisation()
    closed = [
        factories.edition_with_meetings(state=EditionState.DRAFT),
        factories.edition_with_meetings(state=EditionState.CANCELLED),
        factories.edition_with_meetings(kind=EditionKind.IN_COMPANY, organisation_id=ours.id),
    ]
    for edition in closed:
        for path in ("", "/gegevens", "/controleren", "/klaar"):
            assert client.get(start(edition) + path, follow_redirects=True).status_code == 404
        assert client.get(f"/uitvoeringen/{edition.edition.id}/wachtlijst").status_code == 404
        assert client.get(f"/uitvoeringen/{edition.edition.id}/agenda.ics").status_code == 404
    assert client.get("/uitvoeringen/987654/inschrijven").status_code == 404


def test_what_has_begun_is_not_sold(client: PortalClient, edition: EditionAndMeetings):
    with time_machine.travel(edition.meetings[0].ends_at, tick=False):
        page = client.visit(start(edition))
        assert page.form("Verder naar je gegevens").choices("choice") == ["single"]
        assert page.form("Verder naar je gegevens").choices("modules") == [
            str(m.module_id) for m in edition.meetings[1:]
        ]
    with time_machine.travel(edition.meetings[3].ends_at + timedelta(days=1), tick=False):
        assert client.visit(start(edition)).h1 == "Aanmelden kan niet meer"


def test_a_course_that_asks_for_something_first_asks_who_you_are(
    client: PortalClient, sign_in: Callable[[Person], PortalClient]
):
    factories.course_with_modules(1, slug="ek-1", title="EK-1")
    ek2 = factories.course_with_modules(1, title="EK-2", requires={"completed": "ek-1", "conferences": 2})
    edition = factories.edition_with_meetings(ek2)
    assert client.visit(start(edition)).h1 == "Log eerst in"
    page = sign_in(factories.person()).visit(start(edition))
    assert page.h1 == "Je kunt nog niet meedoen aan EK-2"
    assert "Rond eerst EK-1 af" in page.text
    assert "Voor EK-2 heb je 2 conferenties nodig." in page.text


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        '=HYPERLINK("x")',
        "#let x = 1 *vet* _cursief_",
        "😀 \u202eRTL\u202c مريم",
        "X" * 200,
        "{7 * 7} ${7} %s 100 %",
        'A\r\nBcc: b@x.example "CN=x":;,',
    ],
)
def test_any_name_is_plain_text_in_page_mail_and_calendar(client: PortalClient, edition: EditionAndMeetings, name: str):
    page = go_to_check(client, edition, name=name)
    shown = " ".join(name.split())
    assert page.facts()["Naam op certificaat"] == shown
    page.submit("Meld mij aan", terms=True)
    assert db.session.scalars(select(Enrolment.participant_name)).one() == shown
    mail = db.session.scalars(select(OutgoingMail)).one()
    assert mail.to_name == shown
    assert "<script>" not in mail.html_body
    assert b"\r\nBcc" not in (mail.calendar or b"")


@pytest.mark.parametrize(
    "email", ["a@x.example, b@x.example", "a@x.example\r\nBcc: b@x.example", "=cmd@", "a b@x.example"]
)
def test_an_address_is_one_address(client: PortalClient, edition: EditionAndMeetings, email: str):
    page = go_to_details(client, edition).submit("Verder naar controleren", DETAILS | {"email": email})
    assert page.status == 422
    assert page.errors == [Link("Vul je e-mailadres in zoals naam@organisatie.nl", "#email")]


def test_a_name_of_201_signs_is_too_long(client: PortalClient, edition: EditionAndMeetings):
    page = go_to_details(client, edition).submit("Verder naar controleren", DETAILS | {"name": "x" * 201})
    assert page.errors == [Link("Vul je naam in met ten hoogste 200 tekens", "#name")]


def test_the_whole_flow_takes_at_most_sixty_queries(
    client: PortalClient, edition: EditionAndMeetings, count_queries: Callable[[], AbstractContextManager[Queries]]
):
    with count_queries() as queries:
        assert go_to_done(client, edition).h1 == "Je doet mee!"
    assert len(queries) <= 60, queries


def test_a_draft_is_kept_for_each_edition(client: PortalClient, edition: EditionAndMeetings):
    other = factories.edition_with_meetings()
    go_to_check(client, edition)
    go_to_details(client, other)
    assert client.visit(f"{start(edition)}/controleren").h1 == "Klopt alles?"
    assert client.visit(f"{start(other)}/gegevens").h1 == "Jouw gegevens"


def test_a_choice_that_is_gone_begins_again(client: PortalClient, edition: EditionAndMeetings):
    check = go_to_details(client, edition, choice="single", modules=[str(edition.meetings[3].module_id)]).submit(
        "Verder naar controleren", DETAILS
    )
    with transaction():
        db.session.delete(edition.meetings[3])
    assert client.visit(check.address).address == start(edition)
    assert clock.today()


def test_no_copy_is_kept_of_what_a_visitor_filled_in(client: PortalClient, edition: EditionAndMeetings):
    go_to_done(client, edition)
    for path in (f"{start(edition)}/klaar", start(edition), f"/uitvoeringen/{edition.edition.id}/wachtlijst"):
        assert client.get(path).headers["Cache-Control"] == "no-store"


def test_an_online_edition_says_so_and_hides_its_link(client: PortalClient, edition: EditionAndMeetings):
    edition.edition.place = ""
    for meeting in edition.meetings:
        meeting.venue, meeting.link = "", "https://meet.example/geheim"
    page = go_to_check(client, edition)
    assert page.facts()["Waar"] == "Online"
    done = page.submit("Meld mij aan", terms=True)
    ics = client.get(done.find("//a[contains(@href, '.ics')]/@href")[0])
    assert "geheim" not in done.html
    assert b"geheim" not in ics.data
    mail = db.session.scalars(select(OutgoingMail)).one()
    invited = (mail.calendar or b"").replace(b"\r\n ", b"")
    assert b"/meedoen/" in invited
    assert b"geheim" not in invited


def test_an_edition_without_meetings_is_not_sold(client: PortalClient, app: Flask):
    edition = factories.edition_with_meetings(factories.course_with_modules(0))
    assert client.get(start(edition)).status_code == 404
    assert client.get(f"/uitvoeringen/{edition.edition.id}/wachtlijst").status_code == 404
