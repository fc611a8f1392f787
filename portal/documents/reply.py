"""Answers of calendar programs, read from a mail as it comes (iTIP REPLY and COUNTER: RFC 5546, 3.2.3 and 3.2.7).

Programs differ in all that they may differ in: the calendar as a part or as an attachment, its charset and encoding,
zones that nobody else knows, a METHOD that stands in the mail alone. So nothing is asked of a mail but what an answer
needs, the UID of an event and what its attendee says of coming. icalendar reads what it can; the rest is read line by
line. What is not an answer gives no answers, and never an error: a bounce, an out-of-office note, our own invitation
coming back."""

import email
import email.policy
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.utils import parseaddr
from enum import StrEnum

from icalendar import Calendar

# What mail programs call a calendar that they attach.
_CALENDAR_TYPES = ("text/calendar", "application/ics", "text/x-vcalendar")
# UIDs of the portal's own invitations are a UUID and a host; whatever else is typed in there names none of them.
_UID = re.compile(r"[\x21-\x7e]{1,120}")
_ADDRESS = re.compile(r"[^\s@,;:<>()\"\\\[\]]+@[^\s@,;:<>()\"\\\[\]]+")
# A name, its parameters (a quoted value may hold ; and :), and the value.
_LINE = re.compile(r'(?P<name>[A-Za-z0-9-]+)(?P<params>(?:;(?:"[^"]*"|[^":])*)?):(?P<value>.*)')
_PARTSTAT = re.compile(r'(?i);PARTSTAT="?(?P<value>[a-z-]+)')
_MAILTO = re.compile(r"(?i):mailto:(?P<value>\S+)")
_PARAM = re.compile(r';\s*(?P<name>[A-Za-z0-9-]+)=(?P<value>"[^"]*"|[^;]*)')


class Coming(StrEnum):
    """What somebody's calendar says of their coming. countered: it proposes another time. delegated: somebody else
    would come."""

    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    DECLINED = "declined"
    DELEGATED = "delegated"
    COUNTERED = "countered"


@dataclass(frozen=True)
class Reply:
    """One answer. `attendee`: the address that it gives for whom it speaks, in lower case; '' when it gives none."""

    uid: str
    coming: Coming
    attendee: str


@dataclass(frozen=True)
class ReplyMail:
    """What a mail answers. `key` is the same whenever the same mail is read; `sender` is what its From says, which
    anybody can write."""

    key: str
    sender: str
    replies: tuple[Reply, ...]


@dataclass(frozen=True)
class _Attendee:
    address: str
    partstat: str


def read_reply(data: bytes) -> ReplyMail:
    """The answers in a mail, at most one for each event."""
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    sender = _plain(parseaddr(str(message.get("From", "")))[1])
    name = str(message.get("Message-ID", "")).strip().encode(errors="replace")
    key = hashlib.sha256(name or data).hexdigest()
    if message.get_content_type() == "multipart/report":
        return ReplyMail(key, sender, ())
    found: dict[str, Reply] = {}
    for method, text in _calendars(message):
        for reply in _answers(text, method, sender):
            found.setdefault(reply.uid, reply)
    return ReplyMail(key, sender, tuple(found.values()))


def _calendars(message: Message) -> Iterator[tuple[str, str]]:
    """(METHOD as the mail gives it, text) of every calendar in a mail."""
    for part in message.walk():
        kind, name = part.get_content_type(), str(part.get_filename() or "").lower()
        if part.is_multipart() or not (kind in _CALENDAR_TYPES or name.endswith((".ics", ".vcs"))):
            continue
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            yield str(part.get_param("method") or "").upper(), _decoded(payload, part.get_content_charset())


