"""From the office's one button to a stranger's phone: issuing with a real worker, downloading, checking, auditing."""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from portal.db import db
from portal.domain.accounts.rules import Role
from portal.domain.certificates.candidates import list_candidates
from portal.domain.certificates.rules import Standing
from portal.domain.enrolment.models import Enrolment
from tests import factories
from tests.certificate_scenes import given_edition, issue, replace, revoke
from tests.journeys.test_attendance import cookie_of
from tests.plugins.browser import Axe
from tests.plugins.live import LiveServer

PEOPLE = ["Şule Yılmaz-Škrabáková van den Bogaard", "Nguyễn Thị Ánh", "Jean-Éric D'Angélo", "Seán Ó Briain"]


class Given(NamedTuple):
    """A finished edition, the address of its first participant, and the cookies of the office, an auditor and that
    participant."""

    edition_id: int
    email: str
    office: str
    auditor: str
    holder: str


@pytest.fixture
def given(live_server: LiveServer) -> Given:
    with live_server.database():
        scene = given_edition(PEOPLE, title="SamenKracht", absent=[(1, 2), *((2, part) for part in (1, 2, 3, 4))])
        office, auditor = factories.person(Role.OFFICE), factories.person(Role.AUDITOR)
        db.session.commit()
        cookies = [cookie_of(person.id) for person in (office, auditor, scene.people[0])]
        return Given(scene.edition.id, scene.people[0].email, *cookies)


@pytest.fixture
def browse(live_server: LiveServer, new_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """Opens a path in a browser of its own, signed in by a cookie."""

    def open_page(path: str, cookie: str = "", **options: object) -> Page:
        context = new_context(**options)
        if cookie:
            context.add_cookies([{"name": "leerkring", "value": cookie, "url": live_server.address}])
        page = context.new_page()
        page.goto(live_server.url(path))
        return page

    return open_page


@pytest.mark.parametrize("javascript", [True, False])
def test_one_button_issues_for_everybody_who_is_ready(
    given: Given, browse: Callable[..., Page], javascript: bool, live_server: LiveServer
):
    address = f"/bureau/certificaten/uitvoeringen/{given.edition_id}"
    page = browse(address, given.office, java_script_enabled=javascript)
    page.get_by_role("button", name="Geef 3 certificaten uit").click()
    expect(page.get_by_text("Klaar. Iedereen heeft een mail gekregen")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "3")
    mail = live_server.mailbox.wait_for(given.email, "Je certificaat voor SamenKracht staat klaar")
    assert not list(mail.iter_attachments())

    own = browse("/mijn/certificaten", given.holder, java_script_enabled=javascript)
    with own.expect_download() as download:
        own.get_by_role("link", name="Download (pdf)").click()
    assert download.value.suggested_filename.startswith("certificaat-EKC-")
    code = own.locator("a[href^='/c/']").first.get_attribute("href")

    stranger = browse("/certificaat-controleren", java_script_enabled=javascript)
    stranger.get_by_label("De code op het certificaat").fill(str(code).removeprefix("/c/").lower())
    stranger.get_by_role("button", name="Controleer").click()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Dit certificaat is echt")
    expect(stranger.get_by_text("Ş. Y.-Š. van den Bogaard")).to_be_visible()


def test_every_page_of_certificates_and_of_the_log_is_accessible(
    given: Given, browse: Callable[..., Page], axe: Axe, live_server: LiveServer
):
    with live_server.database():
        ready = [one for one in list_candidates([given.edition_id]) if one.readiness.standing is Standing.READY]
        whole, part, last = (issue(db.session.get_one(Enrolment, one.enrolment_id)) for one in ready)
        gone = revoke(part)
        old, new = replace(last, "Seán Ó Briain-Bos")
        paths = [
            (f"/c/{whole.code}", ""),
            (f"/c/{gone.code}", ""),
            (f"/c/{old.code}", ""),
            ("/c/nee", ""),
            ("/certificaat-controleren?code=", ""),
            ("/bewijs", ""),
            ("/mijn/certificaten", given.holder),
            ("/bureau/certificaten", given.office),
            (f"/bureau/certificaten/uitvoeringen/{given.edition_id}", given.office),
            (f"/bureau/certificaten/{new.id}", given.office),
            (f"/bureau/certificaten/{gone.id}", given.office),
            (f"/audit/certificaten/{gone.id}", given.office),
            ("/audit", given.auditor),
            ("/audit?nummer=x", given.auditor),
            (f"/en/audit/uitvoeringen/{given.edition_id}", given.auditor),
        ]
    for path, cookie in paths:
        page = browse(path, cookie)
        for disclosure in page.locator("details.disclosure").all()[:3]:
            disclosure.evaluate("element => element.open = true")
        axe(page)
        page.context.close()
