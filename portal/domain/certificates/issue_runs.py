"""Issuing for a whole edition at once. The office asks, the worker does it in small portions; each certificate has a
transaction of its own, so stopping, or killing, the worker loses none and doubles none."""

import logging
import secrets
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from portal import audit
from portal.audit import Actor
from portal.db import db, transaction
from portal.documents.codes import new_code
from portal.domain.certificates import commands
from portal.domain.certificates.candidates import list_candidates
from portal.domain.certificates.events import IssueFinished, IssueRequested, IssueStarted, IssueStopped
from portal.domain.certificates.models import IssueRun, IssueRunItem
from portal.domain.certificates.queries import progress_of
from portal.domain.certificates.rules import ItemState, RunState, Standing
from portal.errors import Conflict, DomainError, NotFound, Refused
from portal.language import _

PORTION = 10
# Longer than a portion ever takes; after a crash the batch waits this long for its next worker.
LEASE = timedelta(minutes=1)
log = logging.getLogger("portal.certificates")


def request_issue(*, edition_id: int, actor: Actor, now: datetime) -> IssueRun:
    """Begins a batch for everybody in an edition who is ready. Refused when nobody is, Conflict when one is there."""
    ready = [
        candidate.enrolment_id
        for candidate in list_candidates([edition_id])
        if candidate.readiness.standing is Standing.READY
    ]
    if not ready:
        raise Refused(_("Er staat nu niemand klaar voor een certificaat."))
    run = IssueRun(
        edition_id=edition_id, state=RunState.RUNNING, total=len(ready), requested_at=now, requested_by_id=actor.id
    )
    db.session.add(run)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Conflict(_("Voor deze uitvoering loopt het uitgeven al.")) from error
    db.session.add_all(
        IssueRunItem(run_id=run.id, enrolment_id=enrolment_id, state=ItemState.WAITING) for enrolment_id in ready
    )
    audit.record(IssueRequested(issue_run_id=run.id, edition_id=edition_id, total=run.total), actor=actor, at=now)
    db.session.flush()
    return run


def stop_run(*, run_id: int, actor: Actor, now: datetime) -> None:
    """Lets no further certificate of the batch be issued. Conflict when it does not run."""
    edition_id = _turn(run_id, RunState.RUNNING, RunState.STOPPED)
    waiting = progress_of(run_id).waiting
    audit.record(IssueStopped(issue_run_id=run_id, edition_id=edition_id, waiting=waiting), actor=actor, at=now)


def start_run(*, run_id: int, actor: Actor, now: datetime) -> None:
    """Goes on with a batch that was stopped. Conflict when it was not."""
    edition_id = _turn(run_id, RunState.STOPPED, RunState.RUNNING)
    waiting = progress_of(run_id).waiting
    audit.record(IssueStarted(issue_run_id=run_id, edition_id=edition_id, waiting=waiting), actor=actor, at=now)


def work_on_runs(now: datetime) -> int:
    """Does one portion of the batch that waits longest; returns how many enrolments it dealt with. For the worker: it
    opens its own transactions. Raises SQLAlchemyError when the database fails; the next call goes on."""
    run = _claim(now)
    if run is None:
        return 0
    run_id, requested_by = run
    waiting = db.session.scalars(
        select(IssueRunItem.enrolment_id)
        .where(IssueRunItem.run_id == run_id, IssueRunItem.state == ItemState.WAITING)
        .order_by(IssueRunItem.enrolment_id)
        .limit(PORTION)
    ).all()
    actor = Actor.person(requested_by, via="worker")
    dealt_with = sum(_deal_with(run_id, enrolment_id, actor, now) for enrolment_id in waiting)
    with transaction():
        _release(run_id, now)
    return dealt_with


def _claim(now: datetime) -> tuple[int, int] | None:
    """Takes the lease of the oldest running batch that nobody works on: (its number, who asked for it)."""
    free = [IssueRun.state == RunState.RUNNING, or_(IssueRun.leased_until.is_(None), IssueRun.leased_until <= now)]
    oldest = db.session.execute(
        select(IssueRun.id, IssueRun.requested_by_id).where(*free).order_by(IssueRun.id).limit(1)
    ).one_or_none()
    if oldest is None:
        return None
    with transaction():
        taken = db.session.scalar(
            update(IssueRun).where(IssueRun.id == oldest.id, *free).values(leased_until=now + LEASE)
            .returning(IssueRun.id).execution_options(synchronize_session=False)
        )  # fmt: skip
    return (oldest.id, oldest.requested_by_id) if taken else None


def _deal_with(run_id: int, enrolment_id: int, actor: Actor, now: datetime) -> int:
    code = new_code(secrets.token_bytes)
    try:
        draft = commands.prepare(enrolment_id=enrolment_id, code=code, now=now)
        with transaction():
            if not _settle(run_id, enrolment_id, ItemState.ISSUED):
                return 0
            commands.issue_certificate(enrolment_id=enrolment_id, code=code, actor=actor, now=now, draft=draft)
    except DomainError as refusal:
        sentence = refusal.sentence
    except SQLAlchemyError:
        raise
    except Exception:
        # One certificate that cannot be printed must not keep the others waiting.
        log.exception("certificate of enrolment %s", enrolment_id)
        sentence = str(_("Het certificaat kon niet worden gemaakt. Neem contact op met beheer."))
    else:
        return 1
    with transaction():
        return int(_settle(run_id, enrolment_id, ItemState.REFUSED, sentence))


def _settle(run_id: int, enrolment_id: int, state: ItemState, sentence: str = "") -> bool:
    """Moves a waiting enrolment of a running batch to its end; False when somebody else did, or the batch stopped."""
    running = select(IssueRun.id).where(IssueRun.id == run_id, IssueRun.state == RunState.RUNNING)
    settled = db.session.scalar(
        update(IssueRunItem)
        .where(
            IssueRunItem.run_id == run_id,
            IssueRunItem.enrolment_id == enrolment_id,
            IssueRunItem.state == ItemState.WAITING,
            running.exists(),
        )
        .values(state=state, sentence=sentence)
        .returning(IssueRunItem.enrolment_id)
        .execution_options(synchronize_session=False)
    )
    return settled is not None


def _release(run_id: int, now: datetime) -> None:
    """Gives the lease back, and finishes the batch when nothing waits any more."""
    counts = progress_of(run_id)
    ends = {"state": RunState.FINISHED, "finished_at": now} if counts.waiting == 0 else {}
    released = db.session.execute(
        update(IssueRun)
        .where(IssueRun.id == run_id, IssueRun.state == RunState.RUNNING)
        .values(leased_until=None, **ends)
        .returning(IssueRun.edition_id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if released and ends:
        audit.record(
            IssueFinished(
                issue_run_id=run_id, edition_id=released.edition_id, issued=counts.issued, refused=counts.refused
            ),
            actor=Actor.system(),
            at=now,
        )


def _turn(run_id: int, state: RunState, into: RunState) -> int:
    """Changes a batch's state; returns its edition. NotFound, or Conflict when it is in another state meanwhile."""
    turned = db.session.execute(
        update(IssueRun)
        .where(IssueRun.id == run_id, IssueRun.state == state)
        .values(state=into, leased_until=None)
        .returning(IssueRun.edition_id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if turned:
        return int(turned.edition_id)
    if db.session.get(IssueRun, run_id) is None:
        raise NotFound
    raise Conflict(_("Het uitgeven is intussen al klaar of gestopt."))
