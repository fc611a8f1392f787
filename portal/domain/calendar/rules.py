"""From a meeting to an event in a calendar. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.documents.invitation import Asks, CalendarEvent, Mailbox
from portal.documents.reply import Coming
from portal.language import _

WEB_ADDRESS = re.compile(r"https?://[^\s<>\"\\^`{|}]+")


class Part(StrEnum):
    """What somebody is invited as."""

    PARTICIPANT = "participant"
    TRAINER = "trainer"


class Answer(StrEnum):
    """What became of the question whether somebody comes. coming: they do. handled: the office saw to it. withdrawn:
    they are not expected any more. moved: the meeting has changed since, so their calendar asks them anew."""

    COMING = "coming"
    HANDLED = "handled"
    WITHDRAWN = "withdrawn"
    MOVED = "moved"


# What a calendar says that becomes a question; accepted and tentative are noted and no more.
ASKS = frozenset({Coming.DECLINED, Coming.DELEGATED, Coming.COUNTERED})


@dataclass(frozen=True)
class CalendarMeeting:
    """A meeting as a calendar shows it. `link` is the way into an online meeting: for its participants only."""

    meeting_id: int
    edition_id: int
    course: str
    position: int
    module: str
    place: str
    venue: str
    link: str
    starts_at: datetime
    ends_at: datetime


def event_of(
    meeting: CalendarMeeting,
    *,
    uid: str,
    sequence: int,
    page: str,
    attendee: Mailbox | None = None,
    asks: Asks = Asks.NOTHING,
    private: bool = True,
    join: str = "",
) -> CalendarEvent:
    """The event for one meeting, in the language that is being spoken. `page` is the address of the edition's page;
    `join` that of somebody's own way into an online meeting, which stands where its link would.

    Not private: without the link into an online meeting, as anybody may read it."""
    link = meeting.link.strip() if private else ""
    is_address = leads_in(link)
    if is_address and join:
        link = join
    lines = [_("Meer informatie: %(page)s", page=page)]
    if link:
        lines.insert(0, _("Zo doe je online mee: %(link)s", link=link))
    return CalendarEvent(
        uid=uid,
        sequence=sequence,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        summary=title_of(meeting),
        location=full_place(meeting.venue, meeting.place) or (_("Online") if link else ""),
        description="\n".join(lines),
        url=link if is_address else page,
        attendee=attendee,
        asks=asks,
    )


def leads_in(link: str) -> bool:
    """Whether what stands as a meeting's link is an address that a browser can go to."""
    return bool(WEB_ADDRESS.fullmatch(link))


def title_of(meeting: CalendarMeeting) -> str:
    """'SamenKracht, dagdeel 2: Kring vergroten in complexe situaties'."""
    if meeting.module == meeting.course:
        return meeting.course
    return str(
        _(
            "%(course)s, dagdeel %(position)s: %(module)s",
            course=meeting.course,
            position=meeting.position,
            module=meeting.module,
        )
    )


def full_place(venue: str, place: str) -> str:
    """'Buurthuis De Schakel, Zwolle': the venue, and the town where the venue does not name it already."""
    if place.casefold() in venue.casefold():
        return venue
    return ", ".join(part for part in (venue, place) if part)
