"""What is said to a calendar arrives in the order in which it happened: over a server that refuses for a while, with
several workers at once, and with workers that are killed."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise

import pytest
import time_machine as travelling
from flask import Flask
from sqlalchemy import insert, select, text, update

from portal import clock
from portal.db import db, transaction
from portal.mail import Invitation, Letter, MailState, OutgoingMail, Recipient, enqueue, sender
from portal.mail.sender import send_due
from tests.plugins.database import ROOT
from tests.plugins.mail import Mailbox

pytestmark = pytest.mark.usefixtures("mailbox")
CALENDAR = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Leerkring//NL\r\nEND:VCALENDAR\r\n"
BUSY = "451 Even niet"
SECONDS_TO_ARRIVE = 180


def queue(number: int, of: int = 1, method: str | None = "REQUEST") -> OutgoingMail:
    """The mail with this number to a person, with a calendar or without."""
    with transaction():
        mail = enqueue(
            Letter(subject=str(number), paragraphs=("Dag.",)),
            kind="test.mail",
            to=Recipient(f"naam{of}@zorg.example", "Naam", "nl", of),
            dedupe_key=f"{of}:{number}",
            now=clock.now(),
            invitation=Invitation(CALENDAR, method) if method else None,
        )
    assert mail is not None
    return mail


def arrived(mailbox: Mailbox, of: int = 1) -> list[int]:
    """The numbers of the mails that this person got, in order of arrival."""
    return [int(message["Subject"]) for message in mailbox.to(f"naam{of}@zorg.example")]


def test_a_withdrawal_waits_for_the_invitation_that_is_tried_again(app: Flask, mailbox: Mailbox) -> None:
    queue(1)
    mailbox.refusal = BUSY
    assert send_due(clock.now()) == 1
    mailbox.refusal = None
    queue(2, method="CANCEL")
    assert (send_due(clock.now()), arrived(mailbox)) == (0, [])
    with travelling.travel(clock.now() + timedelta(seconds=61)):
        assert (send_due(clock.now()), arrived(mailbox)) == (2, [1, 2])


def test_nobody_else_and_nothing_else_waits_for_it(app: Flask, mailbox: Mailbox) -> None:
    mailbox.refusal = BUSY
    queue(1)
    send_due(clock.now())
    mailbox.refusal = None
    queue(2, method="CANCEL")
    queue(3, method=None)
    queue(1, of=2)
    assert send_due(clock.now()) == 2
    assert (arrived(mailbox), arrived(mailbox, of=2)) == ([3], [1])


def test_a_mail_without_a_calendar_holds_up_none(app: Flask, mailbox: Mailbox) -> None:
    mailbox.refusal = BUSY
    queue(1, method=None)
    send_due(clock.now())
    mailbox.refusal = None
    queue(2)
    assert (send_due(clock.now()), arrived(mailbox)) == (1, [2])


def test_one_that_was_given_up_holds_up_none(app: Flask, mailbox: Mailbox) -> None:
    mailbox.refusal = "550 Die is er niet"
    queue(1)
    send_due(clock.now())
    mailbox.refusal = None
    queue(2)
    assert (send_due(clock.now()), arrived(mailbox)) == (1, [2])


def test_one_that_is_being_sent_holds_up_the_next(app: Flask, mailbox: Mailbox) -> None:
    mail = queue(1)
    queue(2)
    with transaction():
        mail.leased_until = clock.now() + sender.LEASE
    assert (send_due(clock.now()), arrived(mailbox)) == (0, [])


def moody(seed: int) -> Iterator[str | None]:
    """A server that refuses two messages of three, not the same ones each time."""
    fickle = random.Random(seed)
    while True:
        yield BUSY if fickle.random() < 0.66 else None


def test_two_workers_and_a_moody_server_keep_the_order_of_everybody(app: Flask, mailbox: Mailbox) -> None:
    for number in range(1, 5):
        for of in range(1, 7):
            queue(number, of)
    mailbox.moods = moody(4)

    def work(_worker: int) -> int:
        with app.app_context():
            return send_due(clock.now())

    waiting = select(OutgoingMail.id).where(OutgoingMail.state == MailState.QUEUED).limit(1)
    when, rounds = clock.now(), 0
    while db.session.scalar(waiting) is not None:
        db.session.commit()
        rounds += 1
        when += timedelta(minutes=70)
        with travelling.travel(when), ThreadPoolExecutor(2) as workers:
            list(workers.map(work, range(2)))
    assert rounds > 4
    assert {of: arrived(mailbox, of) for of in range(1, 7)} == {of: [1, 2, 3, 4] for of in range(1, 7)}


# A worker whose leases and waits are short, so that a test sees the end of them.
HASTY_WORKER = """
from datetime import timedelta
from portal.mail import sender
sender.LEASE = timedelta(seconds=1)
sender.next_attempt_at = lambda attempts, now: now + timedelta(seconds=0.2)
from portal import worker
worker.SECONDS_BETWEEN_LOOKS = 0.1
from portal.app import create_app
with create_app().app_context():
    worker.work_until_stopped((sender.send_due,))
