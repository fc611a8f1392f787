"""Evaluations for the worker: opening them, asking people, and forgetting who was asked, each in its own transaction.

Stopped or killed between two transactions nothing is lost and nobody is asked twice: that somebody was asked is noted
in the transaction that queues the mail. Whose attendance is marked later is asked later, as long as the evaluation is
open."""

from datetime import datetime

from portal.audit import Actor
from portal.db import transaction
from portal.domain.enrolment.policy import current_policy
from portal.domain.quality.commands import ask_people, forget_asked, open_evaluation
from portal.domain.quality.queries import find_to_ask, find_to_forget, find_to_open
from portal.domain.quality.rules import window


def work_on_evaluations(now: datetime) -> int:
    """Opens an evaluation, asks a portion of people, forgets who was asked; how many things that were, 0 when nothing
    is due. For the worker. Raises SQLAlchemyError when the database fails; the next call goes on."""
    return _open(now) + _ask(now) + _forget(now)


def _open(now: datetime) -> int:
    policy = current_policy(now)
    days, open_days = policy.evaluation_days, policy.evaluation_open_days
    ended = find_to_open(days, open_days, now)
    if ended is None:
        return 0
    with transaction():
        open_evaluation(edition_id=ended.edition_id, window=window(ended.ended_at, days, open_days))
    return 1


def _ask(now: datetime) -> int:
    edition_id = find_to_ask(now)
    if edition_id is None:
        return 0
    with transaction():
        return len(ask_people(edition_id=edition_id, actor=Actor.system(), now=now))


def _forget(now: datetime) -> int:
    edition_id = find_to_forget(now)
    if edition_id is None:
        return 0
    with transaction():
        return forget_asked(edition_id=edition_id, actor=Actor.system(), now=now)