def _decoded(data: bytes, charset: str | None) -> str:
    """The text, by the charset that is named or else by the first that fits; latin-1 fits anything."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        charset = "utf-16"
    for name in (charset, "utf-8-sig", "cp1252"):
        try:
            return data.decode(name or "utf-8-sig")
        except (LookupError, UnicodeError):
            continue
    return data.decode("latin-1")


def _answers(text: str, method: str, sender: str) -> Iterator[Reply]:
    """The answers in one calendar; none when it says that it is something else than an answer."""
    try:
        said, events = _by_icalendar(text)
    except Exception:
        # It is written for calendars that are in order, and says so in many ways.
        said, events = "", []
    if not any(attendee.partstat for _uid, attendees in events for attendee in attendees):
        said, events = _by_lines(text)
    # Without a METHOD anywhere it may be an answer still; an invitation that comes back always has one, for we gave it.
    method = said or method or "REPLY"
    if method not in ("REPLY", "COUNTER"):
        return
    for uid, attendees in events:
        speaking = next((one for one in attendees if one.address == sender), attendees[0] if attendees else None)
        coming = _coming(method, speaking.partstat if speaking else "")
        if coming and _UID.fullmatch(uid):
            yield Reply(uid, coming, speaking.address if speaking else "")


def _coming(method: str, partstat: str) -> Coming | None:
    if method == "COUNTER":
        return Coming.COUNTERED
    return next((each for each in Coming if each == partstat.lower() and each is not Coming.COUNTERED), None)


def _by_icalendar(text: str) -> tuple[str, list[tuple[str, list[_Attendee]]]]:
    method, events = "", []
    for calendar in Calendar.from_ical(text, multiple=True):
        method = method or str(calendar.get("METHOD", "")).strip().upper()
        for event in calendar.walk("VEVENT"):
            given = event.get("ATTENDEE", [])
            attendees = [
                _Attendee(_address(str(one), str(one.params.get("EMAIL", ""))), str(one.params.get("PARTSTAT", "")))
                for one in (given if isinstance(given, list) else [given])
            ]
            events.append((str(event.get("UID", "")).strip(), attendees))
    return method, [(uid, attendees) for uid, attendees in events if uid and attendees]


def _by_lines(text: str) -> tuple[str, list[tuple[str, list[_Attendee]]]]:
    """The same from lines alone, whatever stands around them."""
    method, events = "", []
    uid, attendees = "", []
    for line in re.sub(r"(?:\r\n|\r|\n)[ \t]", "", text).splitlines():
        found = _LINE.match(line.strip())
        if found is None:
            continue
        name, value = found["name"].upper(), found["value"].strip()
        if name == "METHOD" and not method:
            method = value.upper()
        elif name == "UID":
            uid = value
        elif name == "ATTENDEE":
            params = {one["name"].upper(): one["value"].strip('"') for one in _PARAM.finditer(found["params"])}
            attendees.append(_attendee_of(value, params, line))
        elif name in ("BEGIN", "END") and value.upper() == "VEVENT":
            if uid and attendees:
                events.append((uid, attendees))
            uid, attendees = "", []
    # A mail that was cut off has no END.
    if uid and attendees:
        events.append((uid, attendees))
    return method, events


def _attendee_of(value: str, params: dict[str, str], line: str) -> _Attendee:
    """From its parameters; from anywhere in the line when a colon in a name has cut it in the wrong place."""
    partstat, mailto = _PARTSTAT.search(line), _MAILTO.search(line)
    return _Attendee(
        _address(mailto["value"] if mailto else value, params.get("EMAIL", "")),
        params.get("PARTSTAT", "") or (partstat["value"] if partstat else ""),
    )


def _address(value: str, given: str) -> str:
    """'mailto:Dewi@Zorg.example' as dewi@zorg.example. Exchange writes a name of its own, and the address beside it."""
    return _plain(re.sub(r"(?i)^mailto:", "", value.strip())) or _plain(given)


def _plain(text: str) -> str:
    text = text.strip().lower()
    return text if len(text) <= 254 and _ADDRESS.fullmatch(text) else ""
