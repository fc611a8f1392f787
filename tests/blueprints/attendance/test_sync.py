"""What a phone and the portal say to one another while the list is open."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import time_machine

from portal import clock
from portal.db import db
from portal.domain.accounts.models import Person
from portal.domain.accounts.rules import Role
from portal.domain.attendance.queries import list_seat_rows
from portal.domain.attendance.rules import Status
from portal.domain.catalogue.models import Edition, Meeting
from tests import factories
from tests.plugins.portal import PortalClient, Queries

JSON = {"Accept": "application/json"}


class Phone:
    """A trainer's phone on the page of a meeting that began an hour ago."""

    def __init__(self, client: PortalClient, meeting_id: int) -> None:
        self.client, self.meeting_id = client, meeting_id
        self.address = f"/bijeenkomsten/{meeting_id}/presentie/stand"

    def ask(self) -> Any:
        return self.client.get(self.address, headers=JSON)

    def tap(self, seat_id: int, **changes: Any) -> dict[str, Any]:
        mark = {
            "status": "present",
            "minutes_late": 0,
            "minutes_left_early": 0,
            "excuse": "",
            "preparation_done": False,
        }
        at = int(clock.now().timestamp() * 1000) - 60_000
        return {"key": str(uuid.uuid4()), "seat": seat_id, "at": at, **mark, **changes}

    def send(self, *taps: dict[str, Any], **body: Any) -> Any:
        message = {"now": int(clock.now().timestamp() * 1000), "taps": taps, **body}
        token = self.ask().get_json()["csrf"]
        return self.client.post(self.address, json=message, headers={**JSON, "X-CSRFToken": token})


@pytest.fixture
def trainer(app) -> Person:
    return factories.person(Role.TRAINER, name="Noor Jansen")


@pytest.fixture
def phone(trainer: Person, sign_in: Callable[[Person], PortalClient]):
    given = factories.edition_with_meetings(factories.course_with_modules(1), trainer=trainer)
    for name in ("Amira", "Bram"):
        factories.enrolment(given, factories.person(name=name))
    meeting = given.meetings[0]
    with time_machine.travel(meeting.starts_at, tick=False) as at:
        client = sign_in(trainer)
        at.shift(3600)
        yield Phone(client, meeting.id)


def seats(phone: Phone) -> list[int]:
    return [row.seat_id for row in list_seat_rows(phone.meeting_id)]


def test_taps_are_answered_by_key_with_how_the_list_stands(phone: Phone):
    amira, bram = seats(phone)
    tap = phone.tap(amira, status="late", minutes_late=10)
    answer = phone.send(tap, phone.tap(bram, status="late")).get_json()
    assert answer["answers"][tap["key"]] == {"answer": "kept", "state": "kept", "sentence": ""}
    assert sorted((one["answer"], one["state"]) for one in answer["answers"].values()) == [
        ("incomplete", "refused"),
        ("kept", "kept"),
    ]
    assert (answer["state"], list(answer["rows"])) == ("open", [str(amira), str(bram)])
    row = answer["rows"][str(amira)]
    assert (row["status"], row["minutes_late"], row["at"], row["said"]) == ("late", 10, tap["at"], "")
    assert list_seat_rows(phone.meeting_id)[0].mark.status == Status.LATE


def test_what_somebody_else_chose_is_said(phone: Phone, sign_in):
    amira = seats(phone)[0]
    other = Phone(sign_in(factories.person(Role.OFFICE, name="Bea van het bureau")), phone.meeting_id)
    other.send(other.tap(amira, status="absent"))
    said = phone.ask().get_json()["rows"][str(amira)]["said"]
    assert said.startswith("Bea van het bureau zette dit om ")
    assert said.endswith(" op Afwezig.")
    assert other.ask().get_json()["rows"][str(amira)]["said"] == ""


def test_signed_out_is_said_to_the_script_and_not_a_page_to_read(phone: Phone, client: PortalClient):
    fresh = phone.client.application.test_client()
    for method in (fresh.get, fresh.post):
        answer = method(phone.address, headers=JSON)
        assert answer.status_code in (400, 401)
        assert "Location" not in answer.headers
    assert fresh.get(phone.address, headers=JSON).status_code == 401
    assert fresh.get(phone.address).status_code == 303


def test_without_a_token_nothing_is_kept(phone: Phone):
    amira = seats(phone)[0]
    message = {"now": 1, "taps": [phone.tap(amira)]}
    assert phone.client.post(phone.address, json=message, headers=JSON).status_code == 400
    assert list_seat_rows(phone.meeting_id)[0].mark.status is None


