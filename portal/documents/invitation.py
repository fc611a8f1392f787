"""Calendar objects (RFC 5545, iTIP RFC 5546): invitations, withdrawals and feeds.

One call makes one VCALENDAR: its METHOD, the rules of Europe/Amsterdam in front of the first event, and one VEVENT per
meeting. RFC 5546 asks for one UID per REQUEST; the portal sends the meetings of one enrolment together all the same,
because one mail per dagdeel is worse, and Outlook, Google and Apple read each VEVENT by its own UID.

What mail programs want beyond the RFCs: METHOD in the calendar and in the Content-Type alike (see portal/mail/mime.py),
zone rules by RRULE from 1970, an ORGANIZER that is a bare mailto with its name in CN, RSVP=FALSE unless somebody reads
replies.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress, vText, vUri
from icalendar.prop import vDuration, vRecur

ZONE = ZoneInfo("Europe/Amsterdam")
_PRODUCT = "-//Eigen Kracht Centrale//Leerkring//NL"
_ADDRESS = re.compile(r"[^\s@,;:<>()\"\\\[\]]+@[^\s@,;:<>()\"\\\[\]]+")
_WEB_ADDRESS = re.compile(r"https?://[^\s<>\"\\^`{|}]+")


class Method(StrEnum):
    """What the receiving calendar should do: add or change, take away, or only show (feeds)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    PUBLISH = "PUBLISH"


