"""The page where a participant says whether they come, after their calendar said no."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from portal import clock
from portal.db import db, transaction
from portal.documents.reply import Coming, Reply
from portal.domain.accounts.models import Person
from portal.domain.accounts.rules import Role
from portal.domain.calendar.models import CalendarInvitation, CalendarReply
from portal.domain.calendar.replies import note_reply
from portal.domain.enrolment.models import Enrolment
from tests import factories
from tests.plugins.portal import PortalClient

SignIn = Callable[[Person], PortalClient]


@pytest.fixture
def sule(app: Flask) -> Person:
    return factories.person(name="Şule Yılmaz", email="sule@zorg.example")


@pytest.fixture
def path(sule: Person) -> str:
    """Of her enrolment for two dagdelen, after her calendar said no to the second."""
    edition = factories.edition_with_meetings(factories.course_with_modules(2, title="SamenKracht"))
    made = factories.enrol(edition, sule.email, by=sule)
    declined(sule, edition.meetings[1].id)
    return f"/mijn/inschrijvingen/{made.enrolment_id}"


def declined(who: Person, meeting_id: int) -> None:
    mine = (CalendarInvitation.person_id == who.id, CalendarInvitation.meeting_id == meeting_id)
    uid = db.session.scalars(select(CalendarInvitation.uid).where(*mine)).one()
    with transaction():
        note_reply(reply=Reply(uid, Coming.DECLINED, who.email), key=f"mail-{uid}", sender=who.email, now=clock.now())


def answers() -> list[str | None]:
    return list(db.session.scalars(select(CalendarReply.answer).order_by(CalendarReply.id)))


def test_who_comes_says_so_and_is_asked_no_more(sign_in: SignIn, sule: Person, path: str) -> None:
    page = sign_in(sule).visit(path)
    assert "Kom je?" in page.text
    assert page.text.count("Dagdeel 2, ") == 1
    assert "Nee, bekijk wat je kunt doen" in page.text
    page = page.submit("Ja, ik kom")
    assert "Fijn dat je komt." in page.text
    assert "Kom je?" not in page.text
    assert answers() == ["coming"]


def test_looking_answers_nothing_and_a_second_press_is_told(sign_in: SignIn, sule: Person, path: str) -> None:
    client = sign_in(sule)
    assert client.get(f"{path}/ik-kom").status_code == 405
    assert answers() == [None]
    assert client.send(f"{path}/ik-kom").status_code == 303
    again = client.send(f"{path}/ik-kom")
    assert again.status_code == 409
    assert "Deze vraag is al beantwoord." in again.text


def test_whose_enrolment_it_is_not_finds_nothing(sign_in: SignIn, path: str) -> None:
    assert sign_in(factories.person()).send(f"{path}/ik-kom").status_code == 404
    assert answers() == [None]


def test_in_english(sign_in: SignIn, sule: Person, path: str) -> None:
    assert "Are you coming?" in sign_in(sule).visit(f"/en{path}").text


def test_cancelling_answers_it(sign_in: SignIn, sule: Person, path: str) -> None:
    page = sign_in(sule).visit(path).follow("Annuleer deze inschrijving").submit("Ja, annuleer mijn inschrijving")
    assert "Kom je?" not in page.text
    assert answers() == ["withdrawn"]
    assert db.session.scalars(select(Enrolment.state)).one() == "cancelled"


def test_the_office_sees_who_did_not_answer_and_ticks_it_off(
    as_role: Callable[[Role], PortalClient], sule: Person, path: str
) -> None:
    office = as_role(Role.OFFICE)
    assert "1 keer zei een agenda nee. Klopt dat?" in office.visit("/bureau").text
    page = office.visit("/bureau/agenda-antwoorden")
    assert "1 open vraag, de oudste eerst" in page.text
    assert "Şule Yılmaz" in page.text
    (reply_id,) = db.session.scalars(select(CalendarReply.id))
    page = page.submit(f"Afgehandeld: {sule.name}, dagdeel 2")
    assert "Niemand zei nee." in page.text
    assert answers() == ["handled"]
    assert office.send(f"/bureau/agenda-antwoorden/{reply_id}/afgehandeld").status_code == 409
    assert office.send("/bureau/agenda-antwoorden/987654321/afgehandeld").status_code == 404
    assert "zei een agenda nee" not in office.visit("/bureau").text


def test_the_list_takes_as_many_queries_for_three_as_for_one(
    as_role: Callable[[Role], PortalClient], sule: Person, path: str, count_queries: Callable[..., object]
) -> None:
    office, counts = as_role(Role.OFFICE), []
    for _time in range(2):
        with count_queries() as queries:  # type: ignore[attr-defined]
            office.get("/bureau/agenda-antwoorden")
        counts.append(len(queries))
        for _more in range(2):
            other, edition = factories.person(), factories.edition_with_meetings(factories.course_with_modules(1))
            factories.enrol(edition, other.email)
            declined(other, edition.meetings[0].id)
    assert counts[0] == counts[1]
