"""Handing over by PE-online's web service. The office asks, the worker does it in calls of at most 1,000 rows.

A row is marked as asked before its call and settled after it, each in a transaction of its own, none open meanwhile. So
whoever is stopped, or killed, in between asks the same again; what the service has by then it calls 'already there',
and that is as good as accepted: nothing is counted twice."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from portal import audit
from portal.audit import Actor
from portal.clock import local_date
from portal.config import PeOnline
from portal.db import db, transaction
from portal.domain.accreditation.models import PointAward
from portal.domain.catalogue.models import Meeting
from portal.domain.enrolment.models import Enrolment
from portal.domain.handover import pe_service
from portal.domain.handover.commands import Said, add_handover, add_rows, held_rows, require_ready, settle_row
from portal.domain.handover.events import (
    SendingFinished,
    SendingGivenUp,
    SendingRequested,
    SendingResumed,
    SendingStopped,
)
from portal.domain.handover.models import Handover, HandoverRow
from portal.domain.handover.pe_online import MOST_ROWS, Answer, Attended, Fault, RowRefused, attended
from portal.domain.handover.rules import OF_PE_ONLINE, ON_THE_WAY, Refusal, RowState, RunState, Told, Way
from portal.errors import Conflict, NotFound, Refused
from portal.language import _

# Longer than a call ever takes; after a crash the hand-over waits this long for its next worker.
LEASE = timedelta(minutes=3)
# Between attempts to reach the service: one minute, then twice as long each time.
RETRY = timedelta(minutes=1)
MOST_ATTEMPTS = 5


@dataclass(frozen=True)
class Called:
    """A row in a call. `asked_before`: it was in an earlier one, of which we have no answer."""

    row_id: int
    asked_before: bool
    row: Attended


def can_send(register: str) -> bool:
    """Whether this register is reached by the web service: it works with PE-online and the portal has its key."""
    return register in OF_PE_ONLINE and _settings().is_set


def request_sending(*, register: str, edition_id: int, actor: Actor, now: datetime) -> Handover:
    """Asks the worker to hand over everybody who is to be sent. Refused when nobody is or there is no key; Conflict
    when one is under way."""
    head, rows = held_rows(register, edition_id)
    if not can_send(register):
        raise Refused(_("De koppeling met PE-online staat niet aan. Geef met de hand door"))
    require_ready(head, now)
    to_send = [row for row in rows if row.state == RowState.TO_SEND]
    if not to_send:
        raise Refused(_("Er is nu niemand om door te geven"))
    try:
        with db.session.begin_nested():
            handover = add_handover(head, Way.PE_ONLINE, local_date(now), "", actor, now, state=RunState.RUNNING)
    except IntegrityError as error:
        raise Conflict(_("Voor deze uitvoering loopt het doorgeven al")) from error
    add_rows(handover, to_send, Told.WAITING)
    event = SendingRequested(handover_id=handover.id, edition_id=edition_id, register=register, rows=len(to_send))
    audit.record(event, actor=actor, at=now)
    return handover


def stop_sending(*, handover_id: int, actor: Actor, now: datetime) -> None:
    """Lets no further call be made. Conflict when it does not run."""
    handover = _turn(handover_id, RunState.RUNNING, RunState.STOPPED)
    audit.record(SendingStopped(waiting=count_waiting(handover_id), **_about(handover)), actor=actor, at=now)


def resume_sending(*, handover_id: int, actor: Actor, now: datetime) -> None:
    """Goes on with one that was stopped, or stopped by itself. Conflict when it does not stand still."""
    handover = _turn(handover_id, RunState.STOPPED, RunState.RUNNING)
    handover.attempts, handover.fault, handover.leased_until = 0, "", None
    db.session.flush()
    audit.record(SendingResumed(waiting=count_waiting(handover_id), **_about(handover)), actor=actor, at=now)


def give_up_sending(*, handover_id: int, actor: Actor, now: datetime) -> None:
    """Ends one that stands still: what was never asked is back on the list, and what was asked without an answer stays
    as handed over, for the office to find out. Conflict when it does not stand still."""
    handover = _turn(handover_id, RunState.STOPPED, RunState.FINISHED)
    waiting = count_waiting(handover_id)
    for was, becomes in ((Told.WAITING, Told.GIVEN_UP), (Told.ASKED, Told.SENT)):
        of_these = HandoverRow.handover_id == handover_id, HandoverRow.state == was
        db.session.execute(update(HandoverRow).where(*of_these).values(state=becomes))
    handover.finished_at = now
    db.session.flush()
    audit.record(SendingGivenUp(waiting=waiting, **_about(handover)), actor=actor, at=now)


def count_waiting(handover_id: int) -> int:
    """Rows of which no answer is known. One query."""
    waiting = HandoverRow.handover_id == handover_id, HandoverRow.state.in_(ON_THE_WAY)
    return db.session.scalar(select(func.count(HandoverRow.id)).where(*waiting)) or 0


def get_sending(handover_id: int) -> Handover:
    """A hand-over by the web service; NotFound for another. One query."""
    handover = db.session.get(Handover, handover_id)
    if handover is None or handover.way != Way.PE_ONLINE:
        raise NotFound
    return handover


def work_on_sendings(now: datetime) -> int:
    """Makes one call of the hand-over that waits longest; returns how many rows it dealt with. For the worker: it opens
    its own transactions. Raises SQLAlchemyError when the database fails; the next call goes on."""
    settings = _settings()
    handover_id = _claim(now) if settings.is_set else None
    if handover_id is None:
        return 0
    with transaction():
        called = _begin_call(handover_id)
    answer = pe_service.send(settings, [each.row for each in called]) if called else Answer()
    with transaction():
        _settle(handover_id, called, answer, now)
    return max(1, len(called))


def _claim(now: datetime) -> int | None:
    """Takes the lease of the oldest hand-over that runs and that nobody works on."""
    free = Handover.state == RunState.RUNNING, or_(Handover.leased_until.is_(None), Handover.leased_until <= now)
    oldest = db.session.scalar(select(Handover.id).where(*free).order_by(Handover.id).limit(1))
    if oldest is None:
        return None
    with transaction():
        taken = update(Handover).where(Handover.id == oldest, *free).values(leased_until=now + LEASE)
        return db.session.scalar(taken.returning(Handover.id).execution_options(synchronize_session=False))


def _begin_call(handover_id: int) -> list[Called]:
    """The rows of the next call, marked as asked. What does not count any more as it was asked is left out, and is
    judged anew on the office's list."""
    rows = db.session.scalars(
        select(HandoverRow)
        .where(HandoverRow.handover_id == handover_id, HandoverRow.state.in_(ON_THE_WAY))
        .order_by(HandoverRow.id)
        .limit(MOST_ROWS)
    ).all()
    facts = _facts([row.id for row in rows])
    called = []
    for row in rows:
        asked_before = row.state == Told.ASKED
        award = facts[row.id]
        if not asked_before and (award is None or award.points != row.points):
            row.state = Told.GIVEN_UP
            continue
        if award is None:
            row.state = Told.SENT
            continue
        row.state = Told.ASKED
        called.append(Called(row.id, asked_before, _attended(row, award)))
    db.session.flush()
    return called


