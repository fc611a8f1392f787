"""The words of PE-online's attendance web service: rows to XML, and its answer to what became of them. Pure.

What is known of it and what is assumed: docs/decisions (hand-over). Answers are read by defusedxml, with a bound."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring  # only writes

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from portal.domain.handover.refusals import LONGEST_WORDS, reason_in
from portal.domain.handover.rules import Refusal

MOST_ROWS = 1000
MOST_BYTES = 4 * 1024 * 1024


class Fault(StrEnum):
    """Why a call as a whole came to nothing. The first seven are PE-online's own (its page 'Webservice presentie –
    foutmeldingen'); 1020 and further come as number 100 with the number in the message."""

    NO_ACCESS = "400"
    TOO_MANY = "500"
    BAD_XML = "505"
    COURSE_NOT_UNIQUE = "1020"
    COURSE_UNKNOWN = "1021"
    EDITION_MISSING = "1022"
    NOT_ALLOWED = "1030"
    REFUSED = "100"
    UNREACHABLE = "unreachable"
    NOT_UNDERSTOOD = "not_understood"


@dataclass(frozen=True)
class Account:
    """Who we are to PE-online, and for which register."""

    user_id: str
    user_key: str = field(repr=False)
    org_id: str


@dataclass(frozen=True)
class Attended:
    """One row: who was where. `course`: PE-online's own number of the accreditation, or the code that we gave it there;
    `meeting`: our code of the meeting, for a training whose dagdelen are accredited one by one."""

    number: str
    course: str
    course_is_theirs: bool
    edition: str
    meeting: str
    on: date


@dataclass(frozen=True)
class RowRefused:
    reason: Refusal
    words: str


@dataclass(frozen=True)
class Answer:
    """What became of the rows of a call, in their order: True when accepted, why not when refused, None when the answer
    does not tell. With a `fault` nothing was taken in."""

    rows: tuple[bool | RowRefused | None, ...] = ()
    fault: Fault | None = None


def attended(number: str, course: str, edition_id: int, meeting_id: int | None, on: str) -> Attended:
    """A row under the codes that the office gives things in PE-online; `on` is an ISO date. A course of digits only is
    PE-online's own number."""
    is_theirs = course.isascii() and course.isdecimal()
    meeting = meeting_code(meeting_id) if meeting_id else ""
    return Attended(number, course, is_theirs, edition_code(edition_id), meeting, date.fromisoformat(on))


def edition_code(edition_id: int) -> str:
    """What an edition is called in PE-online: its 'interne code' there."""
    return f"LK-{edition_id}"


def meeting_code(meeting_id: int) -> str:
    """As edition_code, for one meeting."""
    return f"LK-B{meeting_id}"


def to_xml(account: Account, rows: Sequence[Attended]) -> bytes:
    """The call for these rows, `Entry` with its `Settings` and an `Attendance` each; ValueError for more than 1,000."""
    if len(rows) > MOST_ROWS:
        raise ValueError(f"{len(rows)} rows in one call; the service takes {MOST_ROWS}")
    entry = Element("Entry")
    settings = {
        "userID": account.user_id,
        "userRole": "EDU",
        "userKey": account.user_key,
        "orgID": account.org_id,
        "settingOutput": "1",
        "languageID": "1",
        "defaultLanguageID": "1",
    }
    _fill(SubElement(entry, "Settings"), settings)
    for row in rows:
        course = "PECourseID" if row.course_is_theirs else "externalCourseID"
        facts = {
            course: row.course,
            "externalEditionID": row.edition,
            "externalMeetingID": row.meeting,
            "externalPersonID": row.number,
            "endDate": f"{row.on.isoformat()}T00:00:00",
        }
        _fill(SubElement(entry, "Attendance"), facts)
    written: bytes = tostring(entry, encoding="utf-8", xml_declaration=True)
    return written


