"""The trainer takes somebody in by the six letters that they say or show."""

from datetime import timedelta

import pytest

from portal import audit
from portal.config import Limits
from portal.db import db
from portal.domain.accounts.rules import Role
from portal.domain.attendance.arrivals import Arrival
from portal.domain.attendance.door import How, own_letters, spaced
from portal.domain.attendance.rules import Mark, Status
from portal.language import moment
from portal.web.headers import NO_DEVICES
from tests import factories
from tests.door_scenes import HALF_PAST_NINE, NAME, Door
from tests.page import Page
from tests.plugins.portal import SECRET_KEY, PortalClient


class Room(Door):
    """The same meeting, with its trainer's browser."""

    def __init__(self, sign_in) -> None:
        super().__init__()
        trainer = factories.person(Role.TRAINER, name="Noor Jansen")
        factories.add(factories.MeetingTrainer(meeting_id=self.meeting_id, person_id=trainer.id))
        db.session.commit()
        self.client: PortalClient = sign_in(trainer)
        self.path = f"/bijeenkomsten/{self.meeting_id}/presentie"

    def ask(self, typed: str) -> Page:
        return self.client.visit(f"{self.path}/aankomst").submit("Zoek op", letters=typed)


@pytest.fixture
def room(app, sign_in) -> Room:
    return Room(sign_in)


def test_letters_lead_to_a_name_and_a_button_marks_them(room: Room):
    with room.on(5):
        page = room.client.visit(room.path).follow("Scan of typ een code")
        page = page.submit("Zoek op", letters=spaced(room.letters).lower())
        assert page.h1 == NAME
        assert room.arrivals == {}
        page = page.submit("Zet op Aanwezig")
        assert (page.h1, f"{NAME} is er." in page.text) == ("Scan of typ een code", True)
    assert room.arrivals == {room.seats[NAME]: Arrival(room.at(5), How.TAKEN_IN)}
    assert room.marks == [Mark(), Mark(Status.PRESENT)]


def test_before_the_start_somebody_is_noted_and_not_marked(room: Room):
    with room.on(-10):
        page = room.ask(room.letters).submit("Is er al")
        assert f"{NAME} heeft zich gemeld. Na het begin zet je dat op Aanwezig." in page.text
        page = room.ask(room.letters)
        assert [words for words, _ in page.errors] == [f"{NAME}: Meldde zich om 09.20 (eigen code, door de trainer)."]
    assert room.marks == [Mark(), Mark()]
    with room.on(5):
        room.ask(room.letters).submit("Zet op Aanwezig")
    assert room.marks == [Mark(), Mark(Status.PRESENT)]


def test_who_is_marked_already_is_named(room: Room):
    seat = room.seats[NAME]
    with room.on(5):
        room.client.visit(room.path).submit("Bewaar", {f"p{seat}-status": "late", f"p{seat}-minutes_late": "5"})
        page = room.ask(room.letters)
        said = f"{NAME} staat al op Te laat. Wijzigen kan op de lijst."
        assert (page.status, page.errors) == (422, [(said, "#letters")])
        page = room.client.visit(f"{room.path}/aankomst/{seat}")
        assert said in page.text
        assert "Zet op Aanwezig" not in page.html
        # From a page that stayed open: nothing is changed.
        room.client.send(f"{room.path}/aankomst/{seat}")
    assert room.marks == [Mark(), Mark(Status.LATE, 5)]


@pytest.mark.parametrize("typed", ["", " - ", "ABCDEF", "https://kwaad.example/" + "x" * 5000, "'; DROP TABLE", "😀"])
def test_letters_that_are_nobodys_are_refused_at_their_field(room: Room, typed: str):
    with room.on(5):
        page = room.ask(typed)
    assert page.status == 422
    assert page.title.startswith("Fout:")
    assert [where for _words, where in page.errors] == ["#letters"]
    assert room.arrivals == {}


