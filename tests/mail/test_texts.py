"""The office's own words in a mail: names in braces are filled in once, and nothing else is more than text."""

import threading
from datetime import timedelta

import lxml.html
import pytest
from flask import Flask, render_template
from hypothesis import given
from hypothesis import strategies as st

from portal import audit, clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.accreditation import mail_texts as accreditation_texts
from portal.domain.enrolment import mail_texts, reminder_texts
from portal.domain.quality import mail_texts as quality_texts
from portal.errors import Conflict, DomainError, Refused
from portal.language import speaking
from portal.mail import Recipient, texts
from portal.mail.text_versions import (
    Written,
    list_versions,
    number_of,
    restore_original,
    source_of,
    write_text,
    written,
)
from portal.mail.texts import TextKind, fill, unknown_places
from tests import factories

KIND = mail_texts.ENROLLED
KINDS = (*mail_texts.KINDS, *reminder_texts.KINDS, *accreditation_texts.KINDS, *quality_texts.KINDS)
VALUES = {"naam": "Şule", "training": "SamenKracht", "nummer": "LK-7"}
OWN = Written("{naam}, welkom", "Dag {naam},\nWat fijn dat je meedoet.", "Tot dan")


def write(text: Written, was: int, language: str = "nl", kind: TextKind = KIND) -> bool:
    with transaction():
        return write_text(kind=kind, language=language, text=text, was=was, actor=Actor.person(1), now=clock.now())


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("Dag {naam},", "Dag Şule,"),
        ("{ Naam } en {NAAM}", "Şule en Şule"),
        ("{onbekend} {naam", "{onbekend} {naam"),
        ("{{naam}}", "{Şule}"),
        ("{}", "{}"),
        ("%(naam)s", "%(naam)s"),
    ],
)
def test_names_in_braces_are_filled_in(text: str, becomes: str):
    assert fill(text, VALUES) == becomes


@given(name=st.text(), around=st.text(alphabet="{} abnm"))
def test_what_stands_in_a_name_is_never_filled_in_again(name: str, around: str):
    """Somebody whose name holds braces is called by that name."""
    assert fill("Dag {naam}", {"naam": name, "a": "x"}) == f"Dag {name}"
    assert fill(fill("{naam}", {"naam": around}), {}) == around


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_original_words_use_only_names_of_their_own_mail(app: Flask, kind: TextKind):
    for language in ("nl", "en"):
        with speaking(language):
            source = kind.source()
            example = kind.example()
        said = "\n".join((source.subject, *source.opening, *source.closing))
        assert unknown_places(said, kind.places) == []
        assert set(example.values) >= set(kind.places)
        assert source.opening


def test_without_text_of_the_office_the_original_is_sent_in_both_languages(app: Flask):
    said = {}
    for language in ("nl", "en"):
        with speaking(language):
            said[language] = texts.letter(KIND, VALUES).subject
    assert said == {"nl": "Je doet mee aan SamenKracht", "en": "You are taking part in SamenKracht"}


def test_the_office_changes_one_language_and_facts_and_terms_stay(app: Flask):
    assert write(OWN, was=0)
    with speaking("nl"):
        letter = texts.letter(KIND, VALUES, facts=[("Prijs", "€ 1")], button=("Bekijk", "/"), after=["Voorwaarden"])
    assert (letter.subject, letter.paragraphs, letter.closing) == (
        "Şule, welkom",
        ("Dag Şule,", "Wat fijn dat je meedoet."),
        ("Tot dan",),
    )
    assert (letter.facts, letter.button, letter.after) == ((("Prijs", "€ 1"),), ("Bekijk", "/"), ("Voorwaarden",))
    with speaking("en"):
        assert texts.letter(KIND, VALUES).subject == "You are taking part in SamenKracht"


