"""A trainer's phone in a real browser, with and without JavaScript, and the points that come of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import current_app
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import BrowserContext, Page

from portal import clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.accounts import commands as accounts
from portal.domain.accounts.rules import Role
from tests import factories
from tests.plugins.browser import Axe
from tests.plugins.live import LiveServer

PEOPLE = 11


class Evening:
    """A meeting that has just ended, with cookies for its trainer and for its first participant."""

    def __init__(self, server: LiveServer) -> None:
        self.server = server
        with server.database():
            trainer = factories.person(Role.TRAINER, name="Noor Jansen")
            course = factories.course_with_modules(1, title="SamenKracht")
            course.modules[0].preparation = "Lees hoofdstuk 2"
            factories.accreditation(course.modules[0], "SKJ", 4)
            given = factories.edition_with_meetings(course, trainer=trainer)
            meeting = given.meetings[0]
            meeting.starts_at = clock.now() - timedelta(hours=3, minutes=5)
            meeting.ends_at = meeting.starts_at + timedelta(hours=3)
            people = [factories.person() for _ in range(PEOPLE)]
            for person in people:
                factories.enrolment(given, person)
            db.session.commit()
            self.meeting_id, self.trainer_id = meeting.id, trainer.id
            self.path = f"/bijeenkomsten/{meeting.id}/presentie"
            self.trainer, self.participant = cookie_of(trainer.id), cookie_of(people[0].id)

    def open(self, context: BrowserContext, cookie: str, path: str) -> Page:
        context.add_cookies([{"name": "leerkring", "value": cookie, "url": self.server.address}])
        page = context.new_page()
        page.emulate_media(reduced_motion="reduce")
        page.goto(self.server.url(path))
        return page


def cookie_of(person_id: int) -> str:
    """What the browser of a signed-in person holds."""
    with transaction():
        token = accounts.start_session(person_id=person_id, actor=Actor.person(person_id), now=clock.now())
    serializer = SecureCookieSessionInterface().get_signing_serializer(current_app._get_current_object())
    assert serializer is not None
    return str(serializer.dumps({"_user_id": token, "_fresh": True}))


@pytest.fixture
def evening(live_server: LiveServer) -> Evening:
    return Evening(live_server)


@pytest.mark.parametrize("javascript", [True, False])
def test_eleven_people_take_two_taps_and_a_signature(
    evening: Evening, new_context: Callable[..., BrowserContext], javascript: bool
):
    page = evening.open(new_context(java_script_enabled=javascript), evening.trainer, "/trainer")
    page.locator(f"a[href='{evening.path}']").click()
    page.get_by_role("button", name="Rest is er").click()
    page.get_by_role("button", name="Afronden").click()
    page.wait_for_url("**/afronden")
    page.get_by_label("Typ je naam als handtekening").fill("noor jansen")
    page.get_by_text("Deze lijst klopt").click()
    page.get_by_role("button", name="Afronden en tekenen").click()
    assert page.get_by_text("getekend door noor jansen").is_visible()
    assert page.get_by_text("Aanwezig").count() == PEOPLE


def test_fields_appear_with_the_choice_that_asks_for_them(evening: Evening, new_context: Callable[..., Any]):
    page = evening.open(new_context(), evening.trainer, evening.path)
    row = page.locator(".attendance-list li").first
    late, early, reason = (row.get_by_label(name) for name in ("Minuten te laat", "Minuten eerder weg", "Reden"))
    for choice, shown in (("Te laat", (True, True, False)), ("Afgemeld", (False, False, True))):
        row.get_by_role("radio", name=choice).check(force=True)
        assert (late.is_visible(), early.is_visible(), reason.is_visible()) == shown
    row.get_by_role("radio", name="Aanwezig").check(force=True)
    assert (late.is_visible(), early.is_visible(), reason.is_visible()) == (False, False, False)


def test_enter_in_a_field_saves_and_never_marks_the_rest(evening: Evening, new_context: Callable[..., Any]):
    page = evening.open(new_context(), evening.trainer, evening.path)
    row = page.locator(".attendance-list li").first
    row.get_by_role("radio", name="Te laat").check(force=True)
    row.get_by_label("Minuten te laat").fill("10")
    row.get_by_label("Minuten te laat").press("Enter")
    assert page.get_by_text("1 van 11 klaar").is_visible()


def test_nobody_is_kept_out(evening: Evening, new_context: Callable[..., Any], axe: Axe):
    page = evening.open(new_context(), evening.trainer, "/trainer")
    axe(page)
    page.goto(evening.server.url(evening.path))
    page.locator("input[value=late]").first.check(force=True)
    assert page.get_by_text("Vul in hoeveel minuten te laat.").is_visible()
    axe(page)
    page.get_by_label("Minuten te laat").first.fill("10")
    page.get_by_role("button", name="Rest is er").click()
    axe(page, widths=(390,))
    page.get_by_role("button", name="Afronden").click()
    page.wait_for_url("**/afronden")
    axe(page)
    page.get_by_label("Typ je naam als handtekening").fill("Noor Jansen")
    page.get_by_text("Deze lijst klopt").click()
    page.get_by_role("button", name="Afronden en tekenen").click()
    axe(page)
    page.get_by_role("link", name="Wijzig met reden").first.click()
    axe(page)
    axe(evening.open(new_context(), evening.participant, "/mijn/punten"))


def test_the_list_of_a_group_is_one_sheet_of_paper(evening: Evening, new_context: Callable[..., Any]):
    page = evening.open(new_context(), evening.trainer, evening.path)
    assert page.pdf(format="A4").count(b"/Type /Page\n") == 1
