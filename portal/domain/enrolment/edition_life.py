"""What becomes of an edition as a whole, and of everybody in it."""

from datetime import datetime

from sqlalchemy import select, update

from portal import audit
from portal.audit import Actor
from portal.db import db
from portal.domain.catalogue.models import Edition
from portal.domain.catalogue.rules import TRANSITIONS, EditionState
from portal.domain.enrolment.commands import end_with_edition
from portal.domain.enrolment.events import EditionCancelled
from portal.domain.enrolment.models import Enrolment
from portal.domain.enrolment.queries import get_edition
from portal.domain.enrolment.rules import EnrolmentState
from portal.domain.enrolment.waiting_list import close_waiting_list
from portal.errors import Conflict, Refused
from portal.language import _


def cancel_edition(*, edition_id: int, actor: Actor, now: datetime) -> int:
    """Cancels an edition that is not given: every enrolment in it is cancelled at no cost, everybody is mailed, their
    invitations are withdrawn, the waiting list is closed. Returns how many enrolments it had.

    Raises Conflict when it was cancelled already, Refused when it is over or somebody has completed it, NotFound."""
    edition = get_edition(edition_id)
    if not _moved(edition_id, EditionState.CANCELLED, cancelled_at=now):
        if _state_of(edition_id) == EditionState.CANCELLED:
            raise Conflict(_("Deze uitvoering was al geannuleerd."))
        raise Refused(_already_given())
    # Only now: whoever was enrolling held the edition, and has committed; whoever comes later is refused.
    enrolments = db.session.scalars(
        select(Enrolment)
        .where(Enrolment.edition_id == edition_id, Enrolment.state != EnrolmentState.CANCELLED)
        .order_by(Enrolment.id)
    ).all()
    if any(enrolment.state == EnrolmentState.COMPLETED for enrolment in enrolments):
        raise Refused(_already_given())
    for enrolment in enrolments:
        end_with_edition(enrolment=enrolment, actor=actor, now=now)
    close_waiting_list(edition, actor=actor, now=now)
    audit.record(EditionCancelled(edition_id=edition_id, enrolments=len(enrolments)), actor=actor, at=now)
    return len(enrolments)


def _moved(edition_id: int, to: EditionState, **values: datetime | None) -> bool:
    """Whether this call moved the edition: decided by the database, so that the second of two at once does not."""
    before = [state for state in EditionState if to in TRANSITIONS[state]]
    moved = update(Edition).where(Edition.id == edition_id, Edition.state.in_(before)).values(state=to, **values)
    return db.session.scalar(moved.returning(Edition.id)) is not None


def _state_of(edition_id: int) -> str | None:
    return db.session.scalar(select(Edition.state).where(Edition.id == edition_id))


def _already_given() -> str:
    return str(_("Deze uitvoering is al gegeven en kan niet meer worden geannuleerd."))
