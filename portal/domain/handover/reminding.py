"""Editions whose people still wait for points, for the worker: the office hears of it after 1, 15 and 30 days."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.clock import local, local_date
from portal.db import db, transaction
from portal.domain.enrolment.policy import current_policy
from portal.domain.enrolment.reminder_rules import HOUR
from portal.domain.handover import mails
from portal.domain.handover.models import HandoverReminder
from portal.domain.handover.queries import get_head
from portal.domain.handover.rows import list_rows
from portal.domain.handover.rules import NO_LONGER_REMINDED, RowState, due_on, reminder_of
from portal.domain.handover.subjects import last_meetings, open_pairs

# Rows of these wait for the office; the others wait for a register or for nobody.
FOR_THE_OFFICE = frozenset({RowState.TO_SEND, RowState.REFUSED, RowState.CHANGED})


def remind_to_hand_over(now: datetime) -> int:
    """Reminds of the next edition that is due, at nine o'clock; returns 0 when there is none. For the worker: it opens
    its own transaction. Raises SQLAlchemyError when the database fails; the next call goes on."""
    due = _find_due(now)
    if due is None:
        return 0
    register, edition_id, days = due
    with transaction():
        policy = current_policy(now)
        head = get_head(register, edition_id, policy.handover_days)
        if not _note(register, edition_id, days, now) or head.ended_at is None:
            return 1
        rows = list_rows([edition_id], register).get((register, edition_id), [])
        waiting = sum(row.state in FOR_THE_OFFICE for row in rows)
        last_on = local_date(head.ended_at)
        if waiting:
            ago = (local_date(now) - last_on).days
            mails.still_to_hand_over(head, waiting, ago, due_on(last_on, policy.handover_days), now)
    return 1


def _find_due(now: datetime) -> tuple[str, int, int] | None:
    """(register, edition, which reminder) of the edition that ended first. Two queries."""
    pairs, ended = open_pairs().subquery("pairs"), last_meetings()
    oldest = now - NO_LONGER_REMINDED - timedelta(days=2)
    found = db.session.execute(
        select(pairs.c.register_code, pairs.c.edition_id, ended.c.ended_at)
        .join(ended, ended.c.edition_id == pairs.c.edition_id)
        .where(ended.c.ended_at <= now, ended.c.ended_at > oldest)
        .order_by(ended.c.ended_at, pairs.c.edition_id, pairs.c.register_code)
    ).all()
    sent: dict[tuple[str, int], set[int]] = {}
    of_these = HandoverReminder.edition_id.in_({row.edition_id for row in found})
    for row in db.session.scalars(select(HandoverReminder).where(of_these)):
        sent.setdefault((row.register_code, row.edition_id), set()).add(row.days)
    for one in found:
        key = one.register_code, one.edition_id
        days = reminder_of(days_since(one.ended_at, now), sent.get(key, set()))
        if days:
            return *key, days
    return None


def days_since(ended_at: datetime, now: datetime) -> int:
    """Days since the day of a last meeting; a day counts from nine o'clock on."""
    return (local_date(now) - local_date(ended_at)).days - (local(now).time() < HOUR)


def _note(register: str, edition_id: int, days: int, now: datetime) -> bool:
    """That this was told; False when another worker did so at the same moment."""
    try:
        with db.session.begin_nested():
            db.session.add(HandoverReminder(edition_id=edition_id, register_code=register, days=days, reminded_at=now))
    except IntegrityError:
        return False
    return True
