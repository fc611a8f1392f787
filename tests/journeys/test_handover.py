"""The office hands points over in a real browser: copied, refused, mended and sent again, on a phone and at a desk."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from portal import clock
from portal.db import db, transaction
from portal.domain.accounts.rules import Role
from portal.domain.accreditation.commands import settle_points
from portal.domain.enrolment.models import EnrolmentRegisterNumber
from tests import factories
from tests.certificate_scenes import given_edition
from tests.handover_scenes import OFFICE
from tests.journeys.test_attendance import cookie_of
from tests.plugins.browser import Axe
from tests.plugins.live import LiveServer

NAMES = ("Dewi Hardjo", "Şule Yılmaz-Škrabáková", "Seán Ó Briain")


class Desk:
    """The office at an edition with three people who earned points at SKJ, of whom one has no number."""

    def __init__(self, server: LiveServer, browser: Browser, width: int, script: bool) -> None:
        with server.database():
            first_on = clock.today() - timedelta(days=30)
            scene = given_edition(NAMES, title=f"SamenKracht {width}", registers=("SKJ",), first_on=first_on)
            for place, enrolment in enumerate(scene.enrolments, start=1):
                row = db.session.get_one(EnrolmentRegisterNumber, (enrolment.id, "SKJ"))
                row.number = f"{110000 + place}"
            db.session.delete(row)
            db.session.commit()
            for enrolment_id in [enrolment.id for enrolment in scene.enrolments]:
                with transaction():
                    settle_points(enrolment_id=enrolment_id, actor=OFFICE, now=clock.now())
            cookie = cookie_of(factories.person(Role.OFFICE).id)
            self.path = f"/bureau/doorgeven/SKJ/{scene.edition.id}"
        self.context = browser.new_context(
            locale="nl-NL",
            timezone_id="Europe/Amsterdam",
            viewport={"width": width, "height": 844},
            java_script_enabled=script,
            reduced_motion="reduce",
            permissions=["clipboard-read", "clipboard-write"],
        )
        self.context.add_cookies([{"name": "leerkring", "value": cookie, "url": server.address}])
        self.page = self.context.new_page()
        self.server = server

    def open(self, path: str) -> Page:
        self.page.goto(self.server.url(path))
        return self.page


@pytest.mark.parametrize(
    ("width", "script"), [(390, True), (1280, True), (390, False)], ids=["phone", "desk", "no script"]
)
def test_one_is_refused_mended_and_sent_again(
    live_server: LiveServer, browser: Browser, axe: Axe, database_kind: str, width: int, script: bool
):
    desk = Desk(live_server, browser, width, script)
    looks = script and database_kind == "sqlite"
    look: Callable[[Page], None] = (lambda page: axe(page, widths=(width,))) if looks else (lambda _page: None)
    page = desk.open("/bureau/doorgeven")
    look(page)
    page.get_by_role("link", name=f"SamenKracht {width}").first.click()
    look(page)
    numbers = page.locator("textarea[readonly]")
    expect(numbers).to_have_value("110001\n110002")
    if script:
        page.get_by_role("button", name="Kopieer").click()
        expect(page.get_by_text("Gekopieerd.")).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == "110001\n110002"
    page.get_by_role("button", name="Noteer als doorgegeven").click()
    expect(page.get_by_text("2 regels zijn genoteerd als doorgegeven.")).to_be_visible()
    look(page)

    page.get_by_label("Plak hier wat het register weigerde").fill("110002; nummer onbekend")
    page.get_by_text("Alle anderen zijn geaccepteerd").click()
    page.get_by_role("button", name="Noteer het antwoord").click()
    expect(page.get_by_text("Genoteerd: 1 geaccepteerd, 1 geweigerd.")).to_be_visible()
    look(page)
    page.get_by_role("link", name=NAMES[1]).click()
    expect(page.get_by_text("Het register kent dit nummer niet.")).to_be_visible()
    look(page)
    page.get_by_label("Registratienummer").fill("110 777")
    page.get_by_role("button", name="Bewaar het nummer").click()

    expect(numbers).to_have_value("110777")
    page.get_by_role("button", name="Noteer als doorgegeven").click()
    page.get_by_text("Alle anderen zijn geaccepteerd").click()
    page.get_by_role("button", name="Noteer het antwoord").click()
    people = page.get_by_role("table", name="Stand per persoon")
    expect(people.get_by_text("geaccepteerd")).to_have_count(2)
    expect(people.get_by_text("geen nummer")).to_be_visible()
    desk.open("/bureau/doorgeven")
    expect(page.get_by_role("link", name=f"SamenKracht {width}")).to_have_count(0)
    desk.context.close()
