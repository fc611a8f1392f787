"""The process that does what is due: `flask --app wsgi worker`.

What is due stands in the database, claimed by a lease, so nothing is lost when this process is killed; it is done when
the lease is over. SIGTERM and SIGINT end it after the piece of work in hand."""

import logging
import signal
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from portal import clock, heartbeat
from portal.db import db
from portal.domain.certificates.issue_runs import work_on_runs
from portal.mail.sender import send_due

DueWork = Callable[[datetime], int]
# Each does a small piece of what is due at an instant, in transactions of its own, and returns how many things it did.
DUE_WORK: tuple[DueWork, ...] = (send_due, work_on_runs)
SECONDS_BETWEEN_LOOKS = 1.0
SECONDS_AFTER_A_FAULT = 5.0
BEAT_EVERY = timedelta(seconds=10)
log = logging.getLogger("portal.worker")


def work_once(due_work: tuple[DueWork, ...] = DUE_WORK) -> int:
    """Does all that is due now and returns how many things that were. A fault ends it."""
    done = 0
    heartbeat.beat(clock.now())
    while some := sum(work(clock.now()) for work in due_work):
        done += some
    db.session.remove()
    return done


def work_until_stopped(due_work: tuple[DueWork, ...] = DUE_WORK) -> None:
    """Does what is due, again and again, until SIGTERM or SIGINT. A fault in one kind of work is logged and does not
    keep the others from being done."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    beat_at: datetime | None = None
    while not stop.is_set():
        wait = SECONDS_BETWEEN_LOOKS
        try:
            if beat_at is None or clock.now() - beat_at >= BEAT_EVERY:
                beat_at = clock.now()
                heartbeat.beat(beat_at)
        except Exception:
            log.exception("no sign of life could be given")
        for work in due_work:
            if stop.is_set():
                break
            try:
                if work(clock.now()):
                    wait = 0.0
            except Exception:
                log.exception("%s failed", work.__module__)
                wait = SECONDS_AFTER_A_FAULT
            finally:
                db.session.remove()
        stop.wait(wait)
