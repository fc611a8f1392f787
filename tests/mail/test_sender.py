"""The worker's mail over real SMTP: sent once, tried again, given up, and taken over from a worker that died."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine as travelling
from flask import Flask
from sqlalchemy import select

from portal import audit, clock
from portal.db import db, transaction
from portal.mail import Invitation, Letter, MailState, OutgoingMail, Recipient, enqueue
from portal.mail.retry import MOST_ATTEMPTS
from portal.mail.sender import LEASE, MailServer, send_due
from portal.worker import work_once
from tests.plugins.mail import Mailbox, free_port

LETTER = Letter(subject="Je doet mee", paragraphs=("Dag Dewi,", "Tot dan."), button=("Bekijk", "https://x.example/y"))
pytestmark = pytest.mark.usefixtures("mailbox")


def queue(key: str = "1", address: str = "dewi@zorg.example", **values: Any) -> OutgoingMail:
    with transaction():
        mail = enqueue(
            LETTER,
            kind="test.mail",
            to=Recipient(address, "Dewi Hardjo", "nl"),
            dedupe_key=key,
            now=clock.now(),
            **values,
        )
    assert mail is not None
    return mail


def only_mail() -> OutgoingMail:
    db.session.expire_all()
    mail = db.session.scalars(select(OutgoingMail)).one()
    db.session.commit()
    return mail


def test_a_queued_mail_arrives_once(app: Flask, mailbox: Mailbox) -> None:
    queue()
    assert [send_due(clock.now()), send_due(clock.now())] == [1, 0]
    message = mailbox.only(to="dewi@zorg.example")
    mail = only_mail()
    assert (message["Message-ID"], message["Subject"]) == (mail.message_id, "Je doet mee")
    assert "Tot dan." in message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert (mail.state, mail.attempts, mail.leased_until) == (MailState.SENT, 1, None)
    assert mail.sent_at is not None


def test_an_invitation_arrives_as_it_was_built(app: Flask, mailbox: Mailbox) -> None:
    ics = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Leerkring//NL\r\nEND:VCALENDAR\r\n"
    queue(invitation=Invitation(ics, "REQUEST"))
    send_due(clock.now())
    message = mailbox.only(to="dewi@zorg.example")
    parts = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    assert [(part.get_param("method"), part.get_payload(decode=True)) for part in parts] == [("REQUEST", ics)]


def test_a_batch_goes_over_one_connection(app: Flask, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    real = MailServer.configure_host
    monkeypatch.setattr(MailServer, "configure_host", lambda self: opened.append(1) or real(self))
    for number in range(5):
        queue(str(number))
    assert send_due(clock.now()) == 5
    assert (len(opened), len(mailbox.messages)) == (1, 5)


def test_a_refusal_for_now_is_tried_again_later(app: Flask, mailbox: Mailbox) -> None:
    queue()
    mailbox.refusal = "451 Even niet"
    assert send_due(clock.now()) == 1
    mail = only_mail()
    assert (mail.state, mail.attempts, mail.last_error) == (MailState.QUEUED, 1, "451 Even niet")
    assert timedelta(seconds=55) < mail.next_attempt_at - clock.now() <= timedelta(seconds=60)
    assert send_due(clock.now()) == 0
    assert audit.list_entries(tag="mail.").total == 0
    mailbox.refusal = None
    with travelling.travel(clock.now() + timedelta(seconds=61)):
        assert send_due(clock.now()) == 1
    assert (only_mail().state, only_mail().last_error) == (MailState.SENT, None)


def test_a_refusal_for_good_is_not_tried_again(app: Flask, mailbox: Mailbox) -> None:
    queue()
    mailbox.refusal = "550 Die is er niet"
    send_due(clock.now())
    mail = only_mail()
    assert (mail.state, mail.last_error) == (MailState.FAILED, "550 Die is er niet")
    (entry,) = audit.trail_of("mail", mail.id).entries
    assert (entry.tag, entry.actor_kind, entry.via, entry.facts["attempts"]) == ("mail.failed", "system", "worker", 1)
    assert "dewi" not in str(entry.facts).lower()


def test_one_refused_mail_does_not_keep_the_next_from_going(app: Flask, mailbox: Mailbox) -> None:
    queue("1", address="dewi zorg@x.example")
    queue("2", address="anna@zorg.example")
    assert send_due(clock.now()) == 2
    states = db.session.execute(select(OutgoingMail.dedupe_key, OutgoingMail.state)).all()
    assert sorted(states) == [("1", MailState.FAILED), ("2", MailState.SENT)]


def test_after_forty_eight_tries_a_mail_has_failed(app: Flask, mailbox: Mailbox) -> None:
    mail = queue()
    with transaction():
        mail.attempts = MOST_ATTEMPTS - 1
    mailbox.refusal = "451 Even niet"
    send_due(clock.now())
    assert (only_mail().state, only_mail().attempts) == (MailState.FAILED, MOST_ATTEMPTS)


def test_without_a_mail_server_in_reach_mail_waits(make_app: Any) -> None:
    queue()
    unreachable = make_app(mail_server="127.0.0.1", mail_port=free_port())
    with unreachable.app_context():
        send_due(clock.now())
    mail = only_mail()
    assert (mail.state, mail.attempts) == (MailState.QUEUED, 1)
    assert str(mail.last_error).startswith("ConnectionRefusedError")


def test_a_round_knocks_once_at_a_mail_server_out_of_reach(make_app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    knocks = []
    real = MailServer.configure_host
    monkeypatch.setattr(MailServer, "configure_host", lambda self: knocks.append(1) or real(self))
    for number in range(3):
        queue(str(number))
    unreachable = make_app(mail_server="127.0.0.1", mail_port=free_port())
    with unreachable.app_context():
        assert work_once() == 0
    assert len(knocks) == 1
    waiting = select(OutgoingMail.state, OutgoingMail.attempts).order_by(OutgoingMail.attempts)
    assert db.session.execute(waiting).all() == [(MailState.QUEUED, 0), (MailState.QUEUED, 0), (MailState.QUEUED, 1)]


def test_in_a_demo_without_a_mail_server_mail_is_kept(make_app: Any, mailbox: Mailbox) -> None:
    queue()
    demo = make_app(env="demo", mail_server="")
    with demo.app_context():
        assert [send_due(clock.now()), send_due(clock.now())] == [1, 0]
    assert (only_mail().state, mailbox.messages) == (MailState.KEPT, [])


def test_two_workers_at_once_send_every_mail_once(app: Flask, mailbox: Mailbox) -> None:
    for number in range(12):
        queue(str(number), address=f"naam{number}@zorg.example")

    def work(_number: int) -> int:
        with app.app_context():
            return send_due(clock.now())

    with ThreadPoolExecutor(4) as workers:
        assert sum(workers.map(work, range(4))) == 12
    assert sorted(to[0] for to in mailbox.recipients) == sorted(f"naam{number}@zorg.example" for number in range(12))


def test_a_leased_mail_is_left_alone_until_the_lease_is_over(app: Flask, mailbox: Mailbox) -> None:
    mail = queue()
    with transaction():
        mail.leased_until = clock.now() + LEASE
    assert send_due(clock.now()) == 0
    with travelling.travel(clock.now() + LEASE + timedelta(seconds=1)):
        assert send_due(clock.now()) == 1
    assert len(mailbox.messages) == 1


KILLED_WHILE_SENDING = """
import os, signal
from portal import audit, clock
from portal.app import create_app
from portal.mail import sender
sender.MailServer.send_mail = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
with create_app().app_context():
    sender.send_due(clock.now())
"""


def test_a_mail_of_a_worker_that_was_killed_comes_back_after_the_lease(app: Flask, mailbox: Mailbox) -> None:
    queue()
    settings = app.config["PORTAL"]
    environment = os.environ | {
        "PORTAL_DATABASE_URL": settings.database_url,
        "PORTAL_INSTANCE": str(settings.instance),
        "PORTAL_MAIL_SERVER": settings.mail_server,
        "PORTAL_MAIL_PORT": str(settings.mail_port),
    }
    killed = subprocess.run([sys.executable, "-c", KILLED_WHILE_SENDING], env=environment, check=False)
    assert killed.returncode == -signal.SIGKILL
    mail = only_mail()
    assert (mail.state, mail.attempts) == (MailState.QUEUED, 1)
    assert send_due(clock.now()) == 0
    with travelling.travel(clock.now() + LEASE + timedelta(seconds=1)):
        assert send_due(clock.now()) == 1
    assert (only_mail().state, only_mail().attempts) == (MailState.SENT, 2)
    assert mailbox.only(to="dewi@zorg.example")["Message-ID"] == only_mail().message_id
