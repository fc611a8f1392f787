"""/bureau/uitvoeringen: an edition from draft to given or cancelled."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta

import icalendar
import pytest
from sqlalchemy import select

from portal import audit, clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.accounts.rules import Role
from portal.domain.catalogue.models import Edition, Meeting
from portal.domain.catalogue.rules import EditionKind, EditionState
from portal.domain.enrolment.commands import Participant, enrol
from portal.domain.enrolment.models import Enrolment, WaitingListEntry
from portal.domain.enrolment.rules import ContractParty, EnrolmentState
from portal.mail.models import OutgoingMail
from tests import factories
from tests.factories import EditionAndMeetings
from tests.page import Page
from tests.plugins.portal import PortalClient, Queries


def desk(office: PortalClient, edition: Edition) -> Page:
    return office.visit(f"/bureau/uitvoeringen/{edition.id}")


def draft(modules: int = 2, **values: object) -> EditionAndMeetings:
    of = factories.course_with_modules(modules=modules, title="SamenKracht")
    ordinary = {"state": EditionState.DRAFT, "published_at": None}
    return factories.edition_with_meetings(of, date(2027, 3, 18), **ordinary | values)


def enrol_sule(edition: Edition) -> None:
    with transaction():
        enrol(
            edition_id=edition.id,
            module_ids=None,
            participant=Participant("Şule Yılmaz", "sule@zorg.example"),
            contract_party=ContractParty.PARTICIPANT,
            terms_version_id=factories.terms().id,
            actor=Actor.visitor(),
            now=clock.now(),
        )


def mails_to(address: str) -> list[OutgoingMail]:
    """In order of writing."""
    wanted = select(OutgoingMail).where(OutgoingMail.to_address == address).order_by(OutgoingMail.id)
    return list(db.session.scalars(wanted))


def events(mail: OutgoingMail) -> list[tuple[str, int, str]]:
    """(method, SEQUENCE, begin in Amsterdam) of every event in a mail's invitation."""
    calendar = icalendar.Calendar.from_ical(mail.calendar or b"")
    return [
        (str(calendar["METHOD"]), int(event["SEQUENCE"]), clock.local(event["DTSTART"].dt).strftime("%d-%m %H:%M"))
        for event in calendar.walk("VEVENT")
    ]


def test_online_then_moved_then_cancelled_and_everybody_hears_of_it(office: PortalClient, client: PortalClient):
    edition, _meetings = draft()
    public = f"/uitvoeringen/{edition.id}"
    assert client.get(public).status_code == 404
    assert "De uitvoering staat online." in desk(office, edition).submit("Zet online").text
    assert client.visit(public).h1.startswith("SamenKracht")

    enrol_sule(edition)
    assert events(mails_to("sule@zorg.example")[-1]) == [
        ("REQUEST", 0, "18-03 09:30"),
        ("REQUEST", 0, "25-03 09:30"),
    ]
    move = desk(office, edition).follow("Verplaats Dagdeel 1")
    foreseen = move.submit("Bekijk wat er gebeurt", held_on="2027-03-19", venue="Station Zwolle")
    assert (
        "Er gaat 1 mail uit, met een nieuwe uitnodiging voor de agenda. De mails wachten 10 minuten." in foreseen.text
    )
    assert "1 deelnemer Şule Yılmaz" in foreseen.text
    assert len(mails_to("sule@zorg.example")) == 1
    moved = foreseen.submit("Verplaats")
    assert "De bijeenkomst is verplaatst. 1 deelnemer krijgt een nieuwe uitnodiging." in moved.text
    assert events(mails_to("sule@zorg.example")[-1]) == [("REQUEST", 1, "19-03 09:30")]
    assert db.session.get_one(Edition, edition.id).starts_on == date(2027, 3, 19)
    assert "vr 19 mrt" in client.visit(public).text

    warning = moved.follow("Annuleer")
    assert [
        label in warning.text
        for label in ("1inschrijving stopt", "2plekken komen vrij", "0mensen gaan van de wachtlijst", "1mail gaat")
    ] == [True] * 4
    cancelled = warning.submit("Annuleer deze uitvoering")
    assert "De uitvoering gaat niet door. 1 deelnemer krijgt bericht." in cancelled.text
    assert {method for method, _sequence, _at in events(mails_to("sule@zorg.example")[-1])} == {"CANCEL"}
    assert [m.taken for m in db.session.scalars(select(Meeting))] == [0, 0]
    assert db.session.scalars(select(Enrolment)).one().state == EnrolmentState.CANCELLED
    assert [row["Actie"] for row in cancelled.table("Bijeenkomsten van deze uitvoering")] == ["–", "–"]
    again = office.send(f"/bureau/uitvoeringen/{edition.id}/annuleren")
    assert (again.status_code, "Deze uitvoering was al geannuleerd." in again.text) == (409, True)


