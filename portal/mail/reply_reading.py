"""Who looks in the mailbox of replies, when, and how far they came: a row that a worker claims by a lease."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError

from portal.config import ReplyMailbox
from portal.db import db, transaction
from portal.mail.models import ReplyReading

LOOK_EVERY = timedelta(minutes=1)
# A server that does not answer is not asked every minute.
LOOK_AFTER_A_FAULT = timedelta(minutes=5)
# Longer than a look takes (domain/enrolment/declines.py): two workers never look at once.
LEASE = timedelta(minutes=10)


@dataclass(frozen=True)
class Look:
    """One look into a mailbox, by whoever holds it until `until`."""

    account: str
    uid_validity: str
    last_uid: int
    until: datetime


@dataclass
class Tally:
    """What one look came across: answers to invitations, other mail, mail that could not be read at all."""

    answers: int = 0
    others: int = 0
    unreadable: int = 0


def claim_look(mailbox: ReplyMailbox, now: datetime) -> Look | None:
    """The next look, when it is due and nobody else is at it."""
    account = f"{mailbox.username}@{mailbox.host}/{mailbox.folder}"[:300]
    due = (
        ReplyReading.account == account,
        ReplyReading.next_look_at <= now,
        or_(ReplyReading.leased_until.is_(None), ReplyReading.leased_until <= now),
    )
    known = db.session.scalar(select(ReplyReading.account).where(ReplyReading.account == account))
    ready = known is None or db.session.scalar(select(ReplyReading.account).where(*due)) is not None
    db.session.rollback()
    if not ready:
        return None
    if known is None and not _begin(account, now):
        return None
    with transaction():
        claimed = db.session.execute(
            update(ReplyReading)
            .where(*due)
            .values(leased_until=now + LEASE)
            .returning(ReplyReading.uid_validity, ReplyReading.last_uid)
        ).first()
    return Look(account, claimed.uid_validity, claimed.last_uid, now + LEASE) if claimed else None


def _begin(account: str, now: datetime) -> bool:
    """Makes the row of a mailbox that was never read; False when another worker did so this very moment."""
    try:
        with transaction():
            db.session.add(ReplyReading(account=account, next_look_at=now))
    except IntegrityError:
        return False
    return True


def finish_look(
    look: Look, tally: Tally, now: datetime, *, uid_validity: str, last_uid: int, more: bool = False, error: str = ""
) -> None:
    """Writes down how far it came and gives the lease back, unless somebody else has it meanwhile. `more`: there is
    more to read at once."""
    wait = LOOK_AFTER_A_FAULT if error else timedelta(0) if more else LOOK_EVERY
    mine = (ReplyReading.account == look.account, ReplyReading.leased_until == look.until)
    with transaction():
        db.session.execute(
            update(ReplyReading)
            .where(*mine)
            .values(
                uid_validity=uid_validity,
                last_uid=last_uid,
                leased_until=None,
                looked_at=now,
                next_look_at=now + wait,
                last_error=error[:300],
                answers=ReplyReading.answers + tally.answers,
                others=ReplyReading.others + tally.others,
                unreadable=ReplyReading.unreadable + tally.unreadable,
            )
        )


def find_reading() -> ReplyReading | None:
    """How the mailbox that was looked at last stands; None when nobody reads replies."""
    found = select(ReplyReading).order_by(ReplyReading.looked_at.desc().nulls_last(), ReplyReading.account)
    return db.session.scalars(found.limit(1)).first()
