"""Signing in as people do it, in a real browser, by a mail that really arrived."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from portal.db import db
from portal.domain.accounts.passwords import hash_password
from portal.domain.accounts.rules import Role
from tests import factories
from tests.plugins.live import LiveServer


def test_a_link_a_password_and_signing_out(live_server: LiveServer, page: Page, axe: Any) -> None:
    with live_server.database():
        factories.person(email="dewi@zorg.example", name="Dewi Hardjo", role=Role.TRAINER)
        db.session.commit()
    page.goto(live_server.url("/account"))
    expect(page).to_have_url(live_server.url("/inloggen"))
    axe(page, widths=[320, 1280])
    page.get_by_role("button", name="Inloggen", exact=True).click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    axe(page, widths=[320])
    page.get_by_label("E-mailadres").fill("dewi@zorg.example")
    page.get_by_role("button", name="Mail mij een inloglink").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kijk in je mail")
    mail = live_server.mailbox.wait_for("dewi@zorg.example", "inloglink")
    body = mail.get_body(("plain",))
    assert body is not None
    found = re.search(r"http\S+/inloggen/link/\S+", body.get_content())
    assert found is not None
    page.goto(found[0])
    page.get_by_role("button", name="Inloggen", exact=True).click()
    expect(page).to_have_url(live_server.url("/account"))
    axe(page, widths=[320, 1280])
    page.get_by_role("link", name="Wijzig wachtwoord").click()
    page.get_by_label("Nieuw wachtwoord").fill("vier losse woorden samen")
    axe(page, widths=[320])
    page.get_by_role("button", name="Bewaar").click()
    expect(page.get_by_role("status")).to_contain_text("Je wachtwoord is bewaard.")
    page.locator(".site-menu summary").click()
    page.get_by_role("button", name="Uitloggen", exact=True).click()
    expect(page).to_have_url(live_server.url("/"))
    page.goto(live_server.url("/account"))
    page.get_by_label("E-mailadres").fill("dewi@zorg.example")
    page.get_by_label("Wachtwoord").fill("vier losse woorden samen")
    page.keyboard.press("Enter")
    expect(page).to_have_url(live_server.url("/account"))


def test_the_demo_reads_its_mail_in_the_browser(live_server: LiveServer, page: Page, axe: Any) -> None:
    with live_server.database():
        factories.person(email="anna@zorg.example")
        db.session.commit()
    page.goto(live_server.url("/inloggen"))
    page.get_by_label("E-mailadres").fill("anna@zorg.example")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Naar de demo-post").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Demo-post")
    axe(page, widths=[320, 1280])
    page.get_by_role("link", name="Je inloglink voor Leerkring").first.click()
    letter = page.frame_locator("iframe")
    expect(letter.get_by_role("heading", level=1)).to_have_text("Je inloglink voor Leerkring")
    letter.get_by_role("link", name="Inloggen", exact=True).click()
    page.get_by_role("button", name="Inloggen", exact=True).click()
    expect(page).to_have_url(live_server.url("/mijn"))


def test_the_office_looks_up_people_and_mail(live_server: LiveServer, page: Page, axe: Any) -> None:
    with live_server.database():
        admin = factories.person(email="beheer@zorg.example", role=Role.ADMIN)
        admin.password_hash = hash_password("vier losse woorden samen")
        factories.person(name="Şule Yılmaz-Škrabáková", email="sule@zorg.example", role=Role.TRAINER)
        db.session.commit()
    page.goto(live_server.url("/bureau/mensen"))
    page.get_by_label("E-mailadres").fill("beheer@zorg.example")
    page.get_by_label("Wachtwoord").fill("vier losse woorden samen")
    page.keyboard.press("Enter")
    expect(page).to_have_url(live_server.url("/bureau/mensen"))
    axe(page, widths=[320, 1280])
    page.get_by_label("Naam, e-mailadres of werkgever").fill("yılmaz")
    page.get_by_role("button", name="Toon").click()
    page.get_by_role("link", name="Şule Yılmaz-Škrabáková").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Şule Yılmaz-Škrabáková")
    axe(page, widths=[320, 1280])
    page.goto(live_server.url("/bureau/post"))
    axe(page, widths=[320, 1280])
