"""When a dagdeel may be swapped to another edition, and which meetings may be gone to instead. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from portal.domain.catalogue.rules import ON_OFFER, EditionKind
from portal.domain.enrolment.rules import EnrolmentState


class NoSwap(StrEnum):
    """Why a dagdeel cannot be swapped."""

    ENDED = "ended"
    BEGUN = "begun"


@dataclass(frozen=True)
class OtherMeeting:
    """A meeting that somebody may want to go to instead, and the edition that it belongs to."""

    module_id: int
    starts_at: datetime
    free: int
    state: str
    kind: str
    organisation_id: int | None


def no_swap(state: str, starts_at: datetime | None, now: datetime) -> NoSwap | None:
    """What keeps a dagdeel from being swapped: its enrolment has ended, or its own meeting has begun. None as
    `starts_at`: it has lost its meeting, since the edition in which it was to be taken is not given."""
    if state != EnrolmentState.ENROLLED:
        return NoSwap.ENDED
    return NoSwap.BEGUN if starts_at is not None and starts_at <= now else None


def closes_at(starts_at: datetime, closes_hours: int) -> datetime:
    """From this instant on nobody new comes to a meeting."""
    return starts_at - timedelta(hours=closes_hours)


def may_go_to(
    meeting: OtherMeeting, *, module_id: int, organisations: Collection[int], closes_hours: int, now: datetime
) -> bool:
    """Whether somebody may take this module there: it is on offer to them, not closed, and has a free seat.
    `organisations`: those whose people they are; an in-company edition is for its own people alone."""
    is_theirs = meeting.kind == EditionKind.OPEN or meeting.organisation_id in organisations
    is_open = meeting.state in ON_OFFER and now < closes_at(meeting.starts_at, closes_hours)
    return meeting.module_id == module_id and is_theirs and is_open and meeting.free > 0