@dataclass(frozen=True)
class _Award:
    points: int
    number: str
    held_on: str
    course_code: str
    edition_id: int


def _facts(row_ids: list[int]) -> dict[int, _Award | None]:
    """For each row, what counts now of what it tells. One query."""
    same = and_(
        PointAward.enrolment_id == HandoverRow.enrolment_id,
        PointAward.register_code == HandoverRow.register_code,
        func.coalesce(PointAward.module_id, 0) == func.coalesce(HandoverRow.module_id, 0),
        PointAward.points > 0,
    )
    found = db.session.execute(
        select(
            HandoverRow.id,
            PointAward.points,
            PointAward.facts,
            PointAward.accreditation_id,
            func.coalesce(Meeting.edition_id, Enrolment.edition_id).label("edition_id"),
        )
        .join(Enrolment, Enrolment.id == HandoverRow.enrolment_id)
        .outerjoin(PointAward, same)
        .outerjoin(Meeting, Meeting.id == HandoverRow.meeting_id)
        .where(HandoverRow.id.in_(row_ids))
    )
    return {row.id: _award(row) if row.points else None for row in found}


def _award(row: Any) -> _Award:
    facts = row.facts
    return _Award(
        points=row.points,
        number=facts.get("number") or "",
        held_on=facts["held_on"],
        course_code=f"LK-A{row.accreditation_id}",
        edition_id=row.edition_id,
    )


