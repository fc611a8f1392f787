"""Mails of one deed of the office wait together, so that they can be held up.

A command opens a batch around what it mails; the mails are queued as always and become due when the wait is over. Until
the worker has taken one it can be stopped, sent at once, or, once stopped, released or dropped. The deed itself stands
whatever becomes of its mails."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, func, or_, select, update

from portal import audit
from portal.audit import Actor, Event
from portal.db import db
from portal.errors import Conflict, NotFound
from portal.language import _
from portal.mail.events import MailsDropped, MailsHurried, MailsReleased, MailsStopped
from portal.mail.models import MailBatch, MailState, OutgoingMail

_open: ContextVar[MailBatch | None] = ContextVar("mail_batch", default=None)


@dataclass(frozen=True)
class BatchRow:
    """A deed of which mails wait or are stopped. `deed`: the tag of what the log notes of it."""

    id: int
    deed: str
    edition_id: int | None
    made_by_id: int | None
    made_at: datetime
    goes_at: datetime
    waiting: int
    stopped: int

    def minutes_left(self, now: datetime) -> int:
        """Whole minutes until the mails go; 1 in the last."""
        return max(0, -((now - self.goes_at) // timedelta(minutes=1)))


@contextmanager
def waiting(
    *, deed: str, wait: timedelta, edition_id: int | None = None, actor: Actor, now: datetime
) -> Iterator[None]:
    """Lets all mail that is queued inside wait together. Nothing waits when `wait` is nothing, and a batch to which
    nothing was queued leaves no trace. One inside another raises RuntimeError: a deed is one."""
    if _open.get() is not None:
        raise RuntimeError("one deed inside another: which of them do these mails tell of?")
    if not wait:
        yield
        return
    batch = MailBatch(deed=deed, edition_id=edition_id, made_by_id=actor.id, made_at=now, goes_at=now + wait)
    db.session.add(batch)
    db.session.flush()
    token = _open.set(batch)
    try:
        yield
    finally:
        _open.reset(token)
    if db.session.scalar(select(OutgoingMail.id).where(OutgoingMail.batch_id == batch.id).limit(1)) is None:
        db.session.delete(batch)
        db.session.flush()


def open_batch() -> MailBatch | None:
    """The batch around what is being queued now."""
    return _open.get()


def stop_batch(*, batch_id: int, actor: Actor, now: datetime) -> int:
    """Holds up every mail of a batch that the worker has not taken yet. Returns how many; Conflict when none is
    left."""
    batch, mails = _turn(batch_id, _not_taken(), MailState.STOPPED)
    _note(MailsStopped(mail_batch_id=batch.id, edition_id=batch.edition_id, mails=mails), mails, actor, now)
    return mails


def hurry_batch(*, batch_id: int, actor: Actor, now: datetime) -> int:
    """Sends the waiting mails of a batch at once. Returns how many; Conflict when none waits any more."""
    batch, mails = _turn(batch_id, (*_not_taken(), OutgoingMail.next_attempt_at > now), MailState.QUEUED, now)
    _note(MailsHurried(mail_batch_id=batch.id, edition_id=batch.edition_id, mails=mails), mails, actor, now)
    return mails


def release_batch(*, batch_id: int, actor: Actor, now: datetime) -> int:
    """Sends what was stopped after all. Returns how many mails; Conflict when none is stopped any more."""
    batch, mails = _turn(batch_id, (OutgoingMail.state == MailState.STOPPED,), MailState.QUEUED, now)
    _note(MailsReleased(mail_batch_id=batch.id, edition_id=batch.edition_id, mails=mails), mails, actor, now)
    return mails


def drop_batch(*, batch_id: int, actor: Actor, now: datetime) -> int:
    """Never sends what was stopped; later calendar mail to these people no longer waits for it. Returns how many;
    Conflict when none is stopped any more."""
    batch, mails = _turn(batch_id, (OutgoingMail.state == MailState.STOPPED,), MailState.DROPPED)
    _note(MailsDropped(mail_batch_id=batch.id, edition_id=batch.edition_id, mails=mails), mails, actor, now)
    return mails


def list_batches(*, edition_id: int | None = None, now: datetime, limit: int = 20) -> list[BatchRow]:
    """Batches, of one edition or all, of which mails wait or are stopped, the oldest first. One query."""
    is_stopped = OutgoingMail.state == MailState.STOPPED
    is_waiting = (OutgoingMail.state == MailState.QUEUED) & (OutgoingMail.next_attempt_at > now)
    found = (
        select(
            *[MailBatch.__table__.c[name] for name in ("id", "deed", "edition_id", "made_by_id", "made_at", "goes_at")],
            func.sum(case((is_waiting, 1), else_=0)).label("waiting"),
            func.sum(case((is_stopped, 1), else_=0)).label("stopped"),
        )
        .join(OutgoingMail, OutgoingMail.batch_id == MailBatch.id)
        .where(or_(is_stopped, is_waiting & (OutgoingMail.attempts == 0)))
        .group_by(MailBatch.id)
        .order_by(MailBatch.id)
        .limit(limit)
    )
    if edition_id is not None:
        found = found.where(MailBatch.edition_id == edition_id)
    return [BatchRow(**row._mapping) for row in db.session.execute(found)]


def get_batch(batch_id: int) -> MailBatch:
    """The batch, or NotFound."""
    batch = db.session.get(MailBatch, batch_id)
    if batch is None:
        raise NotFound
    return batch


def _not_taken() -> tuple[ColumnElement[bool], ...]:
    """The worker counts an attempt in the statement that takes a mail, so of the two only one finds it like this."""
    return (OutgoingMail.state == MailState.QUEUED, OutgoingMail.attempts == 0)


def _turn(
    batch_id: int, wanted: tuple[ColumnElement[bool], ...], to: MailState, goes_at: datetime | None = None
) -> tuple[MailBatch, int]:
    batch = get_batch(batch_id)
    turned = update(OutgoingMail).where(OutgoingMail.batch_id == batch_id, *wanted).values(state=to)
    if goes_at is not None:
        turned = turned.values(next_attempt_at=goes_at)
    turned = turned.returning(OutgoingMail.id).execution_options(synchronize_session=False)
    return batch, len(db.session.scalars(turned).all())


def _note(happened: Event, mails: int, actor: Actor, now: datetime) -> None:
    if not mails:
        raise Conflict(_("Daar is het te laat voor: deze mails wachten niet meer."))
    audit.record(happened, actor=actor, at=now)
