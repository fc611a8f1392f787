"""The fixtures themselves: what other tests lean on is true."""

import smtplib
from email.message import EmailMessage

import pytest
from sqlalchemy import func, select, text

from portal import audit, clock
from portal.config import Settings
from portal.db import db, transaction
from portal.domain.accounts import commands as accounts
from portal.domain.accounts.models import Person


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