class Asks(StrEnum):
    """What an invitation asks of its reader.

    nothing: who is invited has said yes, and nobody reads an answer. changes: they have said yes, by enrolling, and a
    "no" is read (RSVP=TRUE, PARTSTAT=ACCEPTED). answer: they have not said yes yet to what it says now, because
    somebody else put them there or because it has changed (PARTSTAT=NEEDS-ACTION, as RFC 5546, 3.2.2.1, asks of a new
    time)."""

    NOTHING = "nothing"
    CHANGES = "changes"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """One mail address and the name that belongs to it; raises ValueError for an address that could be two."""

    address: str
    name: str = ""

    def __post_init__(self) -> None:
        if not _ADDRESS.fullmatch(self.address) or _has_control(self.address):
            raise ValueError(f"Not one plain mail address: {self.address!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEvent:
    """One meeting in the calendar of one person, or of everybody.

    ``uid`` is stable per meeting and person; ``sequence`` grows with every change of time or place. Both moments are
    aware and are written in Europe/Amsterdam. ``cancelled`` is for feeds; a CANCEL says so for all its events.
    ``attendee`` is left out of feeds, as RFC 5546 asks of PUBLISH.
    """

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    summary: str
    location: str = ""
    description: str = ""
    url: str = ""
    attendee: Mailbox | None = None
    asks: Asks = Asks.NOTHING
    cancelled: bool = False

    def __post_init__(self) -> None:
        if not self.uid or _has_control(self.uid):
            raise ValueError(f"A UID is needed, without control characters: {self.uid!r}")
        if not _one_line(self.summary):
            raise ValueError("An event needs a title")
        if self.starts_at.tzinfo is None or self.ends_at.tzinfo is None:
            raise ValueError("An event needs moments with a zone")
        if self.ends_at <= self.starts_at:
            raise ValueError("An event ends after it starts")
        if self.url and (not _WEB_ADDRESS.fullmatch(self.url) or _has_control(self.url)):
            raise ValueError(f"Not a web address: {self.url!r}")


def build_calendar(
    method: Method,
    events: Sequence[CalendarEvent],
    *,
    organiser: Mailbox,
    stamped_at: datetime,
    name: str = "",
) -> bytes:
    """Return one calendar object as UTF-8 with CRLF.

    ``stamped_at`` (aware) is the moment of making it. ``name`` is shown by programs that subscribe to a feed. Raises
    ValueError for an invitation or withdrawal without events, without attendee, or for a cancelled event in a REQUEST.
    """
    if method is not Method.PUBLISH and not events:
        raise ValueError(f"A {method} needs at least one event")
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", _PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method.value)
    if name:
        calendar.add("x-wr-calname", _one_line(name))
        calendar.add("refresh-interval", vDuration(timedelta(hours=1)), parameters={"VALUE": "DURATION"})
    calendar.add_component(_amsterdam())
    for event in events:
        calendar.add_component(_vevent(method, event, organiser, stamped_at))
    data: bytes = calendar.to_ical(sorted=False)
    return data


def _vevent(method: Method, event: CalendarEvent, organiser: Mailbox, stamped_at: datetime) -> Event:
    if method is Method.REQUEST and event.cancelled:
        raise ValueError("A cancelled event is withdrawn with CANCEL")
    cancelled = event.cancelled or method is Method.CANCEL
    item = Event()
    item.add("uid", vText(event.uid))
    item.add("sequence", event.sequence)
    item.add("dtstamp", stamped_at.astimezone(UTC))
    item.add("dtstart", event.starts_at.astimezone(ZONE))
    item.add("dtend", event.ends_at.astimezone(ZONE))
    item.add("summary", vText(_one_line(event.summary)))
    if location := _one_line(event.location):
        item.add("location", vText(location))
    if description := _many_lines(event.description):
        item.add("description", vText(description))
    if event.url:
        item.add("url", vUri(event.url))
    item.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    item.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    item.add("organizer", _person(organiser), encode=False)
    if method is not Method.PUBLISH:
        if event.attendee is None:
            raise ValueError(f"A {method} needs an attendee")
        item.add("attendee", _attendee(event.attendee, event.asks), encode=False)
    return item


def _person(mailbox: Mailbox) -> vCalAddress:
    person = vCalAddress(f"mailto:{mailbox.address}")
    # An empty value is none (RFC 5545, 3.2), and a double quote cannot be in it (3.1).
    if name := _one_line(mailbox.name).replace('"', "'"):
        person.params["CN"] = name
    return person


def _attendee(mailbox: Mailbox, asks: Asks) -> vCalAddress:
    person = _person(mailbox)
    person.params["CUTYPE"] = "INDIVIDUAL"
    person.params["ROLE"] = "REQ-PARTICIPANT"
    person.params["PARTSTAT"] = "NEEDS-ACTION" if asks is Asks.ANSWER else "ACCEPTED"
    person.params["RSVP"] = "FALSE" if asks is Asks.NOTHING else "TRUE"
    return person


def _amsterdam() -> Timezone:
    """The zone by its present rules since 1970: the form that Outlook understands."""
    zone = Timezone()
    zone.add("tzid", ZONE.key)
    for part, month, hour, name, before, after in (
        (TimezoneDaylight(), 3, 2, "CEST", 1, 2),
        (TimezoneStandard(), 10, 3, "CET", 2, 1),
    ):
        last_sunday = 29 if month == 3 else 25
        part.add("tzname", name)
        part.add("tzoffsetfrom", timedelta(hours=before))
        part.add("tzoffsetto", timedelta(hours=after))
        # Without a zone of its own: RFC 5545 wants local time here.
        part.add("dtstart", datetime(1970, month, last_sunday, hour))  # noqa: DTZ001
        part.add("rrule", vRecur(FREQ="YEARLY", BYMONTH=month, BYDAY="-1SU"))
        zone.add_component(part)
    return zone


def _has_control(text: str) -> bool:
    return any(unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") for sign in text)


def _one_line(text: str) -> str:
    return " ".join(_many_lines(text).split())


def _many_lines(text: str) -> str:
    """Only line feeds remain of the control characters; lone surrogates, which no file can hold, become U+FFFD."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    kept = (sign for sign in text if sign in "\n\t" or unicodedata.category(sign) != "Cc")
    return "".join("\ufffd" if unicodedata.category(sign) == "Cs" else sign for sign in kept)