def test_what_a_draft_still_lacks_is_said_when_it_is_put_online(office: PortalClient):
    of = factories.course_with_modules(modules=2, separately_bookable=False)
    edition = factories.edition_with_meetings(of, state=EditionState.DRAFT, published_at=None).edition
    db.session.delete(db.session.scalars(select(Meeting).where(Meeting.module_id == of.modules[1].id)).one())
    answer = desk(office, edition).submit("Zet online")
    assert "Plan eerst een bijeenkomst voor: Dagdeel 2." in answer.text
    assert db.session.get_one(Edition, edition.id).state == EditionState.DRAFT


def test_a_copy_across_the_change_of_the_clock_keeps_half_past_nine(office: PortalClient):
    edition, _meetings = draft(modules=2)
    copied = desk(office, edition).follow("Kopieer").submit("Maak de kopie", first_on="2027-10-28")
    assert "De kopie staat klaar als concept." in copied.text
    copy = db.session.scalars(select(Edition).where(Edition.id != edition.id)).one()
    begins = db.session.scalars(
        select(Meeting.starts_at).where(Meeting.edition_id == copy.id).order_by(Meeting.starts_at)
    )
    assert [clock.local(at).isoformat() for at in begins] == ["2027-10-28T09:30:00+02:00", "2027-11-04T09:30:00+01:00"]
    assert copy.state == EditionState.DRAFT


def test_a_copy_needs_a_date(office: PortalClient):
    edition, _meetings = draft()
    answer = desk(office, edition).follow("Kopieer").submit("Maak de kopie", first_on="")
    assert (answer.status, [(e.href, e.text) for e in answer.errors]) == (422, [("#first_on", "Vul een datum in")])


def test_a_drafts_meeting_can_become_anything(office: PortalClient):
    trainer = factories.person(role=Role.TRAINER, name="Noor van Dijk")
    edition, _meetings = draft(modules=1)
    page = desk(office, edition).follow("Wijzig Dagdeel 1")
    saved = page.submit(
        "Bewaar", held_on="2027-04-01", starts_at="13:00", ends_at="16:30", capacity="8", trainer_ids=str(trainer.id)
    )
    assert saved.table("Bijeenkomsten van deze uitvoering")[0] | {"Actie": ""} == {
        "Dagdeel": "1. Dagdeel 1",
        "Wanneer": "do 1 apr 202713.00 – 16.30 uur",
        "Waar": "Grote Markt 1, Zwolle",
        "Trainers": "Noor van Dijk",
        "Bezet": "0 van 8",
        "Actie": "",
    }


def test_a_meeting_leaves_a_draft_and_another_comes(office: PortalClient):
    edition, _meetings = draft(modules=2)
    without = desk(office, edition).submit("Haal weg Dagdeel 2")
    assert "De bijeenkomst is uit het concept gehaald." in without.text
    form = without.follow("Voeg een bijeenkomst toe")
    module = form.form("Bewaar").choices("module_id")[-1]
    refused = form.submit("Bewaar", module_id=module, held_on="2027-04-08", starts_at="13:00", ends_at="13:00")
    assert [(e.href, e.text) for e in refused.errors] == [
        ("#ends_at", "Vul een eindtijd in die na de begintijd ligt"),
        ("#capacity", "Vul in hoeveel plekken er zijn, minstens 1"),
    ]
    added = refused.submit("Bewaar", ends_at="16:00", capacity="9")
    assert [line["Dagdeel"] for line in added.table("Bijeenkomsten van deze uitvoering")] == [
        "1. Dagdeel 1",
        "2. Dagdeel 2",
    ]


