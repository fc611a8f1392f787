"""A participant goes into an online meeting by a link of their own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from portal import audit, clock
from portal.audit import Actor
from portal.db import db
from portal.domain.accounts.models import Person
from portal.domain.accounts.rules import Role
from portal.domain.attendance.join_models import MeetingJoin
from portal.domain.attendance.joins import join_meeting
from portal.domain.attendance.queries import list_seat_rows
from portal.domain.calendar.join_links import Comer, join_token, read_join_token
from portal.domain.catalogue.models import Meeting
from portal.domain.catalogue.rules import EditionState
from portal.domain.enrolment.models import Seat
from portal.language import moment
from tests import factories
from tests.domain.attendance.test_two_at_once import at_once
from tests.plugins.portal import PortalClient

LINK = "https://vergaderen.example/j/812345678?pwd=geheim"
SignIn = Callable[[Person], PortalClient]


@dataclass
class Online:
    meeting: Meeting
    trainer: Person
    amira: Person

    @property
    def path(self) -> str:
        return f"/meedoen/{join_token(Comer(self.meeting.id, self.amira.id))}"

    @property
    def starts_at(self) -> datetime:
        return self.meeting.starts_at


@pytest.fixture
def online(app: Flask) -> Online:
    trainer = factories.person(Role.TRAINER, name="Noor Jansen")
    given = factories.edition_with_meetings(factories.course_with_modules(1, title="SamenKracht"), trainer=trainer)
    given.meetings[0].link, given.meetings[0].venue = LINK, ""
    amira = factories.person(name="Amira el Khatib")
    factories.enrolment(given, amira)
    db.session.commit()
    return Online(given.meetings[0], trainer, amira)


def joins() -> int:
    return db.session.scalar(select(func.count()).select_from(MeetingJoin)) or 0


def test_a_look_writes_nothing_and_the_button_leads_to_the_meeting(client: PortalClient, online: Online):
    with time_machine.travel(online.starts_at + timedelta(minutes=1), tick=False):
        page = client.visit(online.path)
        assert (page.h1, joins()) == ("SamenKracht", 0)
        assert "geheim" not in page.html
        response = client.send(online.path)
    assert (response.status_code, response.headers["Location"]) == (303, LINK)
    assert joins() == 1


def test_every_time_is_kept_and_the_log_has_the_first(client: PortalClient, online: Online):
    for minutes in (0, 20, 40):
        with time_machine.travel(online.starts_at + timedelta(minutes=minutes), tick=False):
            client.send(online.path)
    assert joins() == 3
    assert [entry.tag for entry in audit.trail_of("meeting", online.meeting.id).entries] == ["attendance.came_in"]


def test_two_presses_at_once_are_kept_both_and_noted_once(app: Flask, online: Online):
    comer, at = Comer(online.meeting.id, online.amira.id), online.starts_at

    def press() -> str:
        return join_meeting(comer=comer, actor=Actor.visitor(), now=at)

    assert at_once(app, press, press, press) == [LINK] * 3
    db.session.rollback()
    assert joins() == 3
    assert len(audit.trail_of("meeting", online.meeting.id).entries) == 1


def test_the_pages_are_nobody_elses(client: PortalClient, online: Online):
    headers = client.get(online.path).headers
    assert (headers["Cache-Control"], headers["X-Robots-Tag"]) == ("no-store", "noindex")
    assert headers["Content-Security-Policy"].endswith("form-action 'self' https: http:")
    assert "https:" not in client.get("/").headers["Content-Security-Policy"]


def test_before_it_says_from_when_and_after_that_it_is_over(client: PortalClient, online: Online):
    half_past = online.starts_at - timedelta(minutes=30)
    for at, sentence in (
        (half_past - timedelta(seconds=1), f"Je kunt naar binnen vanaf {moment(half_past)}."),
        (online.meeting.ends_at, "Deze bijeenkomst is voorbij."),
    ):
        with time_machine.travel(at, tick=False):
            page = client.visit(online.path)
            assert sentence in page.text
            assert page.find("//main//button") == []
            assert client.send(online.path).status_code == 409
    assert joins() == 0


def test_who_gave_up_their_seat_does_not_come_in_and_hears_why(client: PortalClient, online: Online):
    seat = db.session.scalars(select(Seat)).one()
    seat.released_at = clock.now()
    with time_machine.travel(online.starts_at, tick=False):
        assert "Je hebt geen plek meer in deze bijeenkomst." in client.visit(online.path).text
        assert client.send(online.path).status_code == 409
        factories.add(Seat(enrolment_id=seat.enrolment_id, meeting_id=seat.meeting_id))
        assert client.send(online.path).status_code == 303


def test_a_training_that_is_cancelled_says_so(client: PortalClient, online: Online):
    edition = db.session.scalars(select(factories.Edition)).one()
    edition.state = EditionState.CANCELLED
    with time_machine.travel(online.starts_at, tick=False):
        assert "Deze training gaat niet door." in client.visit(online.path).text
        assert client.send(online.path).status_code == 409


def test_a_meeting_that_lost_its_link_says_whom_to_ask(client: PortalClient, online: Online):
    online.meeting.link = ""
    with time_machine.travel(online.starts_at, tick=False):
        assert "De bijeenkomst heeft nog geen link." in client.visit(online.path).text
        assert client.send(online.path).status_code == 409


def test_a_link_that_we_did_not_make_is_not_found(client: PortalClient, online: Online):
    token = join_token(Comer(online.meeting.id, online.amira.id))
    stranger = factories.person()
    other = "B" if token[-1] == "A" else "A"
    for wrong in (token[:-1] + other, token[1:], f"{token}A", "A" * 32, "ü" * 32):
        assert client.get(f"/meedoen/{wrong}").status_code == 404
        assert client.send(f"/meedoen/{wrong}").status_code == 404
    assert client.get(f"/meedoen/{join_token(Comer(online.meeting.id, stranger.id))}").status_code == 404
    assert joins() == 0


def test_a_token_says_who_and_where_and_nothing_else_makes_it(app: Flask):
    token = join_token(Comer(7, 2**31 - 1))
    assert (len(token), read_join_token(token)) == (32, Comer(7, 2**31 - 1))
    assert read_join_token(join_token(Comer(8, 2**31 - 1))[:8] + token[8:]) is None


def test_the_trainer_sees_when_somebody_came_in_and_it_is_no_mark(
    client: PortalClient, online: Online, sign_in: SignIn
):
    with time_machine.travel(online.starts_at + timedelta(minutes=1), tick=False):
        client.send(online.path)
    with time_machine.travel(online.starts_at + timedelta(minutes=2), tick=False):
        client.send(online.path)
        page = sign_in(online.trainer).visit(f"/bijeenkomsten/{online.meeting.id}/presentie")
    assert "Wijkteam Assendorp · kwam binnen via de link om 09.31" in page.text
    assert [row.mark.status for row in list_seat_rows(online.meeting.id)] == [None]


def test_ones_own_page_has_ones_own_link_and_the_trainer_keeps_the_direct_one(online: Online, sign_in: SignIn):
    own = sign_in(online.amira)
    enrolment_id = db.session.scalars(select(Seat.enrolment_id)).one()
    page = own.visit(f"/mijn/inschrijvingen/{enrolment_id}")
    assert page.find(f"//main//a[@href='{online.path}']")
    assert "geheim" not in page.html
    with time_machine.travel(online.starts_at, tick=False):
        assert LINK.replace("&", "&amp;") in sign_in(online.trainer).visit("/trainer").html


def test_in_english_it_is_english(client: PortalClient, online: Online):
    with time_machine.travel(online.starts_at, tick=False):
        page = client.visit(f"/en{online.path}")
    assert (page.language, [b.text_content().strip() for b in page.find("//main//button")]) == ("en", ["Take part"])