@pytest.mark.parametrize("role", [Role.TRAINER, Role.PARTICIPANT, Role.AUDITOR])
def test_nobody_elses_list_is_told(phone: Phone, sign_in, role: Role):
    stranger = sign_in(factories.person(role))
    assert stranger.get(phone.address, headers=JSON).status_code == (404 if role == Role.TRAINER else 403)


@pytest.mark.parametrize(
    "changes",
    [
        {"key": "1"},
        {"key": None},
        {"key": "A" * 36},
        {"seat": "1"},
        {"seat": True},
        {"seat": -1},
        {"seat": 2**31},
        {"at": "nu"},
        {"at": 1.5},
        {"at": 10**30},
        {"status": "afwezig"},
        {"status": ["late"]},
        {"minutes_late": -1},
        {"minutes_late": "10"},
        {"minutes_left_early": 10**9},
        {"excuse": None},
        {"excuse": "a" * 1001},
        {"excuse": "a\x00b"},
    ],
)
def test_what_no_phone_sends_is_refused_whole(phone: Phone, changes: dict[str, Any]):
    amira, bram = seats(phone)
    answer = phone.send(phone.tap(bram), phone.tap(amira, **changes))
    assert answer.status_code == 422
    assert [row.mark.status for row in list_seat_rows(phone.meeting_id)] == [None, None]


@pytest.mark.parametrize("body", [[], None, {}, {"now": 1}, {"now": 1, "taps": 1}, {"now": 1, "taps": [1]}, "x"])
def test_a_message_that_is_none_is_refused(phone: Phone, body: object):
    token = phone.ask().get_json()["csrf"]
    answer = phone.client.post(
        phone.address, data=json.dumps(body), headers={**JSON, "X-CSRFToken": token, "Content-Type": "application/json"}
    )
    assert answer.status_code == 422


def test_five_thousand_taps_are_refused_with_nothing_kept(phone: Phone):
    amira = seats(phone)[0]
    assert phone.send(*(phone.tap(amira) for _ in range(5000))).status_code in (413, 422)
    assert list_seat_rows(phone.meeting_id)[0].mark.status is None


def test_twenty_people_cost_as_many_queries_as_two(phone: Phone, count_queries):
    amira, bram = seats(phone)
    token = phone.ask().get_json()["csrf"]

    def cost(*taps: dict[str, Any]) -> int:
        message = {"now": int(clock.now().timestamp() * 1000), "taps": taps}
        with count_queries() as counted:
            phone.client.post(phone.address, json=message, headers={**JSON, "X-CSRFToken": token})
        return len(counted)

    few = cost(phone.tap(amira))
    many = cost(*(phone.tap(bram, at=int(clock.now().timestamp() * 1000) - number) for number in range(20)))
    assert many <= few + 20


def test_the_worker_script_is_at_the_root_and_asked_for_each_time(client: PortalClient):
    answer = client.get("/sw.js")
    assert (answer.status_code, answer.mimetype) == (200, "text/javascript")
    assert answer.headers["Cache-Control"] == "no-cache"
    script = client.get("/static/js/marks.js")
    assert "max-age=0" in script.headers["Cache-Control"] or "no-cache" in script.headers["Cache-Control"]


@pytest.mark.parametrize(("role", "keeps"), [(Role.TRAINER, True), (Role.OFFICE, True), (Role.PARTICIPANT, False)])
def test_only_who_keeps_lists_gets_the_script(sign_in, role: Role, keeps: bool):
    assert ("js/attendance.js" in sign_in(factories.person(role)).get("/account").text) == keeps


def test_pages_say_whose_they_are(sign_in, client: PortalClient, trainer: Person):
    codes = [sign_in(who).get("/account").headers["Leerkring-Person"] for who in (trainer, factories.person())]
    assert len(set(codes)) == 2
    assert "Leerkring-Person" not in sign_in(trainer).application.test_client().get("/").headers


def test_eleven_taps_cost_as_many_queries_as_two(
    phone: Phone, count_queries: Callable[[], AbstractContextManager[Queries]]
):
    meeting = db.session.get_one(Meeting, phone.meeting_id)
    edition = db.session.get_one(Edition, meeting.edition_id)
    given = factories.EditionAndMeetings(edition, [meeting])
    phone.send(*(phone.tap(seat) for seat in seats(phone)))
    with count_queries() as few:
        phone.send(*(phone.tap(seat, status="absent") for seat in seats(phone)))
    for number in range(9):
        factories.enrolment(given, factories.person(name=f"Deelnemer {number}"))
    phone.send(*(phone.tap(seat) for seat in seats(phone)))
    with count_queries() as many:
        answer = phone.send(*(phone.tap(seat, status="absent") for seat in seats(phone))).get_json()
    assert [one["answer"] for one in answer["answers"].values()] == ["kept"] * 11
    assert len(many) == len(few)