"""


@pytest.fixture
def start_worker(app: Flask) -> Iterator[Callable[[], "subprocess.Popen[bytes]"]]:
    """Starts hasty workers, and sees to it that none is left."""
    settings = app.config["PORTAL"]
    environment = os.environ | {
        "PORTAL_DATABASE_URL": settings.database_url,
        "PORTAL_INSTANCE": str(settings.instance),
        "PORTAL_MAIL_SERVER": settings.mail_server,
        "PORTAL_MAIL_PORT": str(settings.mail_port),
    }
    started: list[subprocess.Popen[bytes]] = []

    def start() -> "subprocess.Popen[bytes]":
        started.append(subprocess.Popen([sys.executable, "-c", HASTY_WORKER], cwd=ROOT, env=environment))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_workers_that_are_killed_bring_nothing_out_of_order(
    app: Flask, mailbox: Mailbox, start_worker: Callable[[], "subprocess.Popen[bytes]"]
) -> None:
    for number in range(1, 6):
        for of in range(1, 9):
            queue(number, of)
    mailbox.moods = moody(8)
    working = [start_worker(), start_worker()]
    deadline, kills = time.monotonic() + SECONDS_TO_ARRIVE, 0
    waiting = select(OutgoingMail.id).where(OutgoingMail.state == MailState.QUEUED).limit(1)
    while db.session.scalar(waiting) is not None:
        db.session.commit()
        assert time.monotonic() < deadline, f"not all arrived within {SECONDS_TO_ARRIVE} seconds"
        if mailbox.messages and kills < 3:
            kills += 1
            working[kills % 2].kill()
            working[kills % 2] = start_worker()
        time.sleep(0.3)
    assert kills == 3
    for of in range(1, 9):
        numbers = arrived(mailbox, of)
        # What a killed worker had handed over and not noted comes once more, under the same Message-ID.
        assert all(earlier <= later for earlier, later in pairwise(numbers)), numbers
        assert sorted(set(numbers)) == [1, 2, 3, 4, 5]


def test_claiming_stays_a_look_in_the_indexes_with_thirty_thousand_mails(app: Flask, database_kind: str) -> None:
    queue(1)
    template = {
        c.name: getattr(db.session.scalars(select(OutgoingMail)).one(), c.name) for c in OutgoingMail.__table__.c
    }
    db.session.commit()
    rows = [
        template
        | {"id": number, "dedupe_key": str(number), "message_id": str(number), "person_id": number % 500}
        | {"state": MailState.QUEUED if number % 60 < 6 else MailState.SENT}
        | {"next_attempt_at": clock.now() - timedelta(seconds=number)}
        for number in range(2, 30_001)
    ]
    with transaction():
        db.session.execute(insert(OutgoingMail), rows)
        db.session.execute(update(OutgoingMail).where(OutgoingMail.id % 7 == 0).values(calendar_method=None))
    with db.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))
    mine = (*sender._due(clock.now()), sender._in_turn())
    first = select(OutgoingMail.id).where(*mine).order_by(OutgoingMail.next_attempt_at, OutgoingMail.id).limit(1)
    plan = explained(first, database_kind)
    assert "ix_outgoing_mails_calendars" in plan, plan
    assert "ix_outgoing_mails_due" in plan, plan
    assert "SCAN outgoing_mails" not in plan, plan
    assert "Seq Scan" not in plan, plan
    asked_at = time.perf_counter()
    assert sender._claim_one(clock.now()) is not None
    assert time.perf_counter() - asked_at < 0.5


def explained(statement: "select", database_kind: str) -> str:
    sql = str(statement.compile(db.engine, compile_kwargs={"literal_binds": True}))
    how = "EXPLAIN QUERY PLAN" if database_kind == "sqlite" else "EXPLAIN"
    return "\n".join(str(row) for row in db.session.execute(text(f"{how} {sql}".replace(":", "\\:"))))
