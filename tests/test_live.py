"""The portal as processes: what the journeys lean on is true."""

import re
import urllib.request

import pytest

from tests import factories
from tests.plugins.live import LiveServer


def test_the_portal_runs_as_processes_on_a_database_of_its_own(live_server: LiveServer):
    with live_server.database():
        assert factories.person().id == 1
    with live_server.database():
        assert factories.person().id == 2
    with urllib.request.urlopen(live_server.url("/healthz")) as response:
        assert response.status == 200


def test_a_real_browser_opens_it(live_server: LiveServer, page, axe):
    page.goto(live_server.url("/"))
    assert page.locator("h1").count() == 1
    axe(page)


def test_an_operator_runs_commands_against_it(live_server: LiveServer):
    live_server.flask("user", "add", "bureau@zorg.example", "--name", "Bureau", "--role", "office")
    with pytest.raises(AssertionError) as raised:
        live_server.flask("user", "add", "geen-adres", "--name", "Bureau", "--role", "office")
    assert "ended with 1" in str(raised.value)


def test_the_worker_mails_a_link_that_signs_in(live_server: LiveServer, page):
    with live_server.database():
        factories.person(email="sule@zorg.example")
    page.goto(live_server.url("/inloggen"))
    page.get_by_label("E-mailadres").fill("sule@zorg.example")
    page.get_by_role("button", name="link").click()
    mail = live_server.mailbox.wait_for("sule@zorg.example").get_body(("plain",))
    assert mail is not None
    link = re.search(rf"{live_server.address}/\S+", mail.get_content())
    assert link is not None
    page.goto(link[0])
    page.get_by_role("main").get_by_role("button").click()
    page.wait_for_url(live_server.url("/mijn"))
