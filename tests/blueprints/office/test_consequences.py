"""The page between the form and the deed: whom it touches, and one button."""

from datetime import timedelta

from portal import clock
from portal.db import db
from portal.domain.accounts.rules import Role
from portal.domain.catalogue.models import Meeting
from portal.domain.catalogue.rules import EditionState
from portal.domain.enrolment.models import WaitingListEntry
from portal.mail import OutgoingMail
from tests import factories
from tests.factories import EditionAndMeetings
from tests.page import Page
from tests.plugins.portal import PortalClient


def planned() -> EditionAndMeetings:
    """One dagdeel, given by Noor, that Şule takes part in."""
    trainer = factories.person(name="Noor van Dijk", role=Role.TRAINER)
    of = factories.edition_with_meetings(factories.course_with_modules(1), trainer=trainer)
    factories.enrol(of, "sule@zorg.example")
    return of


def next_day(meeting: Meeting) -> str:
    return clock.local_date(meeting.starts_at + timedelta(days=1)).isoformat()


def look(office: PortalClient, of: EditionAndMeetings) -> Page:
    page = office.visit(f"/bureau/bijeenkomsten/{of.meetings[0].id}/verplaatsen")
    return page.submit("Bekijk wat er gebeurt", held_on=next_day(of.meetings[0]))


def starts_at(of: EditionAndMeetings) -> object:
    return db.session.get_one(Meeting, of.meetings[0].id, populate_existing=True).starts_at


def test_looking_does_nothing_yet_and_something_else_can_be_chosen(office: PortalClient):
    of = planned()
    was, mails = starts_at(of), db.session.query(OutgoingMail).count()
    page = look(office, of)
    assert (page.status, page.h1) == (200, "Dagdeel 1 verplaatsen: klopt dit?")
    assert page.headings[1:3] == ["Wie krijgt bericht", "Wat er verandert"]
    assert "1 deelnemer Şule Yılmaz 1 trainer Noor van Dijk" in page.text
    assert "Certificaten kunnen er zijn na" in page.text
    assert (starts_at(of), db.session.query(OutgoingMail).count()) == (was, mails)
    form = page.submit("Kies iets anders")
    assert (form.status, form.form("Bekijk wat er gebeurt").values["held_on"]) == (200, [next_day(of.meetings[0])])
    assert starts_at(of) == was


def test_it_is_said_who_hears_of_it_without_an_invitation(office: PortalClient):
    of = planned()
    waits = {"token_hash": "w", "joined_at": clock.now(), "people": 30}
    wim = factories.person(name="Wim")
    factories.add(WaitingListEntry(edition_id=of.edition.id, person_id=wim.id, **waits))
    page = look(office, of)
    assert "Er gaan 2 mails uit, elk met een nieuwe uitnodiging" in page.text
    assert "Krijgt een mail zonder uitnodiging 1 mens op de wachtlijst Wim" in page.text
    form = office.visit(f"/bureau/bijeenkomsten/{of.meetings[0].id}/verplaatsen")
    linked = form.submit("Bekijk wat er gebeurt", link="https://elders.example/zaal")
    assert "Krijgt geen mail: alleen de link verandert 1 mens op de wachtlijst Wim" in linked.text


def test_what_stops_counting_and_who_cannot_come_is_named(office: PortalClient):
    of = planned()
    module = factories.db.session.get_one(factories.Module, of.meetings[0].module_id)
    last = clock.local_date(of.meetings[0].starts_at)
    factories.accreditation(module, "SKJ", 4, number="SKJ-77", valid_until=last)
    elsewhere = factories.edition_with_meetings(
        factories.course_with_modules(1, title="Netwerk"), last + timedelta(days=1)
    )
    noor = db.session.query(factories.Person).filter_by(name="Noor van Dijk").one()
    factories.add(factories.MeetingTrainer(meeting_id=elsewhere.meetings[0].id, person_id=noor.id))
    text = look(office, of).text
    assert (
        "Op de nieuwe datum tellen deze punten nietSKJ: accreditatie SKJ-77 voor dagdeel 1, 4 punten. Loopt tot en met"
        in text
    )
    assert "Aan de punten verandert niets" not in text
    assert "1 mens kan dan nietNoor van Dijk geeft dan Netwerk" in text


def test_the_facts_changed_meanwhile(office: PortalClient):
    of = planned()
    page, cancelling = look(office, of), office.visit(f"/bureau/uitvoeringen/{of.edition.id}/annuleren")
    factories.enrol(of, "wim@zorg.example")
    was = starts_at(of)
    for answer in (page.submit("Verplaats"), cancelling.submit("Annuleer deze uitvoering")):
        assert (answer.status, "Er is intussen iets veranderd." in answer.text) == (409, True)
        assert "2 deelnemers" in answer.text
        db.session.rollback()
        assert (starts_at(of), db.session.get_one(factories.Edition, of.edition.id).state) == (
            was,
            EditionState.PUBLISHED,
        )
    again = page.submit("Verplaats").submit("Verplaats")
    assert "De bijeenkomst is verplaatst. 2 deelnemers krijgen een nieuwe uitnodiging." in again.text
    assert "3 mails wachten nog 10 min." in again.text


def test_cancelling_lists_everybody_and_the_money(office: PortalClient):
    of = planned()
    page = office.visit(f"/bureau/uitvoeringen/{of.edition.id}/annuleren")
    assert "2mails gaan eruit" in page.text
    assert "1 deelnemer Şule Yılmaz 1 trainer Noor van Dijk" in page.text
    assert "2 afspraken verdwijnen uit agenda’s." in page.text
    assert "Er vervalt € 250 aan afspraken. Wie al betaalde, krijgt dat terug." in page.text
    assert "Niemand krijgt punten voor deze uitvoering." in page.text


def test_what_cannot_be_done_is_said_in_the_form(office: PortalClient):
    of = planned()
    form = office.visit(f"/bureau/bijeenkomsten/{of.meetings[0].id}/verplaatsen")
    same = form.submit("Bekijk wat er gebeurt")
    assert (same.status, "Er verandert niets. Kies een andere tijd of plaats." in same.text) == (422, True)
    past = form.submit("Bekijk wat er gebeurt", held_on="2020-01-01")
    assert [(e.href, e.text) for e in past.errors] == [("#starts_at", "Kies een begintijd die nog komt")]


def test_only_the_office(sign_in):
    of = planned()
    trainer = sign_in(factories.person(role=Role.TRAINER))
    address = f"/bureau/bijeenkomsten/{of.meetings[0].id}/verplaatsen/doen"
    assert trainer.send(address).status_code == 403
    office = sign_in(factories.person(role=Role.OFFICE))
    assert (office.get(address).status_code, office.send("/bureau/bijeenkomsten/987/verplaatsen/doen").status_code) == (
        405,
        404,
    )
