"""The process that does what is due: `flask --app wsgi worker`.

What is due stands in the database, claimed by a lease, so nothing is lost when this process is killed; it is done when
the lease is over. SIGTERM and SIGINT end it after the piece of work in hand."""

import logging
import signal
import time
from datetime import datetime, timedelta
from typing import Protocol

from portal import clock, heartbeat
from portal.audit import seal_when_due
from portal.db import db
from portal.domain.attendance.reports import forget_reports
from portal.domain.attendance.unfinished import ask_to_finish
from portal.domain.certificates.issue_runs import work_on_runs
from portal.domain.enrolment.declines import read_replies
from portal.domain.enrolment.edition_life import work_on_editions
from portal.domain.enrolment.offers import lapse_offers
from portal.domain.enrolment.places import do_what_is_due_for_places
from portal.domain.enrolment.reminders import remind_due
from portal.domain.handover.reminding import remind_to_hand_over
from portal.domain.handover.sendings import work_on_sendings
from portal.domain.quality.asking import work_on_evaluations
from portal.mail.sender import send_due


class DueWork(Protocol):
    """Does a small piece of what is due at an instant, in transactions of its own; returns how many things it did."""

    __module__: str
    __name__: str

    def __call__(self, now: datetime, /) -> int: ...


DUE_WORK: tuple[DueWork, ...] = (
    send_due,
    work_on_editions,
    lapse_offers,
    work_on_runs,
    seal_when_due,
    remind_due,
    do_what_is_due_for_places,
    work_on_evaluations,
    ask_to_finish,
    remind_to_hand_over,
    work_on_sendings,
    read_replies,
    forget_reports,
)
SECONDS_BETWEEN_LOOKS = 1.0
SECONDS_AFTER_A_FAULT = 5.0
BEAT_EVERY = timedelta(seconds=10)
log = logging.getLogger("portal.worker")


def work_once(due_work: tuple[DueWork, ...] = DUE_WORK) -> int:
    """Does all that is due now and returns how many things that were. A fault is raised and ends it."""
    done = 0
    heartbeat.beat(clock.now())
    while some := sum(work(clock.now()) for work in due_work):
        done += some
    db.session.remove()
    return done


def work_until_stopped(due_work: tuple[DueWork, ...] = DUE_WORK) -> None:
    """Does what is due, again and again, until SIGTERM or SIGINT. A fault in one kind of work is logged and does not
    keep the others from being done."""
    asked_to_stop: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _frame: asked_to_stop.append(number))
    beat_at: datetime | None = None
    while not asked_to_stop:
        if beat_at is None or clock.now() - beat_at >= BEAT_EVERY:
            beat_at = clock.now()
            _try(_beat)
        outcomes = [_try(work) for work in due_work if not asked_to_stop]
        wait = SECONDS_AFTER_A_FAULT if None in outcomes else 0.0 if any(outcomes) else SECONDS_BETWEEN_LOOKS
        until = time.monotonic() + wait
        while not asked_to_stop and time.monotonic() < until:
            time.sleep(0.1)


def _beat(now: datetime) -> int:
    heartbeat.beat(now)
    return 0


def _try(work: DueWork) -> int | None:
    """How much was done, or None after a fault, which is logged."""
    try:
        return work(clock.now())
    except Exception:
        log.exception("%s.%s failed", work.__module__, work.__name__)
        return None
    finally:
        db.session.remove()