def read_answer(body: bytes, rows: Sequence[Attended]) -> Answer:
    """What the service says became of these rows. Never raises: what cannot be understood is a fault of its own, and a
    row of which nothing is said stays unknown."""
    summary = _parse(body)
    if summary is None:
        return Answer(fault=Fault.NOT_UNDERSTOOD)
    errors = [_Error.of(each) for each in _all(summary, "Error")]
    counts = [_count(summary, name) for name in ("accepted_rows", "rejected_rows")]
    accepted, rejected = counts
    if not accepted and (fault := _fault_in(errors)):
        return Answer(fault=fault)
    if accepted is None or rejected is None or accepted + rejected != len(rows):
        return Answer(fault=Fault.NOT_UNDERSTOOD)
    if not rejected:
        return Answer((True,) * len(rows))
    return Answer(tuple(_became(rows, _accepted(summary), errors, accepted, rejected)))


@dataclass(frozen=True)
class _Error:
    number: str
    words: str
    person: str

    @classmethod
    def of(cls, element: Element) -> "_Error":
        person = _text(element, "person") or _text(element, "externalPersonID")
        return cls(_text(element, "errorNR"), _text(element, "errorMsg"), person)

    @property
    def fault(self) -> Fault | None:
        named = re.search(r"(?<!\d)(10[0-9]{2})(?!\d)", self.words)
        number = named[1] if self.number == "100" and named else self.number
        return Fault(number) if number in _OWN_FAULTS else None

    def is_about(self, number: str) -> bool:
        if self.person:
            return self.person == number
        return re.search(rf"(?<!\d){re.escape(number)}(?!\d)", self.words) is not None


_OWN_FAULTS = frozenset(str(fault) for fault in Fault if str(fault).isdecimal() and fault != Fault.REFUSED)


def _fault_in(errors: Sequence[_Error]) -> Fault | None:
    """The fault of a call of which nothing was taken in: one of theirs that is no row's own."""
    return next((error.fault for error in errors if error.fault), None)


def _became(
    rows: Sequence[Attended], accepted: list[str], errors: Sequence[_Error], taken: int, refused: int
) -> list[bool | RowRefused | None]:
    named = [next((error for error in errors if error.is_about(row.number)), None) for row in rows]
    left = list(accepted)
    outcomes: list[bool | RowRefused | None] = []
    for row, error in zip(rows, named, strict=True):
        if row.number in left:
            left.remove(row.number)
            outcomes.append(True)
        elif error is not None:
            outcomes.append(RowRefused(reason_in(error.words), error.words[:LONGEST_WORDS]))
        else:
            outcomes.append(None)
    # Who is named nowhere is only known when the counts leave no doubt.
    said_yes = sum(outcome is True for outcome in outcomes)
    said_no = sum(isinstance(outcome, RowRefused) for outcome in outcomes)
    if said_yes > taken or said_no > refused:
        return [None] * len(rows)
    if said_no == refused:
        return [True if outcome is None else outcome for outcome in outcomes]
    if said_yes == taken:
        words = errors[0].words[:LONGEST_WORDS] if len({error.words for error in errors}) == 1 else ""
        return [RowRefused(reason_in(words), words) if outcome is None else outcome for outcome in outcomes]
    return outcomes


def _parse(body: bytes) -> Element | None:
    """The summary, also when it comes as text inside a `string` element, as services of this kind wrap it."""
    if len(body) > MOST_BYTES:
        return None
    try:
        root: Element = fromstring(body, forbid_dtd=True)
        if _name(root) == "string" and root.text:
            root = fromstring(root.text.strip().encode(), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return None
    return root


def _accepted(summary: Element) -> list[str]:
    return [_text(each, "person") or _text(each, "externalPersonID") for each in _all(summary, "Accepted")]


def _count(summary: Element, name: str) -> int | None:
    found = next(iter(_all(summary, name)), None)
    text = (found.text or "").strip() if found is not None else ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _text(element: Element, name: str) -> str:
    found = next((each for each in element if _name(each) == name), None)
    return " ".join((found.text or "").split()) if found is not None else ""


def _all(element: Element, name: str) -> list[Element]:
    return [each for each in element.iter() if _name(each) == name]


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _fill(element: Element, facts: dict[str, str]) -> None:
    for name, text in facts.items():
        if text:
            SubElement(element, name).text = text
