"""A trainer's phone without a network: nothing that was tapped is lost, and the rules are the server's."""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from sqlalchemy import delete

from portal.db import db
from portal.domain.accounts.models import BrowserSession
from portal.domain.accounts.rules import Role
from portal.domain.attendance.queries import list_seat_rows
from tests import factories
from tests.journeys.test_attendance import Evening, cookie_of
from tests.plugins.browser import Axe
from tests.plugins.live import LiveServer

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "marks.json").read_text("utf-8"))
SAVED = "Alles is bewaard."
LEFT_ON_THE_PHONE = """async (name) => (await new Promise((resolve) => {
    const asked = indexedDB.open(name, 1);
    asked.onsuccess = () => {
        const all = asked.result.transaction("taps").objectStore("taps").getAll();
        all.onsuccess = () => (asked.result.close(), resolve(all.result));
    };
})).length"""
ASK_THE_SCRIPT = """async ({ marks, order }) => {
    const { tidy, problemOf, stands } = await import("/static/js/marks.js");
    return {
        marks: marks.map(({ mark, lasts }) => ({ tidy: tidy(mark), problem: problemOf(tidy(mark), lasts) })),
        order: order.map(({ at, changed_at }) => stands(at, changed_at)),
    };
}"""


class Phone:
    """The list of an evening on one phone."""

    def __init__(self, browser: Browser, evening: Evening, cookie: str = "") -> None:
        self.evening = evening
        self.context: BrowserContext = browser.new_context(
            viewport={"width": 390, "height": 844}, locale="nl-NL", reduced_motion="reduce"
        )
        self.page: Page = evening.open(self.context, cookie or evening.trainer, "/trainer")
        # The worker script is at work, and today's lists are on the phone.
        self.page.evaluate("navigator.serviceWorker.ready")
        while not self.page.evaluate("async (path) => (await caches.match(path)) !== undefined", evening.path):
            self.page.wait_for_timeout(50)
        self.page.goto(evening.server.url(evening.path))
        self.ready()

    def ready(self) -> None:
        """The script is at work: what is tapped from now on is kept at once."""
        expect(self.page.locator("html")).to_have_class("attendance-live", timeout=45_000)

    def is_noted(self, place: int) -> None:
        """What was tapped last on this person is on the phone, and maybe already sent."""
        expect(self.row(place)).to_have_attribute("data-state", re.compile("waiting|kept"), timeout=45_000)

    def let_in(self, cookie: str) -> None:
        """Signs whoever this cookie is of in on this phone."""
        self.context.add_cookies([{"name": "leerkring", "value": cookie, "url": self.evening.server.address}])

    def row(self, place: int) -> Locator:
        return self.page.locator(".attendance-list > li").nth(place)

    def tap(self, place: int, words: str) -> None:
        self.row(place).locator("label", has_text=words).first.click()
        # Until then it is not on the phone, and going to another page at once would lose it.
        expect(self.row(place)).not_to_have_attribute("data-state", "new", timeout=45_000)

    def says(self, words: str) -> None:
        if words == SAVED:
            # The bar said so before, too: first of all, what was tapped last has been answered.
            expect(self.page.locator("[data-state=new], [data-state=waiting]")).to_have_count(0, timeout=45_000)
        expect(self.page.locator("[data-sync]")).to_have_text(words, timeout=45_000)

    @property
    def chosen(self) -> list[str | None]:
        self.ready()
        values = "rows => rows.map(row => row.querySelector('[name$=-status]:checked')?.value ?? null)"
        return list(self.page.locator(".attendance-list > li").evaluate_all(values))


@pytest.fixture
def evening(live_server: LiveServer) -> Evening:
    return Evening(live_server)


def kept(evening: Evening) -> list[str | None]:
    """What the portal's database says, in the order of the list."""
    with evening.server.database():
        db.session.expire_all()
        return [row.mark.status for row in list_seat_rows(evening.meeting_id)]


def test_the_script_says_what_the_vectors_say(evening: Evening, new_context):
    page = evening.open(new_context(), evening.trainer, evening.path)
    said = page.evaluate(ASK_THE_SCRIPT, VECTORS)
    assert said["marks"] == [{"tidy": case["tidy"], "problem": case["problem"]} for case in VECTORS["marks"]]
    assert said["order"] == [case["stands"] for case in VECTORS["order"]]


def test_taps_without_a_network_wait_and_go_by_themselves(evening: Evening, browser: Browser, axe: Axe):
    phone = Phone(browser, evening)
    phone.tap(0, "Aanwezig")
    phone.says(SAVED)
    assert kept(evening)[0] == "present"
    phone.context.set_offline(True)
    phone.tap(1, "Afwezig")
    phone.tap(2, "Te laat")
    phone.row(2).get_by_label("Minuten te laat").fill("12")
    phone.says("Geen bereik. 2 wijzigingen staan veilig op deze telefoon.")
    assert phone.row(1).locator("[data-note]").inner_text() == "Wacht op bereik"
    axe(phone.page, widths=(390,))
    phone.page.reload()
    assert phone.chosen[:4] == ["present", "absent", "late", None]
    phone.says("Geen bereik. 2 wijzigingen staan veilig op deze telefoon.")
    phone.page.close()
    phone.page = phone.context.new_page()
    phone.page.goto(evening.server.url(evening.path))
    assert phone.chosen[:4] == ["present", "absent", "late", None]
    phone.context.set_offline(False)
    phone.says(SAVED)
    assert kept(evening)[:4] == ["present", "absent", "late", None]


