"""The office writes the words of its mail, sees how they look before they are kept, and gets the original back."""

from typing import Any

import lxml.html
import pytest
from sqlalchemy import select

from portal import clock
from portal.db import db
from portal.domain.accounts.rules import Role
from portal.domain.accreditation import mail_texts as accreditation_texts
from portal.domain.enrolment import mail_texts, reminder_texts
from portal.domain.quality import mail_texts as quality_texts
from portal.mail import OutgoingMail
from portal.mail.models import MailText
from portal.mail.sender import send_due
from tests import factories
from tests.page import Page
from tests.page_shape import words
from tests.plugins.mail import Mailbox
from tests.plugins.portal import PortalClient

HOME = "/bureau/post/teksten"
ENROLLED = f"{HOME}/enrolment.enrolled"
KINDS = (*reminder_texts.KINDS, *accreditation_texts.KINDS, *quality_texts.KINDS, *mail_texts.KINDS)


@pytest.fixture
def office(sign_in: Any) -> PortalClient:
    return sign_in(factories.person(role=Role.OFFICE, name="Marleen de Wit", email="marleen@leerkring.example"))


def frames(page: Page) -> list[lxml.html.HtmlElement]:
    """The mails in the frames, as HTML: Dutch and English."""
    return [lxml.html.document_fromstring(frame.get("srcdoc")) for frame in page.find("//iframe")]


def test_every_mail_that_can_be_written_is_listed_and_opens(office: PortalClient):
    rows = office.visit(HOME).table()
    assert [row["Nederlands"] for row in rows] == ["oorspronkelijk"] * len(KINDS)
    for kind in KINDS:
        page = office.visit(HOME).follow(str(kind.label))
        assert page.h1 == str(kind.label)
        assert [frame.get("lang") for frame in frames(page)] == ["nl", "en"]
        assert "{" not in " ".join(words(frame) for frame in frames(page))


def test_the_words_are_seen_before_they_are_kept_and_then_sent(office: PortalClient, client: PortalClient):
    typed = {
        "nl_subject": "{naam}, tot in {training}",
        "nl_opening": "Dag {naam}!\n<b>Fijn</b> {haakje",
        "nl_closing": "",
    }
    seen = office.visit(ENROLLED).submit("Bekijk hoe het wordt", typed)
    assert (seen.status, seen.form("Bewaar").values["nl_subject"]) == (200, [typed["nl_subject"]])
    dutch, english = frames(seen)
    assert [words(h1) for h1 in dutch.iter("h1")] == ["Şule Yılmaz, tot in SamenKracht"]
    assert {"Dag Şule Yılmaz!", "<b>Fijn</b> {haakje"} <= {words(p) for p in dutch.iter("p")}
    assert dutch.xpath("//b | //script") == []
    assert "€ 795" in words(dutch)
    assert "Your place in the circle is confirmed" in words(english)
    assert db.session.scalar(select(MailText.id)) is None
    kept = seen.submit("Bewaar")
    assert kept.address == ENROLLED
    assert "De tekst is bewaard en geldt vanaf nu." in kept.html
    (version,) = kept.table()
    assert (version["Taal"], version["Onderwerp"], version["Door"]) == (
        "Nederlands",
        typed["nl_subject"],
        "Marleen de Wit",
    )
    title = factories.course_with_modules(1, title="EK-1")
    factories.enrol(factories.edition_with_meetings(title), "dewi@zorg.example")
    mail = db.session.scalars(select(OutgoingMail).where(OutgoingMail.to_address == "dewi@zorg.example")).one()
    assert mail.subject == "Şule Yılmaz, tot in EK-1"
    assert "<b>Fijn</b> {haakje" in mail.text_body
    assert "&lt;b&gt;Fijn" in mail.html_body
    assert "Dit kost het:" in mail.text_body


