"""Two phones in a storm: taps, a network that comes and goes, pages loaded again, a server that is ended and started.

A run is twenty acts at random and then calm weather. After each run both screens and the database say the same, which
is what was tapped last; every phone's last word on everybody has arrived, once.

`--storms=200` for more runs than the few of every day; the seed is told when a run fails.
"""

from __future__ import annotations

import json
import random
import time
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.rules import Role
from portal.domain.attendance.models import AttendanceTap
from portal.domain.attendance.queries import list_seat_rows
from portal.domain.catalogue.models import MeetingTrainer
from tests import factories
from tests.journeys.test_attendance import Evening, cookie_of
from tests.journeys.test_offline import SAVED, Phone
from tests.plugins.live import LiveServer

ACTS = 20
PEOPLE = 11
CHOICES = {
    "Aanwezig": "present",
    "Te laat": "late",
    "Eerder weg": "left_early",
    "Afwezig": "absent",
    "Afgemeld": "excused",
}
MINUTES = {"Te laat": "Minuten te laat", "Eerder weg": "Minuten eerder weg"}
KINDS = {"tap": 62, "network": 18, "reload": 12, "rest": 4, "server": 4}


# What the browser itself saw: how often a choice or a number of minutes really changed, and who was open at the click
# on "Rest is er". Between looking and clicking, the other phone's choices may come in.
WITNESS = """
    let inputs = 0;
    addEventListener("input", () => (document.documentElement.dataset.witnessInputs = ++inputs), true);
    addEventListener("click", ({ target }) => {
        if (target.closest("[value=rest]") === null) return;
        const rows = [...document.querySelectorAll(".attendance-list > li")];
        const open = rows.flatMap((row, at) => (row.querySelector("[name$=-status]:checked") ? [] : [at]));
        document.documentElement.dataset.witnessOpen = JSON.stringify(open);
    }, true);
"""


class WatchedPhone(Phone):
    """A phone on which a witness looks along."""

    def __init__(self, browser: Browser, evening: Evening, cookie: str) -> None:
        super().__init__(browser, evening, cookie)
        self.context.add_init_script(WITNESS)
        self.page.reload()
        self.ready()

    @property
    def inputs(self) -> str | None:
        return self.page.locator("html").get_attribute("data-witness-inputs")

    @property
    def open_at_the_click(self) -> list[int]:
        return list(json.loads(self.page.locator("html").get_attribute("data-witness-open") or "[]"))


@dataclass
class Storm:
    """What was done in the runs so far: the last word on each person, and each phone's own."""

    evening: Evening
    phones: list[WatchedPhone]
    people: list[int]
    chance: random.Random
    last: dict[int, str | None] = field(default_factory=dict)
    own: dict[tuple[int, int], str] = field(default_factory=dict)
    taps: int = 0
    down: bool = False

    def act(self) -> None:
        kind = self.chance.choices(list(KINDS), list(KINDS.values()))[0]
        number = self.chance.randrange(len(self.phones))
        getattr(self, kind)(number, self.phones[number])

    def tap(self, number: int, phone: WatchedPhone) -> None:
        place, words = self.chance.randrange(PEOPLE), self.chance.choice(list(CHOICES))
        if phone.chosen[place] == CHOICES[words]:
            return
        before = phone.inputs
        phone.tap(place, words)
        if label := MINUTES.get(words):
            phone.row(place).get_by_label(label).fill(str(self.chance.randint(1, 40)))
        if phone.inputs == before:
            return  # What the other one chose came in just before: this was chosen already, so nobody chose it now.
        phone.is_noted(place)
        self.note(number, place, CHOICES[words])

    def note(self, number: int, place: int, status: str) -> None:
        self.taps += 1
        self.last[place] = self.own[number, place] = status
        time.sleep(0.003)

    def network(self, _number: int, phone: WatchedPhone) -> None:
        phone.context.set_offline(self.chance.random() < 0.5)

    def reload(self, _number: int, phone: WatchedPhone) -> None:
        phone.page.reload()
        phone.ready()

    def rest(self, number: int, phone: WatchedPhone) -> None:
        button = phone.page.get_by_role("button", name="Rest is er")
        if not button.is_visible():
            return
        button.click()
        for place in phone.open_at_the_click:
            phone.is_noted(place)
            self.note(number, place, "present")

    def server(self, _number: int, _phone: WatchedPhone) -> None:
        if self.down:
            self.evening.server.start()
        else:
            self.evening.server.stop()
        self.down = not self.down

    def calm(self) -> None:
        """The weather clears: everything is sent, and both see it."""
        if self.down:
            self.server(0, self.phones[0])
        for phone in self.phones:
            phone.context.set_offline(False)
        for _twice in range(2):
            for phone in self.phones:
                phone.page.evaluate("dispatchEvent(new Event('online'))")
                phone.says(SAVED)

    def check(self) -> None:
        wanted = [self.last.get(place) for place in range(PEOPLE)]
        with self.evening.server.database():
            rows = list_seat_rows(self.evening.meeting_id)
            seats = [row.seat_id for row in rows]
            taps = db.session.scalars(
                select(AttendanceTap)
                .where(AttendanceTap.meeting_id == self.evening.meeting_id)
                .order_by(AttendanceTap.tapped_at)
            ).all()
            statuses = [row.mark.status for row in rows]
            differing = {seats[place] for place in range(PEOPLE) if statuses[place] != wanted[place]}
            told = [(tap.seat_id, tap.person_id, tap.status, tap.tapped_at, tap.answer) for tap in taps]
            assert statuses == wanted, [one for one in told if one[0] in differing][-12:]
            arrived = {(self.people.index(tap.person_id), seats.index(tap.seat_id)): tap.status for tap in taps}
        for phone in self.phones:
            expect_chosen(phone, wanted)
        assert arrived == self.own
        assert len(taps) <= self.taps


def expect_chosen(phone: Phone, wanted: list[str | None]) -> None:
    """Soon, since a phone looks every fifteen seconds at what the other did."""
    deadline = time.monotonic() + 40
    while phone.chosen != wanted and time.monotonic() < deadline:
        phone.page.evaluate("dispatchEvent(new Event('online'))")
        phone.page.wait_for_timeout(200)
    assert phone.chosen == wanted


def begin(server: LiveServer, browser: Browser, chance: random.Random) -> Storm:
    """An evening with two trainers, each with a phone."""
    evening = Evening(server)
    with server.database():
        other = factories.person(Role.TRAINER, name="Samir Haddou")
        factories.add(MeetingTrainer(meeting_id=evening.meeting_id, person_id=other.id))
        first = db.session.scalars(
            select(MeetingTrainer.person_id).where(MeetingTrainer.meeting_id == evening.meeting_id)
        ).first()
        assert first is not None
        people, cookies = [first, other.id], [evening.trainer, cookie_of(other.id)]
    return Storm(evening, [WatchedPhone(browser, evening, cookie) for cookie in cookies], people, chance)


def test_nothing_is_lost_or_doubled_in_a_storm(live_server: LiveServer, browser: Browser, pytestconfig: pytest.Config):
    first, storm = pytestconfig.getoption("--first-storm"), None
    for number in range(first, first + pytestconfig.getoption("--storms")):
        if storm is None or number % 25 == 0:
            storm = begin(live_server, browser, random.Random(number))
        try:
            for _act in range(ACTS):
                storm.act()
            storm.calm()
            storm.check()
        except Exception as error:
            raise AssertionError(f"in run {number}, which began by --first-storm={number - number % 25}") from error