def test_seats_never_become_fewer_than_are_taken(office: PortalClient):
    of = factories.edition_with_meetings(factories.course_with_modules(modules=1))
    factories.enrolment(of)
    factories.enrolment(of)
    page = desk(office, of.edition).follow("Plekken Dagdeel 1")
    refused = page.submit("Bewaar", capacity="1")
    assert (refused.status, [(e.href, e.text) for e in refused.errors]) == (
        422,
        [("#capacity", "Er zijn al 2 plekken bezet. Kies dat aantal of meer")],
    )
    assert "Het aantal plekken is bewaard." in refused.submit("Bewaar", capacity="2").text


def test_a_meeting_cannot_move_into_the_hour_that_does_not_exist(office: PortalClient):
    of = factories.edition_with_meetings(factories.course_with_modules(modules=1))
    answer = desk(office, of.edition).follow("Verplaats Dagdeel 1")
    refused = answer.submit("Bekijk wat er gebeurt", held_on="2027-03-28", starts_at="02:15", ends_at="13:00")
    assert (refused.status, [e.text for e in refused.errors]) == (
        422,
        ["Deze tijd bestaat niet: de klok gaat die nacht een uur vooruit"],
    )


def test_the_office_cancels_one_enrolment_and_says_why(office: PortalClient):
    of = factories.edition_with_meetings(factories.course_with_modules(modules=1))
    enrolment = factories.enrolment(of, factories.person(name="Ó Briain"))
    page = desk(office, of.edition).follow("Annuleer Ó Briain")
    refused = page.submit("Annuleer de inschrijving")
    assert [(e.href, e.text) for e in refused.errors] == [("#reason", "Vul in waarom")]
    done = refused.submit("Annuleer de inschrijving", reason="Ziek, belde vanochtend")
    assert "De inschrijving is geannuleerd. Kosten: € 0." in done.text
    assert db.session.get_one(Enrolment, enrolment.id).state == EnrolmentState.CANCELLED
    entries = [e for e in audit.trail_of("enrolment", enrolment.id).entries if e.tag == "enrolment.cancelled"]
    assert [entry.facts["reason"] for entry in entries] == ["Ziek, belde vanochtend"]
    assert "Ziek" not in "".join(mail.text_body for mail in db.session.scalars(select(OutgoingMail)))


def test_the_waiting_list_stands_in_order_of_arrival(office: PortalClient):
    of = factories.edition_with_meetings(factories.course_with_modules(modules=2))
    arrived = datetime(2026, 11, 2, 9, 0, tzinfo=clock.AMSTERDAM)
    for number, (name, modules) in enumerate([("Zoë Ali", None), ("Anna Bos", [of.meetings[1].module_id])]):
        entry = {"token_hash": f"{number}", "joined_at": arrived + timedelta(hours=number), "module_ids": modules}
        factories.add(WaitingListEntry(edition_id=of.edition.id, person_id=factories.person(name=name).id, **entry))
    assert desk(office, of.edition).table("De wachtlijst, wie het eerst kwam bovenaan") == [
        {"Plaats": "1", "Naam": "Zoë Ali", "Dagdelen": "alle", "Sinds": "maandag 2 november 2026, 09.00 uur"},
        {"Plaats": "2", "Naam": "Anna Bos", "Dagdelen": "2", "Sinds": "maandag 2 november 2026, 10.00 uur"},
    ]


def test_who_an_edition_is_for_is_fixed_once_it_is_online(office: PortalClient):
    edition = factories.edition_with_meetings().edition
    page = desk(office, edition).follow("Wijzig")
    refused = page.submit("Bewaar", kind=EditionKind.IN_COMPANY, new_organisation="Gemeente Purmerend")
    assert [e.text for e in refused.errors] == [
        "Deze uitvoering staat online: voor wie die is, kan niet meer veranderen."
    ]
    saved = refused.submit("Bewaar", kind=EditionKind.OPEN, new_organisation="", place="Utrecht", price_cents="")
    assert "De uitvoering is bewaard." in saved.text
    assert db.session.get_one(Edition, edition.id).place == "Utrecht"