def test_what_is_wrong_is_said_at_every_field_and_the_input_stays(office: PortalClient):
    typed = {"nl_subject": "", "nl_opening": "Dag {voornaam}", "en_opening": "", "en_closing": "{datum}"}
    for button in ("Bewaar", "Bekijk hoe het wordt", "Mail mij dit voorbeeld (Engels)"):
        page = office.visit(ENROLLED).submit(button, typed)
        assert (page.status, page.title.startswith("Fout:")) == (422, True)
        assert [tuple(error) for error in page.errors] == [
            ("Vul een onderwerp in", "#nl_subject"),
            ("Deze mail kent {voornaam} niet. Kies uit: {naam}, {training}, {nummer}", "#nl_opening"),
            ("Vul in hoe de mail begint", "#en_opening"),
            ("Deze mail kent {datum} niet. Kies uit: {naam}, {training}, {nummer}", "#en_closing"),
        ]
        assert page.form("Bewaar").values["nl_opening"] == ["Dag {voornaam}"]
    assert (db.session.scalar(select(MailText.id)), db.session.scalar(select(OutgoingMail.id))) == (None, None)


def test_the_example_is_mailed_to_oneself_as_it_stands(office: PortalClient, mailbox: Mailbox):
    page = office.visit(ENROLLED).submit("Mail mij dit voorbeeld (Engels)", en_subject="Welcome to {training}")
    assert page.status == 200
    assert "Het voorbeeld is onderweg naar marleen@leerkring.example." in page.html
    assert page.form("Bewaar").values["en_subject"] == ["Welcome to {training}"]
    assert send_due(clock.now()) == 1
    message = mailbox.only(to="marleen@leerkring.example")
    assert (message["Subject"], message["Content-Language"]) == ("Welcome to SamenKracht", "en")
    assert db.session.scalar(select(MailText.id)) is None


def test_nothing_changed_is_no_version(office: PortalClient):
    assert "Er is niets veranderd." in office.visit(ENROLLED).submit("Bewaar").html
    assert db.session.scalar(select(MailText.id)) is None


def test_the_original_comes_back_and_the_versions_stay(office: PortalClient):
    first = office.visit(ENROLLED).submit("Bewaar", nl_subject="Anders")
    assert office.visit(HOME).table()[-len(mail_texts.KINDS)]["Nederlands"].startswith("eigen tekst")
    back = first.submit("Terug naar de oorspronkelijke tekst (Nederlands)")
    assert back.form("Bewaar").values["nl_subject"] == ["Je doet mee aan {training}"]
    assert [row["Onderwerp"] for row in back.table()] == ["de oorspronkelijke tekst", "Anders"]
    assert "Terug naar de oorspronkelijke tekst" not in back.text


def test_who_is_second_is_told_and_keeps_what_was_typed(office: PortalClient):
    mine, other = office.visit(ENROLLED), office.visit(ENROLLED)
    other.submit("Bewaar", nl_subject="Van een ander")
    refused = mine.submit("Bewaar", nl_subject="Van mij")
    assert (refused.status, refused.form("Bewaar").values["nl_subject"]) == (409, ["Van mij"])
    assert "Iemand anders heeft deze tekst intussen gewijzigd." in refused.text
    assert office.visit(ENROLLED).form("Bewaar").values["nl_subject"] == ["Van een ander"]


def test_only_the_mails_own_style_is_let_in_and_only_here(office: PortalClient):
    policy = office.get(ENROLLED).headers["Content-Security-Policy"]
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert "script-src" not in policy
    assert "unsafe-inline" not in office.get(HOME).headers["Content-Security-Policy"]
    assert office.visit(ENROLLED).find("//iframe/@sandbox") == ["allow-popups"] * 2


@pytest.mark.parametrize("path", ["/enrolment.bestaat-niet", "/mail.text_example"])
def test_another_kind_of_mail_is_not_there(office: PortalClient, path: str):
    assert office.get(HOME + path).status_code == 404
    assert office.send(f"{HOME}/enrolment.enrolled/fr/oorspronkelijk").status_code == 404
