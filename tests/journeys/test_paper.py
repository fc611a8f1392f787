"""A list that was signed on paper, in a real browser: its photo, comparing, and a group that is counted only."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from portal import clock
from portal.db import db
from portal.domain.accounts.rules import Role
from portal.domain.catalogue.rules import EditionKind
from tests import factories
from tests.journeys.test_attendance import Evening, cookie_of
from tests.plugins.browser import Axe
from tests.plugins.live import LiveServer

PEOPLE = 11


@pytest.fixture
def evening(live_server: LiveServer) -> Evening:
    return Evening(live_server)


def add_photo(page: Page) -> None:
    written = io.BytesIO()
    Image.new("RGB", (1200, 1600), (240, 238, 230)).save(written, "JPEG")
    page.locator("input[type=file]").set_input_files(
        {"name": "IMG_0412.jpg", "mimeType": "image/jpeg", "buffer": written.getvalue()}
    )
    page.get_by_role("button", name="Voeg de foto toe").click()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_photo_is_compared_person_by_person(evening: Evening, new_context: Callable[..., Any], javascript: bool):
    page = evening.open(new_context(java_script_enabled=javascript), evening.trainer, evening.path)
    page.locator("summary").filter(has_text="Papieren lijst").click()
    page.get_by_role("link", name="Foto van de papieren lijst").click()
    add_photo(page)
    expect(page.locator(".paper-photos img")).to_have_js_property("naturalWidth", 1200)
    rows = page.locator(".paper-list fieldset")
    expect(rows).to_have_count(PEOPLE)
    for number in range(PEOPLE):
        choice = "Staat anders op papier" if number == 0 else "Klopt met papier"
        rows.nth(number).get_by_role("radio", name=choice).check(force=True)
    rows.nth(0).get_by_label("Toelichting").fill("tekende niet")
    page.locator(".paper-list").get_by_role("button", name="Bewaar").click()
    expect(page.get_by_text("10 van 11 kloppen met het papier.")).to_be_visible()
    expect(page.get_by_text("staat anders op papier (tekende niet)")).to_be_visible()


def test_nobody_is_kept_out(evening: Evening, new_context: Callable[..., Any], axe: Axe):
    page = evening.open(new_context(), evening.trainer, f"{evening.path}/papier")
    axe(page)
    page.get_by_role("button", name="Voeg de foto toe").click()
    expect(page.get_by_text("Kies een foto van de getekende lijst.").first).to_be_visible()
    axe(page)
    add_photo(page)
    axe(page)
    page.get_by_label("Toelichting").first.fill("iets")
    page.locator(".paper-list").get_by_role("button", name="Bewaar").click()
    axe(page)
    page.get_by_role("link", name="Trek in").click()
    axe(page)


def test_a_group_without_names_is_a_number_and_a_signature(
    live_server: LiveServer, evening: Evening, new_context: Callable[..., Any], axe: Axe
):
    with live_server.database():
        trainer = factories.person(Role.TRAINER, name="Samir Haddou")
        client = factories.organisation()
        given = factories.edition_with_meetings(
            factories.course_with_modules(1),
            clock.today() - timedelta(days=1),
            trainer=trainer,
            kind=EditionKind.IN_COMPANY,
            organisation_id=client.id,
            counted_only=True,
        )
        db.session.commit()
        cookie, path = cookie_of(trainer.id), f"/bijeenkomsten/{given.meetings[0].id}/presentie"
    page = evening.open(new_context(java_script_enabled=False), cookie, "/trainer")
    page.locator(f"a[href='{path}']").click()
    page.get_by_label("Hoeveel mensen waren er?").fill("14")
    page.get_by_label("Typ je naam als handtekening").fill("samir haddou")
    page.get_by_text("Dit aantal klopt").click()
    page.get_by_role("button", name="Afronden en tekenen").click()
    expect(page.get_by_text("14 mensen")).to_be_visible()
    seen = evening.open(new_context(), cookie, path)
    axe(seen)
    seen.get_by_role("link", name="Wijzig met reden").click()
    axe(seen)
