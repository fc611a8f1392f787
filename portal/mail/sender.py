"""Sending what is queued. Only the worker calls this: nothing else in the portal speaks SMTP.

A mail is claimed by a conditional UPDATE that gives it a lease. A worker that dies in the middle leaves the lease to
expire, and the mail is sent then: at least once, always under the same Message-ID.

What is said to a calendar is said in the order in which it happened: a mail with a calendar is not claimed while an
earlier one with a calendar for the same person is still to go, so that a CANCEL never overtakes the REQUEST that
waits for its next try, nor one that the office holds up. One that was given up, or that the office dropped, holds
nothing up: what comes later says more, and says it with a higher SEQUENCE."""

import logging
import smtplib
import ssl
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any

from flask import current_app
from flask_mail import Connection
from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import aliased

from portal import audit, clock
from portal.audit import Actor, Event
from portal.config import Settings
from portal.db import db, transaction
from portal.mail.events import MailFailed
from portal.mail.mime import build_message, envelope_address
from portal.mail.models import STILL_TO_GO, MailState, OutgoingMail
from portal.mail.retry import next_attempt_at

# Longer than the slowest conversation with a mail server (each step at most SECONDS_TO_ANSWER), so that nobody else
# sends a mail that is being sent.
LEASE = timedelta(minutes=10)
SECONDS_TO_ANSWER = 30
AT_ONCE = 50
log = logging.getLogger("portal.mail")


class MailServer(Connection):
    """Flask-Mail's connection, opened at the first mail and kept for the batch, with an end to waiting and, over TLS,
    a look at the server's certificate."""

    host: smtplib.SMTP | None

    def __enter__(self) -> "MailServer":
        return self

    def __exit__(self, *_reason: object) -> None:
        if self.host is not None:
            try:
                self.host.quit()
            except (OSError, smtplib.SMTPException):
                pass  # It was hung up on us; the mail has been handed over or not, and we know which.

    def configure_host(self) -> smtplib.SMTP:
        host = smtplib.SMTP(self.mail.server, self.mail.port, timeout=SECONDS_TO_ANSWER)
        if self.mail.use_tls:
            host.starttls(context=ssl.create_default_context())
        if self.mail.username and self.mail.password:
            host.login(self.mail.username, self.mail.password)
        return host

    def send_mail(self, mail: OutgoingMail, settings: Settings, now: datetime) -> None:
        """Hands one mail to the server. Raises what smtplib raises, ValueError for an address that is not one."""
        message = build_message(mail, sender=settings.mail_from, reply_to=settings.office_mail, sent_at=now)
        if self.host is None:
            self.host = self.configure_host()
        sender = envelope_address(parseaddr(settings.mail_from)[1])
        self.host.send_message(message, sender, [envelope_address(mail.to_address)])


def send_due(now: datetime) -> int:
    """Sends the mail that is due, at most fifty at once over one connection. Returns how many were dealt with, or 0
    when the connection failed: the rest stays due, but knocking again for each would take half a minute a mail.

    In a demo without a mail server mail is kept for /demo/post instead."""
    settings: Settings = current_app.config["PORTAL"]
    if not settings.sends_mail:
        return _keep_all(now)
    dealt_with = 0
    with MailServer(current_app.extensions["mail"]) as server:
        while dealt_with < AT_ONCE:
            mail = _claim_one(clock.now())
            if mail is None:
                break
            dealt_with += 1
            if not _send(server, mail, settings):
                return 0
    return dealt_with


def _send(server: MailServer, mail: OutgoingMail, settings: Settings) -> bool:
    """Sends a claimed mail and writes down how it went. False when the connection is of no more use."""
    try:
        server.send_mail(mail, settings, clock.now())
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as refusal:
        code, words = _answer(refusal)
        _note_refusal(mail, f"{code} {words}", is_final=code >= 500)
        return code != 421
    except (ValueError, smtplib.SMTPNotSupportedError) as fault:
        _note_refusal(mail, f"{type(fault).__name__}: {fault}", is_final=True)
        return True
    except (OSError, smtplib.SMTPException) as fault:
        # Of the server or the way there, or of our own name and password: not of this mail, so it is tried again.
        _note_refusal(mail, f"{type(fault).__name__}: {fault}", is_final=False)
        return False
    _note(mail, state=MailState.SENT, sent_at=clock.now(), last_error=None)
    return True


