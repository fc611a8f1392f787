"""Reading what calendar programs answered, and asking who "declined" whether that is so.

For the worker: one look a minute in the mailbox of replies, by one worker at a time. Each mail has a transaction of its
own, and is marked as read only when that is committed; how far the look came is written down at its end. So a worker
that dies in the middle leaves mail that is read once more, and counted once. A mail that cannot be read is counted and
never looked at again; one that the database could not take just now is, and keeps no other from being read."""

import logging
from datetime import datetime, timedelta
from enum import Enum

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError

from portal import clock
from portal.config import Settings
from portal.db import db, transaction
from portal.documents.reply import Reply, ReplyMail, read_reply
from portal.domain.accounts.queries import get_person
from portal.domain.calendar.replies import Question, note_reply
from portal.domain.enrolment import decline_mails
from portal.domain.enrolment.models import Enrolment, Seat
from portal.domain.enrolment.queries import get_edition
from portal.domain.enrolment.rules import EnrolmentState
from portal.mail.inbox import Inbox, InboxFault
from portal.mail.reply_reading import Look, Tally, claim_look, finish_look

AT_ONCE = 50
# The worker has more to do; and the lease on a look must hold until its end.
LONGEST_LOOK = timedelta(seconds=60)
# What is older was answered long ago: also when the server counts its messages anew.
REACHES_BACK = timedelta(days=30)
log = logging.getLogger("portal.replies")


class Found(Enum):
    """What a mail turned out to be. `later`: not to be told yet."""

    ANSWER = "answer"
    OTHER = "other"
    UNREADABLE = "unreadable"
    LATER = "later"


def read_replies(now: datetime) -> int:
    """Looks in the mailbox of replies when that is due. Returns how many mails were looked at."""
    settings: Settings = current_app.config["PORTAL"]
    if not settings.reads_replies:
        return 0
    look = claim_look(settings.reply_mailbox, now)
    if look is None:
        return 0
    progress = _Progress(look)
    try:
        with Inbox(settings.reply_mailbox) as inbox:
            progress.begin(inbox)
            _read_all(inbox, progress, now)
    except InboxFault as fault:
        log.warning("the mailbox of replies: %s", fault)
        progress.error = str(fault)
    progress.finish()
    return progress.looked_at


class _Progress:
    """How far one look came. It comes no further than the first mail that has to be read again."""

    def __init__(self, look: Look) -> None:
        self.look, self.tally, self.looked_at = look, Tally(), 0
        self.uid_validity, self.reached = look.uid_validity, look.last_uid
        self.more, self.held, self.error = False, False, ""

    def begin(self, inbox: Inbox) -> None:
        if inbox.uid_validity != self.uid_validity:
            self.uid_validity, self.reached = inbox.uid_validity, 0

    def note(self, number: int, found: Found) -> None:
        self.looked_at += 1
        self.held = self.held or found is Found.LATER
        if self.held:
            return
        self.reached = number
        self.tally.answers += found is Found.ANSWER
        self.tally.others += found is Found.OTHER
        self.tally.unreadable += found is Found.UNREADABLE

    def finish(self) -> None:
        finish_look(
            self.look,
            self.tally,
            clock.now(),
            uid_validity=self.uid_validity,
            last_uid=self.reached,
            more=self.more and not self.held,
            error=self.error,
        )


def _read_all(inbox: Inbox, progress: _Progress, now: datetime) -> None:
    since = clock.local_date(now - REACHES_BACK)
    numbers = inbox.list_numbers(after=progress.reached, since=since)
    progress.more = len(numbers) > AT_ONCE
    for number in numbers[:AT_ONCE]:
        if clock.now() - now > LONGEST_LOOK:
            progress.more = True
            return
        found = _take_in(inbox.read(number), number)
        if found is Found.ANSWER:
            inbox.mark_read(number)
        progress.note(number, found)


def _take_in(data: bytes, number: int) -> Found:
    """Reads one mail and notes its answers, all or none. Names it in the log by its number only."""
    try:
        mail = read_reply(data)
        if not mail.replies:
            return Found.OTHER
        with transaction():
            is_ours = [_note(mail, reply, clock.now()) for reply in mail.replies]
        return Found.ANSWER if any(is_ours) else Found.OTHER
    except (OperationalError, IntegrityError) as fault:
        log.warning("reply %s is read again later: %s", number, type(fault).__name__)
        return Found.LATER
    except Exception:
        # Whatever it is that somebody sent us, the mails behind it are read.
        log.exception("reply %s cannot be read", number)
        return Found.UNREADABLE


def _note(mail: ReplyMail, reply: Reply, now: datetime) -> bool:
    """Notes one of its answers; whether it names an invitation of ours."""
    is_ours, question = note_reply(reply=reply, key=mail.key, sender=mail.sender, now=now)
    if question is not None and question.as_participant:
        _ask(question, now)
    return is_ours


def _ask(question: Question, now: datetime) -> None:
    """Mails a participant the question. What a trainer's calendar says is for the office: they arrange who gives it."""
    enrolment_id = db.session.scalar(
        select(Enrolment.id)
        .join(Seat, Seat.enrolment_id == Enrolment.id)
        .where(
            Seat.meeting_id == question.meeting_id,
            Seat.released_at.is_(None),
            Enrolment.person_id == question.person_id,
            Enrolment.state == EnrolmentState.ENROLLED,
        )
        .order_by(Enrolment.id)
        .limit(1)
    )
    if enrolment_id is not None:
        edition = get_edition(question.edition_id)
        decline_mails.is_that_so(get_person(question.person_id), enrolment_id, edition, question, now)