def test_markup_of_the_office_stays_text(app: Flask):
    write(Written("Dag", "<b>Let op</b> <script>alert(1)</script>", "{naam}"), was=0)
    with speaking("nl"):
        letter = texts.letter(KIND, {**VALUES, "naam": "<i>Şule</i>"})
    to = Recipient("sule@zorg.example", "Şule", "nl")
    html = lxml.html.document_fromstring(render_template("layout/email.html", letter=letter, to=to))
    assert html.xpath("//b | //script | //i") == []
    said = [paragraph.text_content() for paragraph in html.iter("p")]
    assert {"<b>Let op</b> <script>alert(1)</script>", "<i>Şule</i>"} <= set(said)


@pytest.mark.parametrize(
    ("text", "field", "sentence"),
    [
        (Written(" ", "Dag", ""), "nl_subject", "Vul een onderwerp in"),
        (Written("Dag", "\n", ""), "nl_opening", "Vul in hoe de mail begint"),
        (Written("x" * 151, "Dag", ""), "nl_subject", "Houd deze tekst korter: hooguit 150 tekens"),
        (
            Written("Dag", "Dag {voornaam} {plek},", ""),
            "nl_opening",
            "Deze mail kent {voornaam}, {plek} niet. Kies uit: {naam}, {training}, {nummer}",
        ),
        (
            Written("Dag", "Dag", "{datum}"),
            "nl_closing",
            "Deze mail kent {datum} niet. Kies uit: {naam}, {training}, {nummer}",
        ),
    ],
)
def test_a_text_that_cannot_be_sent_is_refused_at_its_field(app: Flask, text: Written, field: str, sentence: str):
    with pytest.raises(Refused) as refused:
        write(text, was=0)
    assert (refused.value.field, refused.value.sentence) == (field, sentence)
    assert list_versions(KIND) == []


def test_versions_stay_and_the_original_comes_back(app: Flask):
    original = source_of(KIND, "nl")
    assert "{training}" in original.subject
    assert write(OWN, was=0)
    assert not write(OWN, was=1)
    assert write(Written("Anders", "Dag", ""), was=1)
    with transaction():
        back = {"kind": KIND, "language": "nl", "actor": Actor.person(1)}
        assert restore_original(was=2, now=clock.now() + timedelta(minutes=1), **back)
        assert not restore_original(was=3, now=clock.now(), **back)
    assert source_of(KIND, "nl") == original
    assert [(text.number, text.subject) for text in list_versions(KIND)] == [(3, None), (2, "Anders"), (1, OWN.subject)]
    assert write(OWN, was=3)
    assert write(original, was=4)
    assert list_versions(KIND)[0].subject is None
    tags = [entry.tag for entry in audit.list_entries().entries]
    assert tags.count("mail.text_written") == 5


def test_who_saw_an_older_text_does_not_write_over_a_newer_one(app: Flask):
    write(OWN, was=0)
    with pytest.raises(Conflict):
        write(Written("Anders", "Dag", ""), was=0)
    db.session.rollback()
    with pytest.raises(Conflict), transaction():
        restore_original(kind=KIND, language="nl", was=0, actor=Actor.person(1), now=clock.now())
    assert source_of(KIND, "nl") == OWN


def test_of_two_who_write_at_once_one_is_told(app: Flask):
    factories.person()
    db.session.commit()
    for number in range(6):
        start, done = threading.Barrier(2), []

        def save(name: str, number: int = number, start: threading.Barrier = start, done: list = done) -> None:
            with app.app_context():
                start.wait()
                try:
                    done.append(write(Written(f"{name} {number}", "Dag", ""), was=number))
                except DomainError as refusal:
                    done.append(type(refusal))

        threads = [threading.Thread(target=save, args=(name,)) for name in ("Een", "Twee")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(done, key=str) == [Conflict, True]
        assert number_of(KIND, "nl") == number + 1
        db.session.rollback()


def test_the_fields_of_the_original_make_the_original(app: Flask):
    for kind in KINDS:
        with speaking("nl"):
            assert source_of(kind, "nl") == written(kind.source())
