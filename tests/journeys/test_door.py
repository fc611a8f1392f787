"""The code at the door in real browsers: on the trainer's screen, and on a participant's phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import segno
from playwright.sync_api import BrowserContext, Playwright, expect

from portal import clock
from portal.config import DEVELOPMENT_KEY
from portal.db import db
from portal.domain.attendance.arrivals import list_arrivals
from portal.domain.attendance.door import own_letters, turning_token
from portal.domain.attendance.queries import list_seat_rows
from tests import factories
from tests.journeys.mailed import mailed_link
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


def test_the_camera_reads_somebodys_own_code(
    evening: Evening, playwright: Playwright, browser_type_launch_args: dict[str, Any], tmp_path: Path
):
    with evening.server.database():
        row = list_seat_rows(evening.meeting_id)[3]
    letters = own_letters(DEVELOPMENT_KEY, row.seat_id)
    film_of(letters, tmp_path / "camera.y4m")
    arguments = [
        *browser_type_launch_args["args"],
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={tmp_path / 'camera.y4m'}",
    ]
    browser = playwright.chromium.launch(**browser_type_launch_args | {"args": arguments})
    try:
        page = evening.open(browser.new_context(locale="nl-NL"), evening.trainer, f"{evening.path}/aankomst")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.get_by_role("button", name="Scan met de camera").click()
        page.get_by_role("button", name="Zet op Aanwezig").click(timeout=30_000)
        assert page.get_by_text(f"{row.name} is er.").is_visible()
        assert any("qr-scanner.min.js" in address for address in asked)
    finally:
        browser.close()
    with evening.server.database():
        assert list_seat_rows(evening.meeting_id)[3].mark.status == "present"
        assert list_arrivals(evening.meeting_id)[row.seat_id].how == "taken_in"


def test_who_keeps_the_camera_closed_is_told_to_type(evening: Evening, new_context: NewContext, axe: Axe):
    context = new_context(permissions=[])
    page = evening.open(context, evening.trainer, f"{evening.path}/aankomst")
    axe(page)
    page.get_by_role("button", name="Scan met de camera").click()
    expect(page.locator("[data-told]")).to_contain_text("De camera doet het niet, of mag niet.", timeout=15_000)
    assert page.get_by_role("button", name="Scan met de camera").is_visible()
    with evening.server.database():
        row = list_seat_rows(evening.meeting_id)[0]
    page.get_by_label("Code van de deelnemer").fill(own_letters(DEVELOPMENT_KEY, row.seat_id))
    page.get_by_role("button", name="Zoek op").click()
    axe(page, widths=(390,))


def film_of(text: str, path: Path) -> None:
    """Two seconds of video (y4m, grey) in which a QR code of this text is held still, a little off the middle."""
    width, height, scale = 640, 480, 9
    rows = [list(row) for row in segno.make(text, error="m", micro=False).matrix_iter(scale=scale, border=4)]
    top, left = (height - len(rows)) // 3, (width - len(rows)) // 2
    light = bytearray([200]) * (width * height)
    for at, row in enumerate(rows):
        start = (top + at) * width + left
        light[start : start + len(row)] = bytes(20 if dark else 235 for dark in row)
    frame = b"FRAME\n" + bytes(light) + bytes([128]) * (width * height // 2)
    path.write_bytes(f"YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * 20)


def test_who_is_not_on_the_list_is_added_and_confirms_by_the_link_in_their_mail(
    evening: Evening, new_context: NewContext, axe: Axe
):
    trainer = evening.open(new_context(), evening.trainer, f"{evening.path}/erbij")
    axe(trainer)
    trainer.get_by_label("Naam").fill("Dewi Jansen")
    trainer.get_by_label("E-mailadres").fill("dewi@zorg.example")
    trainer.get_by_text("Ik heb gezegd wat het kost").click()
    trainer.get_by_role("button", name="Zet op de lijst").click()
    row = trainer.locator(".attendance-list > li", has_text="Dewi Jansen")
    expect(row.locator("[value=present]")).to_be_checked()
    mail = evening.server.mailbox.wait_for("dewi@zorg.example", "Je staat op de lijst")
    dewi = new_context().new_page()
    dewi.goto(mailed_link(mail, "/inloggen/link/"))
    dewi.locator("main button").click()
    axe(dewi, widths=(390,))
    dewi.get_by_role("link", name="Kijk of het klopt").click()
    axe(dewi)
    dewi.get_by_role("button", name="Ja, dit klopt").click()
    assert dewi.get_by_text("Bevestigd. Je doet mee.").is_visible()