def _attended(row: HandoverRow, award: _Award) -> Attended:
    return attended(row.number, award.number or award.course_code, award.edition_id, row.meeting_id, award.held_on)


def _settle(handover_id: int, called: list[Called], answer: Answer, now: datetime) -> None:
    handover = db.session.get_one(Handover, handover_id, with_for_update=True)
    rows = db.session.scalars(select(HandoverRow).where(HandoverRow.id.in_([each.row_id for each in called])))
    by_id = {row.id: row for row in rows}
    if answer.fault:
        _after_fault(handover, called, by_id, answer.fault, now)
        return
    for each, outcome in zip(called, answer.rows, strict=True):
        _settle_row(by_id[each.row_id], each.asked_before, outcome, now)
    handover.attempts, handover.leased_until = 0, None
    db.session.flush()
    if count_waiting(handover_id) == 0:
        handover.state, handover.finished_at = RunState.FINISHED, now
        db.session.flush()
        _record_finished(handover, now)


def _settle_row(row: HandoverRow, asked_before: bool, outcome: bool | RowRefused | None, now: datetime) -> None:
    if isinstance(outcome, RowRefused) and not (asked_before and outcome.reason == Refusal.ALREADY_THERE):
        settle_row(row, Said(outcome.reason, outcome.words), now)
    elif outcome is None:
        row.state = Told.SENT
    else:
        settle_row(row, Said(), now)


def _after_fault(
    handover: Handover, called: list[Called], rows: dict[int, HandoverRow], fault: Fault, now: datetime
) -> None:
    """Waits and tries again when the service was not reached, and stops for anything else. A fault of the service's own
    says that nothing was taken in, so that these rows are as if they were never asked."""
    unknown = fault in (Fault.UNREACHABLE, Fault.NOT_UNDERSTOOD)
    for each in called:
        if not unknown and not each.asked_before:
            rows[each.row_id].state = Told.WAITING
    handover.attempts += fault == Fault.UNREACHABLE
    if fault == Fault.UNREACHABLE and handover.attempts < MOST_ATTEMPTS:
        handover.leased_until = now + RETRY * 2 ** (handover.attempts - 1)
        db.session.flush()
        return
    if handover.state == RunState.RUNNING:
        handover.state = RunState.STOPPED
    handover.fault, handover.leased_until = fault, None
    db.session.flush()
    event = SendingStopped(waiting=count_waiting(handover.id), fault=fault, **_about(handover))
    audit.record(event, actor=Actor.system(), at=now)


def _record_finished(handover: Handover, now: datetime) -> None:
    states = db.session.scalars(select(HandoverRow.state).where(HandoverRow.handover_id == handover.id)).all()
    event = SendingFinished(
        accepted=states.count(Told.ACCEPTED),
        refused=states.count(Told.REFUSED),
        unanswered=states.count(Told.SENT),
        **_about(handover),
    )
    audit.record(event, actor=Actor.system(), at=now)


def _turn(handover_id: int, state: RunState, into: RunState) -> Handover:
    """Changes where it stands. NotFound, or Conflict when it stands elsewhere meanwhile."""
    handover = db.session.get(Handover, handover_id, with_for_update=True)
    if handover is None or handover.way != Way.PE_ONLINE:
        raise NotFound
    if handover.state != state:
        raise Conflict(_("Het doorgeven is intussen al klaar of gestopt"))
    handover.state = into
    db.session.flush()
    return handover


def _about(handover: Handover) -> dict[str, Any]:
    return {"handover_id": handover.id, "edition_id": handover.edition_id, "register": handover.register_code}


def _settings() -> PeOnline:
    settings: PeOnline = current_app.config["PORTAL"].pe_online
    return settings
