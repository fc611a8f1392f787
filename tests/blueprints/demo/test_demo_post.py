"""In the demo mail is read in the browser, its invitation too; in production there is no such page."""

from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import Client

from portal import clock
from portal.db import transaction
from portal.documents.invitation import CalendarEvent, Mailbox, Method, build_calendar
from portal.mail import Invitation, Letter, OutgoingMail, Recipient, enqueue
from tests.plugins.portal import BASE_URL, PortalClient

STARTS = clock.now().replace(year=2027, month=3, day=4, hour=8, minute=30, second=0, microsecond=0)


@pytest.fixture
def demo(make_app: Any) -> Any:
    return make_app(env="demo", mail_server="")


@pytest.fixture
def visitor(demo: Any) -> PortalClient:
    client: PortalClient = demo.test_client()
    return client


def queue(subject: str = "Je doet mee", invitation: Invitation | None = None, name: str = "Dewi") -> OutgoingMail:
    letter = Letter(subject, (f"Dag {name},",), button=("Bekijk", "https://leerkring.example/mijn"))
    with transaction():
        mail = enqueue(
            letter,
            kind="test.mail",
            to=Recipient("dewi@zorg.example", name, "nl"),
            dedupe_key=subject,
            now=clock.now(),
            invitation=invitation,
        )
    assert mail is not None
    return mail


def test_mail_is_listed_newest_first(visitor: PortalClient) -> None:
    assert "Er is nog geen mail." in visitor.visit("/demo/post").text
    queue("Eerste")
    queue("Tweede")
    assert [row["Onderwerp"] for row in visitor.visit("/demo/post").table()] == ["Tweede", "Eerste"]
    assert [row["Onderwerp"] for row in visitor.visit("/demo/post?zoek=eerste").table()] == ["Eerste"]


def test_a_mail_is_shown_with_its_invitation(visitor: PortalClient) -> None:
    event = CalendarEvent(
        uid="1@leerkring.example",
        sequence=2,
        starts_at=STARTS,
        ends_at=STARTS + timedelta(hours=3, minutes=30),
        summary="SamenKracht: dagdeel 1",
        location="Grote Markt 1, Zwolle",
        attendee=Mailbox(address="dewi@zorg.example"),
    )
    organiser = Mailbox(address="post@leerkring.example")
    ics = build_calendar(Method.REQUEST, [event], organiser=organiser, stamped_at=clock.now())
    mail = queue(invitation=Invitation(ics, "REQUEST"))
    page = visitor.visit("/demo/post").follow("Je doet mee")
    assert page.table("Wat de agenda van de ontvanger leest (REQUEST)") == [
        {
            "Wat": "SamenKracht: dagdeel 1",
            "Wanneer": "donderdag 4 maart 202709.30 – 13.00 uur",
            "Waar": "Grote Markt 1, Zwolle",
            "Versie": "2",
        }
    ]
    assert visitor.get(f"/demo/post/{mail.id}/uitnodiging.ics").data == ics


def test_the_html_of_a_mail_can_do_nothing_but_look(demo: Any) -> None:
    mail = queue(name="<script>alert(1)</script>")
    answer = Client(demo).get(f"/demo/post/{mail.id}/html", base_url=BASE_URL)
    assert answer.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; "
        "sandbox allow-top-navigation-by-user-activation"
    )
    assert "<script" not in answer.text
    assert '<base target="_top">' in answer.text


def test_what_is_not_there_is_404(visitor: PortalClient) -> None:
    mail = queue()
    paths = ["/demo/post/987654321", "/demo/post/987654321/html", f"/demo/post/{mail.id}/uitnodiging.ics"]
    assert [visitor.get(path).status_code for path in paths] == [404, 404, 404]


def test_in_production_nobody_reads_mail_here(client: PortalClient) -> None:
    mail = queue()
    paths = ["/demo/post", f"/demo/post/{mail.id}", f"/demo/post/{mail.id}/html"]
    assert [client.get(path).status_code for path in paths] == [404, 404, 404]


def test_the_demo_tells_which_accounts_there_are_and_production_does_not(
    visitor: PortalClient, client: PortalClient
) -> None:
    assert "bureau@demo.example" in visitor.visit("/inloggen").text
    assert "demo" not in client.visit("/inloggen").text.lower()
