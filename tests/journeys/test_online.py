"""Somebody goes into an online meeting by their own link, in a real browser, which holds the redirects of a form to the
page's policy; and their trainer takes over the report of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import expect

from portal import clock
from portal.db import db
from portal.domain.accounts.queries import find_by_email
from portal.domain.accounts.rules import Role
from portal.domain.calendar.join_links import Comer, join_token
from tests import factories
from tests.journeys.conftest import DESK, NewPerson
from tests.journeys.stage import TRAINER
from tests.plugins.live import LiveServer

NAMES = ("Els Bos", "Ali Demir", "Dewi Vos", "Bartholomeus van den Oude-Wetering-Schaapskooi")
AMERICAN = "%m/%d/%Y %I:%M:%S %p"


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
        given = factories.edition_with_meetings(factories.course_with_modules(1, visible=False), trainer=trainer)
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


@pytest.mark.parametrize("script", [True, False])
def test_a_trainer_takes_over_the_report(
    portal_server: LiveServer, new_person: NewPerson, looking, tmp_path: Path, script: bool
):
    starts_at = clock.now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=4)
    with portal_server.database():
        trainer = find_by_email(TRAINER)
        assert trainer is not None
        course = factories.course_with_modules(1, visible=False)
        factories.accreditation(course.modules[0], "SKJ")
        given = factories.edition_with_meetings(course, trainer=trainer)
        meeting = given.meetings[0]
        meeting.starts_at, meeting.ends_at = starts_at, starts_at + timedelta(hours=3)
        meeting.link = "https://vergaderen.example/j/1"
        for name in NAMES:
            factories.enrolment(given, factories.person(name=name))
        path = f"/bijeenkomsten/{meeting.id}/presentie"
        db.session.commit()
    report = tmp_path / "verslag.csv"
    report.write_text(zoom_report(starts_at), encoding="utf-8-sig")
    keeper = new_person(look_at=looking, script=script) if script else new_person(script=False, width=DESK)
    keeper.sign_in(TRAINER)
    keeper.open(path)
    keeper.main.locator("summary").filter(has_text="Papieren lijst en verslag").click()
    keeper.follow("Neem het verslag van Zoom of Teams over")
    keeper.press("Zet naast de lijst", status=422)
    keeper.page.get_by_label("Verslag van Zoom of Teams").set_input_files(report)
    keeper.press("Zet naast de lijst")
    assert keeper.h1 == "Verslag naast de lijst"
    keeper.group("iPhone").get_by_text("Dewi Vos").click()
    keeper.group("Telefoon").get_by_text("Niemand van de lijst").click()
    keeper.press("Bewaar wie het zijn")
    assert "Te kort voor SKJ: 160 van de 180 minuten" in keeper.text
    keeper.press("Neem over")
    assert "De presentie van 4 mensen is overgenomen." in keeper.text


def zoom_report(starts_at: datetime) -> str:
    """As Zoom writes it: two are known by name, one comes with a telephone that nobody knows."""
    times = {"Els Bos": (-5, 200), "Ali Demir": (20, 180), "iPhone van D.": (0, 175), "Telefoon 06": (3, 9)}
    rows = [
        ",".join(
            [name, "", *(clock.local(starts_at + timedelta(minutes=m)).strftime(AMERICAN) for m in of), "1", "Yes"]
        )
        for name, of in times.items()
    ]
    return "\n".join(["Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest", *rows])
