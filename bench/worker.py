"""How much memory the worker has used after a day's work in one go: the real process, on real rows."""

import subprocess
import time

from flask import Flask
from sqlalchemy import func, select

from bench.dataset import TO_CERTIFY, Landmarks
from bench.memory import Held, children_of, held_by
from bench.result import Row
from bench.servers import BIN, ROOT, application, own_environment
from portal import clock
from portal.audit import Actor
from portal.db import db, transaction
from portal.domain.accounts.models import Person
from portal.domain.certificates.issue_runs import request_issue
from portal.domain.certificates.models import Certificate, IssueRunItem
from portal.mail import Letter, Recipient, enqueue
from portal.mail.models import MailState, OutgoingMail
from tests.plugins.mail import serve_mailbox

GROUP = "The worker"
MAILS = 50
MIB = 120
SECONDS = 120
EVERY = 0.05


def measure(environment: dict[str, str], landmarks: Landmarks, where: str) -> list[Row]:
    """Queues fifty mails and forty certificates, lets `flask worker --once` do them, and watches its memory."""
    with application(environment) as app:
        prepare(app, landmarks)
    with serve_mailbox() as mailbox:
        mail = {"PORTAL_MAIL_SERVER": mailbox.host, "PORTAL_MAIL_PORT": str(mailbox.port)}
        seconds, worker, typesetter = watch(own_environment() | environment | mail)
        sent = len(mailbox.messages)
    with application(environment):
        waiting = db.session.scalar(select(func.count()).where(OutgoingMail.state != MailState.SENT))
        issued = db.session.scalar(
            select(func.count())
            .select_from(Certificate)
            .join(IssueRunItem, IssueRunItem.enrolment_id == Certificate.enrolment_id)
        )
    if waiting or issued != TO_CERTIFY or sent < MAILS + TO_CERTIFY:
        raise RuntimeError(f"{sent} mails sent, {waiting} waiting, {issued} of {TO_CERTIFY} certificates issued")
    note = f"{sent} mails and {issued} certificates in {seconds:.1f} s"
    return [
        Row(GROUP, "memory after its work", where, round(worker.now, 1), "MiB", MIB, note),
        Row(GROUP, "memory at its highest", where, round(worker.peak, 1), "MiB", MIB),
        Row(GROUP, "its typesetter at its highest", where, round(typesetter.peak, 1), "MiB", None, "ends when idle"),
    ]


def prepare(app: Flask, landmarks: Landmarks) -> None:
    """Mails for fifty people, and a batch of certificates that the office asked for."""
    people = db.session.execute(select(Person.id, Person.email, Person.name).order_by(Person.id).limit(MAILS)).all()
    now = clock.now()
    with app.test_request_context(), transaction():
        for row in people:
            letter = Letter(subject="Je doet mee met SamenKracht", paragraphs=("Tot dan.",))
            enqueue(
                letter,
                kind="bench.hello",
                to=Recipient(row.email, row.name, "nl", row.id),
                dedupe_key=f"bench:{row.id}",
                now=now,
            )
        request_issue(edition_id=landmarks.finished, actor=Actor.person(1), now=now)


def watch(environment: dict[str, str]) -> tuple[float, Held, Held]:
    """Runs the worker until it has done all; seconds, what it held last, and what the process held that prints."""
    begun = time.monotonic()
    command = [BIN / "flask", "--app", "wsgi", "worker", "--once"]
    worker = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    last = typesetter = Held()
    while worker.poll() is None:
        for child in children_of(worker.pid):
            typesetter = max(typesetter, held_by(child), key=lambda held: held.peak)
        held = held_by(worker.pid)
        # A process that is ending has given its memory back already.
        last = held if held.now else last
        if time.monotonic() - begun > SECONDS:
            worker.kill()
            raise RuntimeError(f"the worker was not done within {SECONDS} seconds")
        time.sleep(EVERY)
    if worker.returncode != 0:
        raise RuntimeError(f"the worker ended with {worker.returncode}")
    return time.monotonic() - begun, last, typesetter