def test_the_code_of_another_meeting_is_named(room: Room):
    other = factories.edition_with_meetings(first_on=HALF_PAST_NINE.date() + timedelta(days=1))
    enrolment = factories.enrolment(other, room.dewi)
    seat = db.session.query(factories.Seat).filter_by(enrolment_id=enrolment.id).order_by("id").first()
    assert seat
    with room.on(5):
        page = room.ask(own_letters(SECRET_KEY, seat.id))
    when = moment(other.meetings[0].starts_at)
    said = f"Deze code is voor een andere bijeenkomst: {when}. Vraag om de code van vandaag."
    assert [words for words, _ in page.errors] == [said]
    assert "Dewi" not in page.html


@pytest.mark.parametrize(("minutes", "said"), [(-31, "Melden kan vanaf"), (600, "")])
def test_the_field_is_there_from_half_an_hour_before(room: Room, minutes: int, said: str):
    with room.on(minutes):
        page = room.client.visit(f"{room.path}/aankomst")
        assert said in page.text
        assert bool(page.find("//input[@name='letters']")) == (not said)
        if said:
            # There is no field, so nothing is looked up either.
            assert room.client.send(f"{room.path}/aankomst", letters=room.letters).status_code == 200
            assert room.client.send(f"{room.path}/aankomst/{room.seats[NAME]}").status_code == 422
    assert room.arrivals == {}


def test_a_seat_of_another_meeting_is_not_there(room: Room):
    other = Door()
    with room.on(5):
        for ask in (room.client.get, room.client.send):
            assert ask(f"{room.path}/aankomst/{other.seats[NAME]}").status_code == 404
    assert other.arrivals == {}


@pytest.mark.parametrize("path", ["", "/1"])
def test_only_who_keeps_the_list_takes_people_in(room: Room, as_role, client, path: str):
    address = f"{room.path}/aankomst{path}"
    for ask in ("get", "send"):
        assert getattr(as_role(Role.TRAINER), ask)(address).status_code == 404
        assert getattr(as_role(Role.PARTICIPANT), ask)(address).status_code == 403
        assert getattr(client, ask)(address).status_code == 303


def test_seeing_the_name_is_noted(room: Room):
    with room.on(5):
        room.ask(room.letters)
    (entry,) = audit.list_entries(tag="privacy.viewed").entries
    assert (entry.facts["page"], entry.facts["meeting_id"]) == ("taking_in.confirm", room.meeting_id)


def test_the_camera_may_be_asked_for_on_this_page_alone(room: Room):
    with room.on(5):
        headers = room.client.get(f"{room.path}/aankomst").headers
        assert headers["Permissions-Policy"] == "camera=(self), geolocation=(), microphone=()"
        assert headers["Content-Security-Policy"].endswith("; worker-src 'self' blob:")
        headers = room.client.get(room.path).headers
    assert headers["Permissions-Policy"] == NO_DEVICES
    assert "blob" not in headers["Content-Security-Policy"]


def test_nothing_of_the_scanner_is_loaded_before_the_tap(room: Room):
    with room.on(5):
        page = room.client.visit(f"{room.path}/aankomst")
        assert not any("scan" in script.get("src") for script in room.client.visit(room.path).find("//script"))
    assert not any("vendor" in script.get("src") for script in page.find("//script"))
    (button,) = page.find("//button[@data-scan]")
    assert "hidden" in button.attrib


def test_whoever_tries_too_often_waits(make_app, room: Room):
    trainer = db.session.query(factories.MeetingTrainer).filter_by(meeting_id=room.meeting_id).one()
    browser = make_app(limits=Limits(letters="2 per minute")).test_client()
    browser.sign_in(db.session.get_one(factories.Person, trainer.person_id))
    with room.on(5):
        asked = [browser.send(f"{room.path}/aankomst", letters="ABCDEF").status_code for _ in range(3)]
    assert asked == [422, 422, 429]
