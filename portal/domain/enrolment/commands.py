"""What happens to an enrolment."""

from datetime import date, datetime

from sqlalchemy import update

from portal import audit
from portal.audit import Actor
from portal.db import db
from portal.domain.enrolment.events import EnrolmentCompleted, EnrolmentReopened
from portal.domain.enrolment.models import Enrolment
from portal.domain.enrolment.rules import EnrolmentState


def complete_enrolment(*, enrolment_id: int, on: date, actor: Actor, now: datetime) -> None:
    """Every meeting was attended, the last one on this date. Changes nothing unless the enrolment was 'enrolled'."""
    if _moved(enrolment_id, EnrolmentState.ENROLLED, state=EnrolmentState.COMPLETED, completed_on=on):
        audit.record(EnrolmentCompleted(enrolment_id=enrolment_id, on=on), actor=actor, at=now)


def reopen_enrolment(*, enrolment_id: int, actor: Actor, now: datetime) -> None:
    """A correction showed that not every meeting was attended. Changes nothing unless it was 'completed'."""
    if _moved(enrolment_id, EnrolmentState.COMPLETED, state=EnrolmentState.ENROLLED, completed_on=None):
        audit.record(EnrolmentReopened(enrolment_id=enrolment_id), actor=actor, at=now)


def _moved(enrolment_id: int, before: EnrolmentState, **after: EnrolmentState | date | None) -> bool:
    moved = update(Enrolment).where(Enrolment.id == enrolment_id, Enrolment.state == before).values(**after)
    return db.session.scalar(moved.returning(Enrolment.id)) is not None