def _claim_one(now: datetime) -> OutgoingMail | None:
    """The mail that is due longest, with a lease on it for this worker; None when nothing is due."""
    mine = (*_due(now), _in_turn())
    first = select(OutgoingMail.id).where(*mine).order_by(OutgoingMail.next_attempt_at, OutgoingMail.id).limit(1)
    if db.session.scalar(first) is None:
        db.session.rollback()
        return None
    with transaction():
        while (mail_id := db.session.scalar(first)) is not None:
            claimed = db.session.execute(
                update(OutgoingMail)
                .where(OutgoingMail.id == mail_id, *mine)
                .values(leased_until=now + LEASE, attempts=OutgoingMail.attempts + 1)
                .returning(OutgoingMail.id)
            ).first()
            if claimed:
                break
    mail = db.session.get(OutgoingMail, mail_id, populate_existing=True) if mail_id is not None else None
    if mail is not None:
        db.session.expunge(mail)
    # A mail server may take half a minute; a transaction that stayed open that long would stand in others' way.
    db.session.rollback()
    return mail


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        OutgoingMail.state == MailState.QUEUED,
        OutgoingMail.next_attempt_at <= now,
        or_(OutgoingMail.leased_until.is_(None), OutgoingMail.leased_until <= now),
    )


def _in_turn() -> ColumnElement[bool]:
    """That no earlier calendar for the same person is still to go. One look in ix_outgoing_mails_calendars a mail."""
    earlier = aliased(OutgoingMail)
    waits = select(earlier.id).where(
        and_(earlier.calendar_method.is_not(None), earlier.person_id == OutgoingMail.person_id),
        and_(earlier.state.in_(STILL_TO_GO), earlier.id < OutgoingMail.id),
    )
    return or_(OutgoingMail.calendar_method.is_(None), ~waits.correlate(OutgoingMail).exists())


def _note_refusal(mail: OutgoingMail, reason: str, *, is_final: bool) -> None:
    again_at = None if is_final else next_attempt_at(mail.attempts, clock.now())
    log.warning("mail %s, attempt %s: %s", mail.id, mail.attempts, reason)
    if again_at is None:
        failed = MailFailed(
            mail_id=mail.id, attempts=mail.attempts, person_id=mail.person_id, edition_id=mail.edition_id
        )
        _note(mail, failed, state=MailState.FAILED, last_error=reason[:1000])
    else:
        _note(mail, state=MailState.QUEUED, next_attempt_at=again_at, last_error=reason[:1000])


def _note(mail: OutgoingMail, happened: Event | None = None, **values: Any) -> None:
    """Writes the outcome down, and in the log what `happened`, and gives the lease back, unless the lease has gone to
    somebody else meanwhile."""
    mail_id, lease = mail.id, mail.leased_until
    with transaction():
        mine = (OutgoingMail.id == mail_id, OutgoingMail.leased_until == lease)
        noted = db.session.execute(
            update(OutgoingMail).where(*mine).values(leased_until=None, **values).returning(OutgoingMail.id)
        ).first()
        if noted and happened:
            audit.record(happened, actor=Actor.system(), at=clock.now())


def _keep_all(now: datetime) -> int:
    if db.session.scalar(select(OutgoingMail.id).where(*_due(now)).limit(1)) is None:
        db.session.rollback()
        return 0
    with transaction():
        kept = db.session.execute(
            update(OutgoingMail).where(*_due(now)).values(state=MailState.KEPT).returning(OutgoingMail.id)
        ).all()
    return len(kept)


def _answer(refusal: smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError) -> tuple[int, str]:
    if isinstance(refusal, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(refusal.recipients.values()))
        return code, words.decode(errors="replace")
    words = refusal.smtp_error if isinstance(refusal.smtp_error, bytes) else refusal.smtp_error.encode()
    return refusal.smtp_code, words.decode(errors="replace")
