"""A table of changes and what each of them sends and keeps in the log.

A mail's line says its kind, to whom, and of the calendar that goes along the method, how many events and their
SEQUENCE; 'later' when it waits until the office can no longer stop it. An entry that stands there several times running
is one line. What happens is told by `deed`, after what happened `before`."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import pytest
import time_machine
from icalendar import Calendar
from sqlalchemy import select

from portal import audit
from portal.audit import Actor
from portal.db import db, transaction
from portal.errors import DomainError
from portal.mail import OutgoingMail
from tests import enrolment_deeds as deeds
from tests.enrolment_deeds import NOW, Deed, Scene


@dataclass(frozen=True)
class Change:
    """One change, by each of those who may make it; `refused`: by those who may not, and then nothing happens."""

    what: str
    by: str
    deed: Deed
    mails: tuple[str, ...] = ()
    log: tuple[str, ...] = ()
    before: Deed | None = None
    refused: bool = False


def lines_of(table: Iterable[Change]) -> list[Any]:
    """One test for each change and each of those who make it."""
    return [pytest.param(change, who, id=f"{change.what}, {who}") for change in table for who in change.by.split()]


def require_exactly(scene: Scene, change: Change, who: str) -> None:
    """Does it and asserts that these mails and entries are what came of it."""
    actor = deeds.by(scene, who)
    with time_machine.travel(NOW, tick=False):
        if change.before is not None:
            change.before(scene, actor)
        db.session.commit()
        mail_id = db.session.scalar(select(OutgoingMail.id).order_by(OutgoingMail.id.desc()).limit(1)) or 0
        seq = audit.list_entries(per_page=1).entries[0].seq
        _do(change, scene, actor)
    log, actors = log_after(seq)
    assert mails_after(mail_id) == change.mails
    assert log == change.log
    assert actors == ({(actor.kind, actor.id)} if change.log else set())


def mails_after(mail_id: int) -> tuple[str, ...]:
    found = select(OutgoingMail).where(OutgoingMail.id > mail_id).order_by(OutgoingMail.id)
    return tuple(_mail_in_words(mail) for mail in db.session.scalars(found))


def _mail_in_words(mail: OutgoingMail) -> str:
    words = f"{mail.kind} to {mail.to_address.removesuffix('@zorg.example')}"
    if mail.calendar:
        events = Calendar.from_ical(mail.calendar).walk("VEVENT")
        numbers = "/".join(sorted({str(event["sequence"]) for event in events}))
        words += f", {mail.calendar_method} of {len(events)} at {numbers}"
    return f"{words}, later" if mail.batch_id else words


def log_after(seq: int) -> tuple[tuple[str, ...], set[tuple[str, int | None]]]:
    """The tags, and who did it."""
    entries = [entry for entry in reversed(audit.list_entries(per_page=200).entries) if entry.seq > seq]
    runs = [(tag, len(list(same))) for tag, same in groupby(entry.tag for entry in entries)]
    lines = tuple(tag if times == 1 else f"{tag} x{times}" for tag, times in runs)
    return lines, {(entry.actor_kind, entry.actor_id) for entry in entries}


def _do(change: Change, scene: Scene, actor: Actor) -> None:
    """The deed in a transaction of its own, save where factories and the worker open one themselves."""
    opens_its_own = change.deed.__qualname__.startswith(("enrol.", "remind.", "worker_"))
    if opens_its_own:
        change.deed(scene, actor)
    elif change.refused:
        with pytest.raises(DomainError), transaction():
            change.deed(scene, actor)
    else:
        with transaction():
            change.deed(scene, actor)
