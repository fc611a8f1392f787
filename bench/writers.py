"""Many who write at once: what the log costs them, and whether five seats stay five seats."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from flask import Flask
from sqlalchemy import func, select, update

from bench.result import Row
from bench.servers import application
from portal import audit, clock
from portal.audit import Actor, Event
from portal.db import db, transaction
from portal.domain.catalogue.models import Meeting
from portal.domain.enrolment import commands as enrolment
from portal.domain.enrolment.models import Enrolment, TermsVersion
from portal.domain.enrolment.participants import Participant
from portal.domain.enrolment.rules import ContractParty
from portal.errors import Conflict

GROUP = "Writing at once"
WRITERS = 8
SECONDS = 3.0
BUYERS = 60
SEATS = 5


@dataclass(frozen=True)
class Written(Event):
    """What the writers of the benchmark note."""

    tag: ClassVar[str] = "bench.written"
    meeting_id: int


def measure_log(environment: dict[str, str], where: str) -> list[Row]:
    """Transactions a second of eight writers who each change a row of their own, with and without an entry."""
    with application(environment) as app:
        meetings = list(db.session.scalars(select(Meeting.id).order_by(Meeting.id.desc()).limit(WRITERS)))
        db.session.rollback()
        # In turns, twice, so that a busy moment of the machine hits both.
        plain, noted = [], []
        for _ in range(2):
            plain.append(per_second(app, meetings, with_log=False))
            noted.append(per_second(app, meetings, with_log=True))
        broken = audit.verify()
    if broken:
        raise RuntimeError(f"the chain is broken at {broken.seq}: {broken.why}")
    without, with_log = sum(plain) / 2, sum(noted) / 2
    cost = f"{100 * (1 - with_log / without):.0f} % fewer than without"
    return [
        Row(GROUP, f"{WRITERS} writers without the log", where, round(without), "tx/s"),
        Row(GROUP, f"{WRITERS} writers with the log", where, round(with_log), "tx/s", None, cost),
    ]


def per_second(app: Flask, meetings: list[int], *, with_log: bool) -> float:
    """Committed transactions a second, of one writer for each of these meetings."""
    done = [0] * len(meetings)
    until = time.monotonic() + SECONDS / 2

    def write(place: int) -> None:
        with app.app_context():
            while time.monotonic() < until:
                with transaction():
                    change = update(Meeting).where(Meeting.id == meetings[place]).values(venue=f"Zaal {done[place]}")
                    db.session.execute(change.execution_options(synchronize_session=False))
                    if with_log:
                        audit.record(Written(meeting_id=meetings[place]), actor=Actor.system(), at=clock.now())
                done[place] += 1

    begun = time.monotonic()
    together(write, len(meetings))
    return sum(done) / (time.monotonic() - begun)


def measure_seats(environment: dict[str, str], edition: int, where: str) -> list[Row]:
    """Sixty people enrol at once in an edition with five seats: how long until all have an answer."""
    with application(environment) as app:
        terms_id = db.session.scalars(select(TermsVersion.id).order_by(TermsVersion.id)).first() or 0
        before = taken_part(edition)
        db.session.rollback()
        refused = [False] * BUYERS

        def buy(place: int) -> None:
            with app.test_request_context():
                try:
                    with transaction():
                        enrolment.enrol(
                            edition_id=edition,
                            module_ids=None,
                            participant=Participant(f"Koper {place}", f"koper{place}@bench.example"),
                            contract_party=ContractParty.PARTICIPANT,
                            terms_version_id=terms_id,
                            actor=Actor.visitor(),
                            now=clock.now(),
                        )
                except Conflict:
                    refused[place] = True

        begun = time.monotonic()
        together(buy, BUYERS)
        seconds = time.monotonic() - begun
        sold = taken_part(edition) - before
    if (sold, sum(refused)) != (SEATS, BUYERS - SEATS):
        raise RuntimeError(f"{sold} of {SEATS} seats sold, {sum(refused)} of {BUYERS} buyers refused")
    return [Row(GROUP, f"{BUYERS} buyers for {SEATS} seats", where, round(seconds, 2), "s", None, f"{sold} sold")]


def taken_part(edition: int) -> int:
    return db.session.scalar(select(func.count()).select_from(Enrolment).where(Enrolment.edition_id == edition)) or 0


def together(work: Callable[[int], None], how_many: int) -> None:
    """Does the work in so many threads, all from the same moment; raises what the first that failed raised."""
    ready = threading.Barrier(how_many)
    faults: list[BaseException] = []

    def run(place: int) -> None:
        ready.wait()
        try:
            work(place)
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=run, args=(place,)) for place in range(how_many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
