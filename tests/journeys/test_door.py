"""The code at the door in real browsers: on the trainer's screen, and on a participant's phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, expect

from portal import clock
from portal.config import DEVELOPMENT_KEY
from portal.db import db
from portal.domain.attendance.door import turning_token
from tests import factories
from tests.journeys.test_attendance import PEOPLE, Evening
from tests.plugins.browser import Axe
from tests.plugins.live import LiveServer

NewContext = Callable[..., BrowserContext]


@pytest.fixture
def evening(live_server: LiveServer) -> Evening:
    """An evening that goes on for an hour."""
    evening = Evening(live_server)
    with live_server.database():
        meeting = db.session.get_one(factories.Meeting, evening.meeting_id)
        meeting.ends_at = clock.now() + timedelta(hours=1)
    return evening


def code_now(evening: Evening) -> str:
    return f"/i/{turning_token(DEVELOPMENT_KEY, evening.meeting_id, clock.now())}"


def test_somebody_scans_the_screen_and_the_trainer_sees_it(evening: Evening, new_context: NewContext, axe: Axe):
    screen = evening.open(new_context(), evening.trainer, f"{evening.path}/code")
    count = screen.locator("[data-count]")
    assert count.inner_text() == f"0 van {PEOPLE} zijn er"
    axe(screen)
    trainer = evening.open(new_context(), evening.trainer, evening.path)
    expect(trainer.locator("html")).to_have_class("attendance-live")
    phone = evening.open(new_context(java_script_enabled=False), evening.participant, code_now(evening))
    axe_without_script(phone.url, new_context(), evening, axe)
    phone.get_by_role("button", name="Ik ben er").click()
    assert phone.get_by_role("heading", name="Fijn dat je er bent").is_visible()
    expect(count).to_have_text(f"1 van {PEOPLE} zijn er", timeout=15_000)
    trainer.evaluate("dispatchEvent(new Event('online'))")
    row = trainer.locator(".attendance-list > li", has_text="Meldde zich om")
    expect(row.locator("[value=present]")).to_be_checked()


def axe_without_script(url: str, context: BrowserContext, evening: Evening, axe: Axe) -> None:
    """The same page in a browser that can be asked about it, signed in and not."""
    page = evening.open(context, evening.participant, url.removeprefix(evening.server.address))
    axe(page)
    context.clear_cookies()
    page.reload()
    axe(page)
