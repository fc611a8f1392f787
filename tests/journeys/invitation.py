"""The invitation in a mail that arrived: the structure that Outlook, Google and Apple need, and what two programs that
had no part in making it read in its calendar. libical approves of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

import vobject
from ical.calendar_stream import IcsCalendarStream
from ical.event import EventStatus

from tests import calendar_judge


@dataclass(frozen=True)
class Event:
    """One VEVENT, as both readers read it."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    summary: str
    location: str
    attendee: str
    cancelled: bool


def read_invitation(message: EmailMessage) -> tuple[str, list[Event]]:
    """The METHOD of a mail's calendar and its events, in order of time. AssertionError for any other structure than
    multipart/mixed(multipart/alternative(text, html, text/calendar; method=...), attachment .ics)."""
    assert message.get_content_type() == "multipart/mixed"
    alternative, attachment = message.iter_parts()
    assert alternative.get_content_type() == "multipart/alternative"
    kinds = [part.get_content_type() for part in alternative.iter_parts()]
    assert kinds == ["text/plain", "text/html", "text/calendar"]
    calendar = list(alternative.iter_parts())[-1]
    method = calendar.get_param("method")
    assert calendar.get_content_disposition() is None
    assert attachment.get_content_disposition() == "attachment"
    assert str(attachment.get_filename()).endswith(".ics")
    data = calendar.get_payload(decode=True)
    assert isinstance(data, bytes)
    assert attachment.get_payload(decode=True) == data
    calendar_judge.approve(data)
    assert organiser_of(data) == "trainingen@leerkring.example"
    assert data.index(b"BEGIN:VTIMEZONE\r\nTZID:Europe/Amsterdam") < data.index(b"BEGIN:VEVENT")
    read_by_one, read_by_other = by_vobject(data), by_ical(data)
    assert read_by_one == read_by_other
    assert vobject.readOne(data.decode()).method.value == method
    return str(method), read_by_one


def by_vobject(data: bytes) -> list[Event]:
    events = vobject.readOne(data.decode()).vevent_list
    return sorted(
        (
            Event(
                uid=event.uid.value,
                sequence=int(event.sequence.value),
                starts_at=event.dtstart.value,
                ends_at=event.dtend.value,
                summary=event.summary.value,
                location=event.location.value,
                attendee=event.attendee.value,
                cancelled=event.status.value == "CANCELLED",
            )
            for event in events
        ),
        key=lambda event: event.starts_at,
    )


def by_ical(data: bytes) -> list[Event]:
    (calendar,) = IcsCalendarStream.from_ics(data.decode()).calendars
    return sorted(
        (
            Event(
                uid=event.uid,
                sequence=event.sequence or 0,
                starts_at=event.dtstart,  # type: ignore[arg-type]  # a date for events of a whole day
                ends_at=event.dtend,  # type: ignore[arg-type]
                summary=event.summary,
                location=event.location or "",
                attendee=str(event.attendees[0].uri),
                cancelled=event.status == EventStatus.CANCELLED,
            )
            for event in calendar.events
        ),
        key=lambda event: event.starts_at,
    )


def organiser_of(data: bytes) -> str:
    (event, *_rest) = vobject.readOne(data.decode()).vevent_list
    return str(event.organizer.value).removeprefix("mailto:")
