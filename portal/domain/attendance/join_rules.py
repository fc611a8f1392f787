"""When a participant may go into an online meeting by their own link. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

# Some come early to try their sound; before, a click says nothing about who was there.
OPENS_BEFORE = timedelta(minutes=30)


class WayIn(StrEnum):
    """What somebody's own link says now. released: they have no seat (any more). no_link: the office has filled in no
    address yet."""

    EARLY = "early"
    OPEN = "open"
    OVER = "over"
    RELEASED = "released"
    CALLED_OFF = "called_off"
    NO_LINK = "no_link"


def opens_at(starts_at: datetime) -> datetime:
    """From then on one can go in."""
    return starts_at - OPENS_BEFORE


def way_in(
    *, starts_at: datetime, ends_at: datetime, given: bool, has_seat: bool, has_link: bool, now: datetime
) -> WayIn:
    """`given`: the edition takes place. In the order in which it matters: who is not expected hears that first."""
    if not given:
        return WayIn.CALLED_OFF
    if not has_seat:
        return WayIn.RELEASED
    if now >= ends_at:
        return WayIn.OVER
    if now < opens_at(starts_at):
        return WayIn.EARLY
    return WayIn.OPEN if has_link else WayIn.NO_LINK
