"""Queueing mail."""

import hashlib
from datetime import datetime

from flask import current_app, render_template
from sqlalchemy import select

from portal import audit
from portal.audit import Actor
from portal.db import db
from portal.errors import Conflict, NotFound
from portal.language import _, speaking
from portal.mail.batches import open_batch
from portal.mail.events import MailQueuedAgain, MailRepeated
from portal.mail.letter import Invitation, Letter, Recipient
from portal.mail.models import MailState, OutgoingMail

# What a mail that goes once more has in common with the one that was sent.
COPIED = (
    "kind",
    "person_id",
    "edition_id",
    "to_address",
    "to_name",
    "language",
    "subject",
    "text_body",
    "html_body",
    "calendar",
    "calendar_method",
)


def enqueue(
    letter: Letter,
    *,
    kind: str,
    to: Recipient,
    dedupe_key: str,
    now: datetime,
    edition_id: int | None = None,
    invitation: Invitation | None = None,
) -> OutgoingMail | None:
    """Renders a letter and queues it in the running transaction.

    Inside a batch (batches.waiting) it waits with the others of it. `kind` such as 'enrolment.enrolled' says which mail
    it is; `dedupe_key` names occasion and person ('enrolled:412'). Returns None, and queues nothing, when that occasion
    was mailed before."""
    if db.session.scalar(select(OutgoingMail.id).where(OutgoingMail.dedupe_key == dedupe_key)):
        return None
    with speaking(to.language):
        html = render_template("layout/email.html", letter=letter, to=to)
        plain = render_template("layout/email.txt", letter=letter, to=to)
    batch = open_batch()
    mail = OutgoingMail(
        kind=kind,
        dedupe_key=dedupe_key,
        message_id=_message_id(dedupe_key),
        person_id=to.person_id,
        edition_id=edition_id,
        to_address=_one_line(to.address),
        to_name=_one_line(to.name),
        language=to.language,
        subject=_one_line(letter.subject)[:250],
        text_body=plain,
        html_body=html,
        calendar=invitation.ics if invitation else None,
        calendar_method=invitation.method if invitation else None,
        queued_at=now,
        next_attempt_at=batch.goes_at if batch else now,
        batch_id=batch.id if batch else None,
    )
    db.session.add(mail)
    db.session.flush()
    return mail


def _message_id(dedupe_key: str) -> str:
    """The same occasion has the same Message-ID at every attempt, so that a mail sent twice is shown once."""
    settings = current_app.config["PORTAL"]
    digest = hashlib.sha256(f"{settings.secret_key}:{dedupe_key}".encode()).hexdigest()[:32]
    domain = settings.mail_from.rpartition("@")[2].strip("> ")
    return f"<{digest}@{domain}>"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def queue_again(*, mail_id: int, actor: Actor, now: datetime) -> int:
    """Has a mail that failed, or that its reader cannot find, sent once more. Returns the mail that will go.

    One that failed goes itself. One that was sent goes as a new mail: under the old Message-ID a mail program would
    take it for one that it has. Raises NotFound, and Conflict for one that is on its way already."""
    mail = db.session.scalar(select(OutgoingMail).where(OutgoingMail.id == mail_id).with_for_update())
    if mail is None:
        raise NotFound
    if mail.state == MailState.SENT:
        return _repeat(mail, actor=actor, now=now)
    if mail.state != MailState.FAILED:
        raise _on_its_way()
    mail.state, mail.attempts, mail.next_attempt_at, mail.leased_until = MailState.QUEUED, 0, now, None
    happened = MailQueuedAgain(mail_id=mail_id, person_id=mail.person_id, edition_id=mail.edition_id)
    audit.record(happened, actor=actor, at=now)
    return mail_id


def _repeat(sent: OutgoingMail, *, actor: Actor, now: datetime) -> int:
    occasion = f"repeat:{sent.id}:"
    before = db.session.scalars(
        select(OutgoingMail.state).where(OutgoingMail.dedupe_key.startswith(occasion, autoescape=True))
    ).all()
    if MailState.QUEUED in before:
        raise _on_its_way()
    key = f"{occasion}{len(before) + 1}"
    copied = {name: getattr(sent, name) for name in COPIED}
    mail = OutgoingMail(**copied, dedupe_key=key, message_id=_message_id(key), queued_at=now, next_attempt_at=now)
    db.session.add(mail)
    db.session.flush()
    happened = MailRepeated(mail_id=mail.id, repeats=sent.id, person_id=sent.person_id, edition_id=sent.edition_id)
    audit.record(happened, actor=actor, at=now)
    return mail.id


def _on_its_way() -> Conflict:
    return Conflict(_("Deze mail staat al klaar om te versturen."))
