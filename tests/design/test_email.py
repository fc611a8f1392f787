"""A letter looks the same in every mail program: one column, one button, all facts in text, and it is small."""

import lxml.html
import pytest
from flask import Flask, render_template

from portal.mail.letter import Letter, Recipient
from tests.page_shape import words

READER = Recipient(address="sule@zorg.example", name="Şule Yılmaz-Škrabáková", language="nl")
LETTER = Letter(
    subject="Je doet mee met SamenKracht",
    paragraphs=("Dag Şule <b>Yılmaz</b> & co,", "Je plek is bevestigd."),
    facts=(("do 4 mrt 2027", "Maak de kring groter"), ("do 18 mrt 2027", "Kring vergroten")),
    button=("Bekijk je inschrijving", "https://leerkring.example/mijn?a=1&b=2"),
    after=("Kun je niet? Annuleer dan.",),
)


@pytest.fixture
def html(app: Flask) -> str:
    return render_template("layout/email.html", letter=LETTER, to=READER)


def test_the_mail_has_one_column_one_heading_and_one_button(html: str):
    mail = lxml.html.document_fromstring(html)
    assert mail.get("lang") == "nl"
    assert [words(h1) for h1 in mail.iter("h1")] == ["Je doet mee met SamenKracht"]
    assert [(words(a), a.get("href")) for a in mail.find_class("button")] == [LETTER.button]
    assert [[words(cell) for cell in row] for row in mail.iter("tr")] == [list(fact) for fact in LETTER.facts]


def test_a_name_in_a_mail_stays_text(html: str):
    mail = lxml.html.document_fromstring(html)
    assert mail.find(".//b") is None
    assert "Dag Şule <b>Yılmaz</b> & co," in [words(p) for p in mail.iter("p")]


def test_the_mail_is_small_and_fetches_nothing(html: str):
    mail = lxml.html.document_fromstring(html)
    assert len(html.encode()) < 30_000
    assert mail.xpath("//img | //script | //link | //*[@src]") == []


def test_a_letter_without_button_and_facts_has_none(app: Flask):
    html = render_template("layout/email.html", letter=Letter(subject="Dag", paragraphs=("Tot ziens.",)), to=READER)
    assert lxml.html.document_fromstring(html).xpath("//a | //table") == []


def test_plain_text_says_the_same_and_keeps_what_was_written(app: Flask):
    assert render_template("layout/email.txt", letter=LETTER, to=READER) == (
        "Dag Şule <b>Yılmaz</b> & co,\n\n"
        "Je plek is bevestigd.\n\n"
        "do 4 mrt 2027: Maak de kring groter\n"
        "do 18 mrt 2027: Kring vergroten\n\n"
        "Bekijk je inschrijving:\nhttps://leerkring.example/mijn?a=1&b=2\n\n"
        "Kun je niet? Annuleer dan.\n\n"
        "Vragen? Antwoord gewoon op deze mail.\n-- \nLeerkring\nStichting Eigen Kracht Centrale, Zwolle"
    )
