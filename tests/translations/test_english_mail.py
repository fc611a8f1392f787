"""Mail in the language of its reader: who enrols in English gets English mail, from the form to the mailbox."""

from datetime import date, datetime, time

import lxml.html
import pytest
import time_machine
from flask import Flask

from portal import clock
from portal.language import calendar_date, money, period, short_day, speaking
from portal.mail.sender import send_due
from tests import factories
from tests.plugins.mail import Mailbox
from tests.plugins.portal import PortalClient
from tests.translations.test_english_pages import DETAILS, DUTCH


@pytest.fixture
def arrived(client: PortalClient, mailbox: Mailbox) -> lxml.html.HtmlElement:
    """The confirmation of an enrolment in English, as HTML, after it went over SMTP."""
    with time_machine.travel("2027-01-11 08:00 +0000", tick=False):
        of = factories.course_with_modules(1, title="SamenKracht", price_cents=79500)
        edition = factories.edition_with_meetings(of, date(2027, 3, 4))
        page = client.visit(f"/en/uitvoeringen/{edition.edition.id}/inschrijven").submit(None, choice="whole")
        page.submit(None, DETAILS).submit(None, terms=True)
        assert send_due(clock.now()) == 1
    message = mailbox.only(to="sule@zorg.example")
    assert message["Subject"] == "You are taking part in SamenKracht"
    body = message.get_body(("html",))
    assert body is not None
    return lxml.html.document_fromstring(body.get_content())


def test_the_confirmation_is_english(arrived: lxml.html.HtmlElement):
    text = " ".join(arrived.text_content().split())
    assert arrived.get("lang") == "en"
    assert DUTCH.findall(text) == []
    assert "Your place in the circle is confirmed." in text
    assert "Thursday 4 March 2027" in text
    assert "09:30 – 12:30" in text
    assert "€795" in text
    assert any("/en/inloggen/link/" in link.get("href") for link in arrived.iter("a"))


def test_dates_times_and_money_follow_the_language(app: Flask):
    starts, ends = (clock.from_local(datetime.combine(date(2027, 3, 4), time(hour, 30))) for hour in (9, 12))
    said = {}
    for language in ("nl", "en"):
        with app.app_context(), speaking(language):
            said[language] = (
                short_day(starts),
                calendar_date(starts),
                period(starts, ends),
                money(79500),
                money(179550),
            )
    assert said == {
        "nl": ("do 4 mrt 2027", "4 maart 2027", "09.30 – 12.30 uur", "€ 795", "€ 1.795,50"),
        "en": ("Thu 4 Mar 2027", "4 March 2027", "09:30 – 12:30", "€795", "€1,795.50"),
    }