def test_a_server_that_is_down_loses_nothing(evening: Evening, browser: Browser):
    phone = Phone(browser, evening)
    evening.server.stop()
    for place in range(3):
        phone.tap(place, "Aanwezig")
    phone.tap(1, "Afwezig")
    phone.page.goto(evening.server.url("/trainer"))
    phone.page.goto(evening.server.url(evening.path))
    assert phone.chosen[:4] == ["present", "absent", "present", None]
    evening.server.start()
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    phone.says(SAVED)
    assert kept(evening)[:4] == ["present", "absent", "present", None]


class BadGateway(BaseHTTPRequestHandler):
    """What stands in front of a server answers when that one is down."""

    def do_GET(self) -> None:
        self.send_error(502)

    do_POST = do_GET  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on the screen of the tests."""


def test_a_server_that_is_down_behind_another_loses_nothing(evening: Evening, browser: Browser):
    phone = Phone(browser, evening)
    phone.tap(0, "Aanwezig")
    phone.says(SAVED)
    evening.server.stop()
    with ThreadingHTTPServer(("127.0.0.1", urlsplit(evening.server.address).port or 0), BadGateway) as front:
        threading.Thread(target=front.serve_forever, daemon=True).start()
        phone.tap(1, "Afwezig")
        phone.page.reload()
        assert phone.chosen[:3] == ["present", "absent", None]
        phone.says("Geen bereik. 1 wijziging staat veilig op deze telefoon.")
        front.shutdown()
    evening.server.start()
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    phone.says(SAVED)
    assert kept(evening)[:3] == ["present", "absent", None]


def test_who_is_signed_out_meanwhile_goes_on_after_signing_in(evening: Evening, browser: Browser):
    phone = Phone(browser, evening)
    with evening.server.database():
        db.session.execute(delete(BrowserSession))
    phone.tap(0, "Aanwezig")
    phone.tap(1, "Afwezig")
    phone.says("Log opnieuw in. 2 wijzigingen staan veilig op deze telefoon.")
    assert kept(evening)[:2] == [None, None]
    with evening.server.database():
        phone.let_in(cookie_of(evening.trainer_id))
    phone.page.goto(evening.server.url("/trainer"))
    expect(phone.page.locator("[data-left]")).to_have_text("", timeout=45_000)
    assert kept(evening)[:3] == ["present", "absent", None]


def test_another_person_on_this_phone_sees_nothing_of_it(evening: Evening, browser: Browser):
    phone = Phone(browser, evening)
    phone.context.set_offline(True)
    phone.tap(0, "Afwezig")
    phone.says("Geen bereik. 1 wijziging staat veilig op deze telefoon.")
    with evening.server.database():
        db.session.execute(delete(BrowserSession))
        other = factories.person(Role.TRAINER, name="Samir Haddou")
        phone.let_in(cookie_of(other.id))
    phone.page.close()
    phone.context.set_offline(False)
    phone.page = phone.context.new_page()
    phone.page.goto(evening.server.url("/trainer"))
    phone.page.wait_for_function("async (path) => (await caches.match(path)) === undefined", arg=evening.path)
    assert phone.page.locator("[data-left]").inner_text() == ""
    phone.context.set_offline(True)
    phone.page.goto(evening.server.url(evening.path))
    assert "Şule" not in phone.page.content()
    assert kept(evening)[0] is None
    phone.context.set_offline(False)
    with evening.server.database():
        phone.let_in(cookie_of(evening.trainer_id))
    phone.page.goto(evening.server.url(evening.path))
    phone.says(SAVED)
    assert kept(evening)[0] == "absent"


def test_signing_out_asks_first_and_then_clears_the_phone(evening: Evening, browser: Browser):
    phone, asked = Phone(browser, evening), []
    phone.page.route("**/stand", lambda route: route.abort())
    phone.tap(0, "Afwezig")
    phone.says("Geen bereik. 1 wijziging staat veilig op deze telefoon.")

    def leave(answer: str) -> None:
        phone.page.once("dialog", lambda dialog: (asked.append(dialog.message), getattr(dialog, answer)()))
        phone.page.locator("details.site-menu > summary").click()
        phone.page.get_by_role("button", name="Uitloggen").locator("visible=true").click()
        while not asked:
            phone.page.wait_for_timeout(50)

    leave("dismiss")
    assert "nog niet verstuurd" in asked.pop()
    phone.page.reload()
    phone.says("Geen bereik. 1 wijziging staat veilig op deze telefoon.")
    leave("accept")
    phone.page.wait_for_url(evening.server.url("/"))
    assert phone.page.evaluate("indexedDB.databases().then(found => found.length)") == 0
    phone.page.wait_for_function("async () => !(await caches.keys()).some((name) => name.startsWith('pages'))")
    phone.page.wait_for_timeout(500)
    assert phone.page.evaluate("caches.keys().then(names => names.filter(name => name.startsWith('pages')))") == []


def test_finishing_clears_the_list_from_the_phone(evening: Evening, browser: Browser):
    phone = Phone(browser, evening)
    phone.page.get_by_role("button", name="Rest is er").click()
    phone.says(SAVED)
    phone.page.get_by_role("button", name="Afronden").click()
    phone.page.get_by_label("Typ je naam als handtekening").fill("Noor Jansen")
    phone.page.get_by_text("Deze lijst klopt").click()
    phone.page.get_by_role("button", name="Afronden en tekenen").click()
    phone.page.get_by_text("getekend door Noor Jansen").wait_for()
    code = phone.page.locator("meta[name=leerkring-person]").get_attribute("content")
    phone.page.wait_for_function(LEFT_ON_THE_PHONE + " === 0", arg=f"leerkring-{code}")
    phone.page.wait_for_function("async (path) => (await caches.match(path)) === undefined", arg=evening.path)
