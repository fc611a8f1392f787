"""Signing a meeting's list, and changing it afterwards with a reason."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from portal import audit, clock
from portal.db import db
from portal.domain.accounts.models import Person
from portal.domain.accounts.rules import Role
from portal.domain.accreditation.queries import list_awards
from portal.domain.accreditation.rules import earned
from portal.domain.attendance.models import AttendanceSheet
from portal.domain.attendance.queries import list_seat_rows
from portal.domain.attendance.rules import Mark, Status
from portal.domain.catalogue.models import Meeting
from portal.language import clock_time, moment
from tests import factories
from tests.page import Page
from tests.plugins.portal import PortalClient


@dataclass
class Room:
    meeting_id: int
    client: PortalClient
    enrolments: list[int]

    @property
    def path(self) -> str:
        return f"/bijeenkomsten/{self.meeting_id}/presentie"

    @property
    def marks(self) -> list[Mark]:
        return [row.mark for row in list_seat_rows(self.meeting_id)]

    @property
    def points(self) -> list[dict[str, int]]:
        return [earned(list_awards([number])[number]) for number in self.enrolments]

    def finished(self) -> Page:
        """Everybody present, list signed."""
        self.client.visit(self.path).submit("Rest is er")
        return self.sign()

    def sign(self, **fields: object) -> Page:
        given = {"signed_name": "Noor Jansen", "agreed": True} | fields
        return self.client.visit(f"{self.path}/afronden").submit("Afronden en tekenen", given)


@pytest.fixture
def room(sign_in: Callable[[Person], PortalClient]) -> Room:
    trainer = factories.person(Role.TRAINER, name="Noor Jansen")
    course = factories.course_with_modules(1, title="SamenKracht")
    factories.accreditation(course.modules[0], "SKJ", 4)
    given = factories.edition_with_meetings(course, clock.today() - timedelta(days=1), trainer=trainer)
    enrolments = [factories.enrolment(given, factories.person(name=name)).id for name in ("Amira", "Bram")]
    db.session.commit()
    return Room(given.meetings[0].id, sign_in(trainer), enrolments)


def test_who_is_open_is_named_and_nothing_is_signed(room: Room):
    page = room.client.visit(f"{room.path}/afronden")
    assert [e.text_content() for e in page.find("//*[@class='notice notice--warning']//li")] == ["Amira", "Bram"]
    assert page.find("//input[@name='signed_name']") == []
    sent = room.client.send(f"{room.path}/afronden", signed_name="Noor Jansen", agreed="y")
    assert (sent.status_code, "Nog 2 mensen zijn niet ingevuld: Amira, Bram." in sent.text) == (422, True)
    assert db.session.get(AttendanceSheet, room.meeting_id) is None


@pytest.mark.parametrize("state", ["ahead", "not over", "open rows", "finished"])
def test_a_page_without_a_form_answers_a_blank_one_with_why(room: Room, state: str):
    meeting = db.session.get(Meeting, room.meeting_id)
    if state == "finished":
        room.finished()
    elif state != "open rows":
        hours = {"ahead": 1, "not over": -1}[state]
        meeting.starts_at = clock.now() + timedelta(hours=hours)
        meeting.ends_at = meeting.starts_at + timedelta(hours=3)
        db.session.commit()
    page = room.client.visit(f"{room.path}/afronden")
    assert page.find("//input[@name='signed_name']") == []
    sent = Page.of(room.client.send(f"{room.path}/afronden"))
    why = {
        "ahead": f"Deze bijeenkomst begint {moment(meeting.starts_at)}. Daarna kun je de presentie invullen.",
        "not over": f"Je kunt afronden vanaf {clock_time(meeting.ends_at)} uur, als de bijeenkomst voorbij is.",
        "open rows": "Nog 2 mensen zijn niet ingevuld: Amira, Bram.",
        "finished": "Deze lijst is al afgerond. Wijzigen kan per persoon, met een reden.",
    }[state]
    assert [said.text_content() for said in sent.find("//*[@data-error-summary]//li")] == [why]
    assert sent.errors == []


def test_the_list_and_its_end_say_from_when_on_it_can_be_finished(room: Room):
    meeting = db.session.get(Meeting, room.meeting_id)
    meeting.starts_at = clock.now() - timedelta(minutes=1)
    meeting.ends_at = meeting.starts_at + timedelta(hours=3)
    db.session.commit()
    time = clock_time(meeting.ends_at)
    page = room.client.visit(room.path).submit("Rest is er")
    assert f"Iedereen ingevuld · Afronden kan vanaf {time} uur" in page.html
    assert page.find("//button[@value='finish'][not(@hidden)]") == []
    said = room.client.visit(f"{room.path}/afronden").text
    assert f"Je kunt afronden vanaf {time} uur, als de bijeenkomst voorbij is." in said


def test_a_signed_list_is_locked_and_gives_points(room: Room):
    page = room.finished()
    assert "De lijst is afgerond." in page.text
    assert "getekend door Noor Jansen" in page.text
    assert page.find("//input[@type='radio']") == []
    assert room.points == [{"SKJ": 4}, {"SKJ": 4}]
    assert db.session.get(factories.Enrolment, room.enrolments[0]).state == "completed"


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"signed_name": ""}, [("Vul je naam in.", "#signed_name")]),
        ({"signed_name": "Bram"}, [("Vul je naam in zoals we die kennen: Noor Jansen.", "#signed_name")]),
        ({"agreed": False}, [("Vink aan dat de lijst klopt.", "#agreed")]),
    ],
)
def test_a_signature_is_a_name_and_a_tick(room: Room, fields: dict[str, object], errors: list[tuple[str, str]]):
    room.client.visit(room.path).submit("Rest is er")
    page = room.sign(**fields)
    assert (page.status, page.errors) == (422, errors)
    assert db.session.get(AttendanceSheet, room.meeting_id) is None


def test_a_finished_list_is_not_marked_and_not_signed_again(room: Room):
    open_list = room.client.visit(room.path)
    room.finished()
    late = open_list.submit("Bewaar", {name: "absent" for name in open_list.form("Bewaar").values if "status" in name})
    assert (late.status, "Deze lijst is al afgerond." in late.text) == (409, True)
    seat = list_seat_rows(room.meeting_id)[0].seat_id
    sent = room.client.send(room.path, **{f"p{seat}-was": "x", f"p{seat}-status": "absent", "button": "save"})
    assert (sent.status_code, "Deze lijst is al afgerond." in sent.text) == (409, True)
    again = room.client.send(f"{room.path}/afronden", signed_name="Noor Jansen", agreed="y")
    assert again.status_code == 409
    assert [mark.status for mark in room.marks] == [Status.PRESENT, Status.PRESENT]


def test_a_change_afterwards_needs_a_reason(room: Room):
    page = room.finished().follow("Wijzig met reden Amira")
    seat = list_seat_rows(room.meeting_id)[0].seat_id
    refused = page.submit("Bewaar de wijziging", {f"p{seat}-status": "absent"})
    assert (refused.status, refused.errors) == (422, [("Vul in waarom je dit wijzigt.", "#reason")])
    assert refused.form("Bewaar de wijziging").values[f"p{seat}-status"] == ["absent"]
    done = refused.submit("Bewaar de wijziging", reason="Zat in de andere groep")
    assert "Gewijzigd." in done.text
    assert [mark.status for mark in room.marks] == [Status.ABSENT, Status.PRESENT]
    assert room.points == [{"SKJ": 0}, {"SKJ": 4}]
    (entry,) = audit.list_entries(tag="attendance.amended").entries
    assert entry.facts["reason"] == "Zat in de andere groep"


def test_two_changes_of_one_person_do_not_overwrite_one_another(room: Room):
    page = room.finished().follow("Wijzig met reden Amira")
    seat = list_seat_rows(room.meeting_id)[0].seat_id
    wanted = {f"p{seat}-status": "late", f"p{seat}-minutes_late": "10", "reason": "Kwam later"}
    page.submit("Bewaar de wijziging", wanted)
    second = page.submit("Bewaar de wijziging", {f"p{seat}-status": "absent", "reason": "Was er niet"})
    assert second.status == 409
    assert "Noor Jansen zette Amira om" in second.text
    assert room.marks[0] == Mark(Status.LATE, 10)
    second.submit("Bewaar de wijziging")
    assert room.marks[0] == Mark(Status.ABSENT)


def test_only_a_row_of_this_finished_list_can_be_changed(room: Room):
    seat = list_seat_rows(room.meeting_id)[0].seat_id
    assert room.client.get(f"{room.path}/wijzigen/{seat}").status_code == 404
    room.finished()
    assert room.client.get(f"{room.path}/wijzigen/{seat}").status_code == 200
    assert room.client.get(f"{room.path}/wijzigen/987654").status_code == 404


def test_the_office_may_change_it_too(room: Room, as_role):
    room.finished()
    office = as_role(Role.OFFICE)
    page = office.visit(room.path).follow("Wijzig met reden Bram")
    seat = list_seat_rows(room.meeting_id)[1].seat_id
    page.submit("Bewaar de wijziging", {f"p{seat}-status": "excused", "reason": "Belde het bureau"})
    assert room.marks[1].status == Status.EXCUSED
