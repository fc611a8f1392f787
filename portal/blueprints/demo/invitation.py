"""An invitation as a calendar reads it, to show on a page."""

from dataclasses import dataclass
from datetime import datetime

from icalendar import Calendar


@dataclass(frozen=True)
class Invited:
    """One meeting in an invitation."""

    summary: str
    location: str
    starts_at: datetime
    ends_at: datetime
    sequence: int
    uid: str


@dataclass(frozen=True)
class ReadInvitation:
    """What the calendar is asked to do (REQUEST, CANCEL) with which meetings."""

    method: str
    meetings: list[Invited]


def read_invitation(ics: bytes) -> ReadInvitation:
    """Parses an .ics of our own. Raises ValueError when it is not one."""
    calendar = Calendar.from_ical(ics)
    meetings = [
        Invited(
            summary=str(event.get("summary", "")),
            location=str(event.get("location", "")),
            starts_at=event.decoded("dtstart"),
            ends_at=event.decoded("dtend"),
            sequence=int(event.get("sequence", 0)),
            uid=str(event.get("uid", "")),
        )
        for event in calendar.walk("VEVENT")
    ]
    return ReadInvitation(str(calendar.get("method", "")), sorted(meetings, key=lambda each: each.starts_at))
