"""The fixtures themselves: what other tests lean on is true."""

import smtplib
from collections.abc import Callable
from email.message import EmailMessage

import pytest
from flask import Flask, Response, g
from sqlalchemy import func, select, text

from portal import audit, clock
from portal.config import Settings
from portal.db import db, transaction
from portal.domain.accounts import commands as accounts
from portal.domain.accounts.models import Person
from portal.domain.accounts.rules import Role
from portal.web.access import allow
from portal.web.signing import the_person
from tests import factories
from tests.plugins.portal import new_client


def people() -> int:
    return db.session.scalar(select(func.count()).select_from(Person)) or 0


@pytest.mark.parametrize("time", ["first", "second"])
def test_a_test_finds_the_database_as_the_migrations_left_it(app, time: str):
    assert people() == 0
    with transaction():
        accounts.add_person(name="Ó Briain", email="o@zorg.example", actor=audit.Actor.visitor(), now=clock.now())
    assert people() == 1
    # Committed for real: another connection sees it, audit entry and all.
    with db.engine.connect() as other:
        assert other.scalar(text("select count(*) from persons")) == 1
        assert other.scalar(text("select max(seq) from audit_entries")) == 1


def test_queries_are_counted(app, count_queries):
    with count_queries() as queries:
        people()
        people()
    assert len(queries) == 2, queries


def test_the_mailbox_gets_real_mail(mailbox):
    message = EmailMessage()
    message["Subject"], message["To"], message["From"] = "Je doet mee", "sule@zorg.example", "bureau@leerkring.example"
    message.set_content("Tot dan")
    with smtplib.SMTP(mailbox.host, mailbox.port) as smtp:
        smtp.send_message(message)
        mailbox.refusal = "451 later"
        with pytest.raises(smtplib.SMTPDataError):
            smtp.send_message(message)
    assert mailbox.only(to="sule@zorg.example")["Subject"] == "Je doet mee"


def test_passwords_are_cheap_only_here(settings: Settings):
    assert settings.argon2.memory_kib < Settings().argon2.memory_kib


@pytest.fixture
def house(make_app: Callable[..., Flask]) -> Flask:
    """The portal with one room more, for the office alone, that says who came in and how many people there are."""
    app = make_app()

    @app.get("/kamer")
    @allow(Role.OFFICE)
    def room() -> Response:
        words = f"{the_person().name} {people()} {g.setdefault('visits', [])}"
        return Response(words, mimetype="text/plain")

    return app


def test_a_request_sees_what_the_test_wrote_and_nothing_of_its_context(house: Flask):
    office = factories.person(role=Role.OFFICE, name="Nguyễn Thị Ánh")
    client = new_client(house).sign_in(office)
    factories.person()
    g.visits = ["of the test"]
    assert client.get("/kamer").text == "Nguyễn Thị Ánh 2 []"
    # What the test holds can still be read and changed afterwards.
    office.name = "Jean-Éric D'Angélo"
    assert client.get("/kamer").text == "Jean-Éric D'Angélo 2 []"


def test_somebody_is_signed_in_and_nobody_else(house: Flask):
    inside = new_client(house).sign_in(factories.person(role=Role.OFFICE))
    assert inside.get("/kamer").status_code == 200
    assert new_client(house).get("/kamer").status_code == 303
    assert new_client(house).sign_in(factories.person()).get("/kamer").status_code == 403
    inside.sign_out()
    assert inside.get("/kamer").status_code == 303


def test_a_real_browser_opens_it_and_axe_reads_it(page, axe):
    page.set_content(
        "<!doctype html><html lang=nl><head><title>Leerkring</title></head><body><main><h1>Leerkring</h1>"
        "<p><a href='/trainingen'>Trainingen</a></p></main></body></html>"
    )
    axe(page)
    page.set_content("<!doctype html><html><head></head><body><img src=x><p style='width:400px'>x</body></html>")
    with pytest.raises(AssertionError) as raised:
        axe(page)
    found = str(raised.value)
    assert "html-has-lang" in found
    assert "image-alt" in found
    assert "320 px, dark: the page is" in found
