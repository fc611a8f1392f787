"""Somebody goes into an online meeting by their own link, in a real browser, which holds the redirects of a form to the
page's policy."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

from portal import clock
from portal.db import db
from portal.domain.accounts.rules import Role
from portal.domain.calendar.join_links import Comer, join_token
from tests import factories
from tests.journeys.conftest import DESK, NewPerson
from tests.plugins.live import LiveServer


class MeetingProgram(BaseHTTPRequestHandler):
    """Sends who comes on to another host of its own, as meeting programs do, and says where they are."""

    def do_GET(self) -> None:
        if self.path == "/j/1":
            self.send_response(302)
            self.send_header("Location", f"http://localhost:{self.server.server_port}/wc/1")  # type: ignore[attr-defined]
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(f"<h1>In de vergadering</h1><p>{self.headers.get('Referer')}</p>".encode())

    def log_message(self, *_said: object) -> None:
        pass


@pytest.fixture
def program() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), MeetingProgram)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/j/1"
    server.shutdown()


@pytest.mark.parametrize("script", [True, False])
def test_one_button_leads_into_the_meeting(
    portal_server: LiveServer, new_person: NewPerson, looking, program: str, script: bool
):
    with portal_server.database():
        trainer = factories.person(Role.TRAINER, email=f"online-{script}@trainers.example")
        given = factories.edition_with_meetings(factories.course_with_modules(1), trainer=trainer)
        meeting, amira = given.meetings[0], factories.person(email=f"amira-{script}@buurt.example")
        meeting.starts_at, meeting.ends_at = clock.now() + timedelta(minutes=9), clock.now() + timedelta(hours=2)
        meeting.link = program
        factories.enrolment(given, amira)
        path = f"/meedoen/{join_token(Comer(meeting.id, amira.id))}"
        db.session.commit()
    visitor = new_person(look_at=looking, script=script, width=DESK) if script else new_person(script=False)
    visitor.open(path)
    visitor.page.get_by_role("button", name="Doe mee").click()
    expect(visitor.page.locator("h1")).to_have_text("In de vergadering")
    # The address that came from us names nobody's link.
    expect(visitor.page.locator("p")).to_have_text("None")
    assert visitor.complaints == []