def test_the_list_shows_one_state_and_the_past_only_when_asked(office: PortalClient):
    of = factories.course_with_modules(modules=1)
    for days, state, place in ((30, "published", "Zwolle"), (40, "draft", "Utrecht"), (-30, "published", "Gouda")):
        factories.edition_with_meetings(of, clock.today() + timedelta(days=days), state=state, place=place)

    def places(page: Page) -> list[str]:
        return [line["Waar"] for line in page.table()]

    page = office.visit("/bureau/uitvoeringen")
    assert places(page) == ["Zwolle", "Utrecht"]
    assert places(page.submit("Toon", stand="draft")) == ["Utrecht"]
    assert places(page.submit("Toon", voorbij=True)) == ["Gouda", "Zwolle", "Utrecht"]
    assert "Geen uitvoeringen gevonden." in page.submit("Toon", stand="cancelled").text


def test_looking_at_an_edition_is_noted(office: PortalClient):
    edition = factories.edition_with_meetings().edition
    desk(office, edition)
    seen = audit.trail_of("edition", edition.id).entries
    assert [(entry.tag, entry.facts["page"]) for entry in seen] == [("privacy.viewed", "office_editions.show")]


def test_an_edition_takes_as_many_queries_with_30_people_as_with_3(
    office: PortalClient, count_queries: Callable[[], AbstractContextManager[Queries]]
):
    of = factories.edition_with_meetings(capacity=40)

    def queries() -> int:
        with count_queries() as counted:
            office.get(f"/bureau/uitvoeringen/{of.edition.id}")
        return len(counted)

    for _number in range(3):
        factories.enrolment(of)
    few = queries()
    for number in range(27):
        factories.enrolment(of)
        entry = {"token_hash": f"{number}", "joined_at": clock.now()}
        factories.add(WaitingListEntry(edition_id=of.edition.id, person_id=factories.person().id, **entry))
    assert queries() == few


@pytest.mark.parametrize("path", ["", "/bewerken", "/kopieren", "/annuleren", "/bijeenkomsten/nieuw"])
def test_only_the_office_comes_here(client: PortalClient, as_role: Callable[[Role], PortalClient], path: str):
    address = f"/bureau/uitvoeringen/{factories.edition_with_meetings().edition.id}{path}"
    assert client.get(address).headers["Location"].endswith("/inloggen")
    assert [as_role(role).get(address).status_code for role in (Role.PARTICIPANT, Role.TRAINER, Role.AUDITOR)] == [
        403
    ] * 3
    assert as_role(Role.ADMIN).get(address).status_code == 200


def test_another_trainer_comes_on_the_day_itself(office: PortalClient):
    ill, well = (factories.person(role=Role.TRAINER, name=name) for name in ("Noor van Dijk", "Samir Haddou"))
    of = factories.edition_with_meetings(factories.course_with_modules(modules=1), clock.today(), trainer=ill)
    page = office.visit(f"/bureau/bijeenkomsten/{of.meetings[0].id}/trainers")
    assert page.form("Bewaar").values["trainer_ids"] == [str(ill.id)]
    saved = page.submit("Bewaar", trainer_ids=str(well.id))
    assert [row["Trainers"] for row in saved.table("Bijeenkomsten van deze uitvoering")] == ["Samir Haddou"]
    entries = audit.trail_of("meeting", of.meetings[0].id).entries
    (entry,) = [e for e in entries if e.tag.startswith("catalogue.")]
    assert (entry.tag, entry.facts["changed"]) == ("catalogue.meeting_edited", ["trainers"])
    nobody = office.send(f"/bureau/bijeenkomsten/{of.meetings[0].id}/trainers", trainer_ids="987654")
    assert (nobody.status_code, "Kies iets uit de lijst" in nobody.text) == (422, True)
