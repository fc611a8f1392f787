"""Doing what was foreseen, and only that: refused when the facts have changed since somebody looked."""

from datetime import datetime

from sqlalchemy import select

from portal.audit import Actor
from portal.db import db
from portal.domain.catalogue.models import Meeting
from portal.domain.enrolment import commands, edition_life, seats
from portal.domain.reporting.consequences import Fingerprinted, Slot, foresee_cancelling, foresee_move
from portal.errors import Conflict, NotFound
from portal.language import _


def move_as_foreseen(*, meeting_id: int, becomes: Slot, seen: str, actor: Actor, now: datetime) -> int:
    """Moves a meeting when what that does is what was `seen` (a fingerprint). Returns how many participants hear of it.

    The edition is held first, so that nobody enrols between looking and doing. Raises Conflict when it is not, and what
    move_meeting raises."""
    edition_id = db.session.scalar(select(Meeting.edition_id).where(Meeting.id == meeting_id))
    if edition_id is None:
        raise NotFound
    seats.lock_editions([edition_id])
    _require_seen(seen, foresee_move(meeting_id, becomes, now))
    return commands.move_meeting(meeting_id=meeting_id, **becomes._asdict(), actor=actor, now=now)


def cancel_as_foreseen(*, edition_id: int, seen: str, actor: Actor, now: datetime) -> int:
    """Cancels an edition when what that does is what was `seen` (a fingerprint). Returns how many enrolments it had.
    Raises Conflict when it is not, and what cancel_edition raises."""
    seats.lock_editions([edition_id])
    foreseen = foresee_cancelling(edition_id, now)
    if foreseen.possible:
        _require_seen(seen, foreseen)
    return edition_life.cancel_edition(edition_id=edition_id, actor=actor, now=now)


def _require_seen(seen: str, foreseen: Fingerprinted) -> None:
    if seen != foreseen.fingerprint:
        raise Conflict(_("Er is intussen iets veranderd. Kijk nog eens na wat er gebeurt."))
