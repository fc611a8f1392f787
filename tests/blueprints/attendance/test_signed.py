"""What is signed is shown before, and afterwards what became of it: the hash, the amendments, and a loud word when the
list is not what was signed."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from portal.db import db
from portal.domain.accounts.models import Person
from portal.domain.attendance.models import Attendance, AttendanceSheet
from portal.domain.attendance.queries import list_seat_rows
from portal.domain.attendance.signed_lists import check_signature
from portal.domain.attendance.signing import in_groups
from portal.domain.catalogue.models import Meeting
from portal.domain.enrolment.models import Enrolment
from tests.blueprints.attendance.test_finish import Room, room
from tests.page import Page
from tests.plugins.portal import PortalClient

__all__ = ["room"]
UNCHANGED = "De lijst is ongewijzigd sinds het tekenen."
DIFFERENT = "Deze lijst klopt niet met wat is getekend"


def amended(room: Room, name: str, status: str, reason: str, **more: str) -> Page:
    seat = next(row.seat_id for row in list_seat_rows(room.meeting_id) if row.name == name)
    fields = {f"p{seat}-{field}": value for field, value in {"status": status, **more}.items()}
    page = room.client.visit(room.path).follow(f"Wijzig met reden {name}")
    return page.submit("Bewaar de wijziging", fields, reason=reason)


def items(page: Page) -> list[str]:
    found = page.find("//section[@aria-labelledby='amendments']//li")
    return [" ".join(item.text_content().split()) for item in found]


def test_before_signing_it_says_what_is_signed(room: Room):
    seats = [row.seat_id for row in list_seat_rows(room.meeting_id)]
    statuses = {f"p{seats[0]}-status": "excused", f"p{seats[1]}-status": "late", f"p{seats[1]}-minutes_late": "10"}
    page = room.client.visit(room.path).submit("Afronden", statuses)
    facts = page.facts()
    assert (facts["Te laat"], facts["Afgemeld"]) == ("1", "1")
    assert "Aanwezig" not in facts
    assert [e.text_content() for e in page.find("//h2[text()='Wie er niet was']/following-sibling::ul[1]/li")] == [
        "Amira, afgemeld"
    ]


def test_where_everybody_came_nobody_is_named(room: Room):
    page = room.client.visit(room.path).submit("Rest is er").submit("Afronden")
    assert page.facts()["Aanwezig"] == "2"
    assert "Wie er niet was" not in page.headings


def test_a_signed_list_shows_its_hash_and_that_it_is_unchanged(room: Room):
    page = room.finished()
    assert UNCHANGED in page.text
    (shown,) = page.find("//code")
    assert shown.text_content() == in_groups(check_signature(room.meeting_id).kept_hash or "")
    assert items(page) == []


def test_amendments_stay_under_the_list_in_words_the_newest_first(room: Room):
    room.finished()
    amended(room, "Amira", "absent", "Zat in de andere groep")
    page = amended(room, "Amira", "late", "Toch gezien", minutes_late="10")
    assert "Wat is getekend, is bewaard. Daarna is de lijst 2 keer gewijzigd, zie hieronder." in page.text
    newest, oldest = items(page)
    assert newest.endswith("Eerst: Afwezig Nu: Te laat (10 minuten) Reden: Toch gezien")
    assert oldest.endswith("Eerst: Aanwezig Nu: Afwezig Reden: Zat in de andere groep")
    assert newest.startswith("Amira")
    assert "Noor Jansen" in newest


def test_another_excuse_is_said_to_be_that(room: Room):
    room.finished()
    amended(room, "Bram", "excused", "Belde", excuse="Ziek")
    page = amended(room, "Bram", "excused", "Verkeerd verstaan", excuse="Vrij")
    assert "Afgemeld bleef staan; de reden van de afmelding is gewijzigd." in items(page)[0]


def test_many_amendments_come_in_pages(room: Room):
    room.finished()
    for number in range(21):
        amended(room, "Amira", "absent" if number % 2 == 0 else "present", f"Keer {number}")
    page = room.client.visit(room.path)
    assert len(items(page)) == 20
    last = room.client.visit(f"{room.path}?pagina=2")
    assert [item.split("Reden: ")[1] for item in items(last)] == ["Keer 0"]
    assert items(room.client.visit(f"{room.path}?pagina=99")) == items(last)


def test_a_list_that_is_not_what_was_signed_says_so_loudly(room: Room):
    room.finished()
    seat_id = list_seat_rows(room.meeting_id)[0].seat_id
    db.session.execute(update(Attendance).where(Attendance.seat_id == seat_id).values(status="absent"))
    page = room.client.visit(room.path)
    assert UNCHANGED not in page.text
    (loud,) = page.find("//*[@class='notice notice--error']")
    assert DIFFERENT in loud.text_content()


def test_a_list_that_was_signed_before_hashes_were_kept_says_that(room: Room):
    room.finished()
    db.session.get(AttendanceSheet, room.meeting_id).sha256 = None
    page = room.client.visit(room.path)
    assert "Deze lijst is getekend voordat we een controlegetal bewaarden." in page.text
    assert page.find("//code") == []
    assert UNCHANGED not in page.text


def test_a_participant_reads_on_their_own_page_what_was_corrected_but_not_why(
    room: Room, sign_in: Callable[[Person], PortalClient]
):
    db.session.get(Meeting, room.meeting_id).starts_at -= timedelta(minutes=1)
    room.finished()
    amended(room, "Amira", "absent", "Zat in de andere groep")
    enrolment = db.session.get(Enrolment, room.enrolments[0])
    person = db.session.get(Person, enrolment.person_id)
    page = sign_in(person).visit(f"/mijn/inschrijvingen/{enrolment.id}")
    (said,) = page.find("//section[@aria-labelledby='corrections']//li")
    words = " ".join(said.text_content().split())
    assert "Eerst: Aanwezig Nu: Afwezig Gewijzigd op" in words
    assert "andere groep" not in page.html


@pytest.mark.parametrize("which", [0, 1])
def test_without_amendments_nothing_is_said_of_them(room: Room, sign_in, which: int):
    room.finished()
    enrolment = db.session.get(Enrolment, room.enrolments[which])
    page = sign_in(db.session.get(Person, enrolment.person_id)).visit(f"/mijn/inschrijvingen/{enrolment.id}")
    assert "Verbeterd in je presentie" not in page.headings
