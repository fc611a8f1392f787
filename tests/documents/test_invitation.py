"""Calendar objects: read by three programs, and nothing that a person types becomes calendar markup."""

import dataclasses
import unicodedata
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream

from portal.documents.invitation import CalendarEvent, Mailbox, Method, build_calendar
from tests import calendar_judge

STAMP = datetime(2027, 1, 11, 12, 0, tzinfo=UTC)
OFFICE = Mailbox(address="trainingen@eigenkracht.example", name="Leerkring, Eigen Kracht Centrale")
DEWI = Mailbox(address="dewi.hardjo@example.nl", name="Dewi Hardjo")
WINTER = CalendarEvent(
    uid="bijeenkomst-41-dewi@leerkring.example",
    sequence=2,
    starts_at=datetime(2027, 3, 4, 8, 30, tzinfo=UTC),
    ends_at=datetime(2027, 3, 4, 12, 0, tzinfo=UTC),
    summary="SamenKracht, dagdeel 1: Maak de kring groter",
    location="De Kring; Zwolle",
    description="Neem mee:\r\n- je verhaal\n- een pen",
    url="https://leerkring.example/mijn/inschrijvingen/7?dag=1&taal=nl",
    attendee=DEWI,
)
SUMMER = dataclasses.replace(
    WINTER,
    uid="bijeenkomst-42-dewi@leerkring.example",
    sequence=0,
    starts_at=datetime(2027, 4, 1, 7, 30, tzinfo=UTC),
    ends_at=datetime(2027, 4, 1, 11, 0, tzinfo=UTC),
)
PARSERS = ["icalendar", "vobject", "ical"]
Read = list[tuple[str, datetime, datetime, str, str, str]]


def calendar(method: Method = Method.REQUEST, *events: CalendarEvent, name: str = "") -> bytes:
    """A calendar of which libical approves."""
    data = build_calendar(method, events or (WINTER, SUMMER), organiser=OFFICE, stamped_at=STAMP, name=name)
    calendar_judge.approve(data)
    return data


def read(parser: str, data: bytes) -> Read:
    """What a program sees: uid, start, end, summary, place and description of each event, in order."""
    match parser:
        case "icalendar":
            return [
                (str(e["uid"]), e.start, e.end, str(e["summary"]), str(e["location"]), str(e["description"]))
                for e in icalendar.Calendar.from_ical(data).walk("VEVENT")
            ]
        case "vobject":
            events = vobject.readOne(data.decode()).vevent_list
            return [
                (
                    e.uid.value,
                    e.dtstart.value,
                    e.dtend.value,
                    e.summary.value,
                    e.location.value,
                    e.description.value,
                )
                for e in events
            ]
        case _:
            (found,) = IcsCalendarStream.from_ics(data.decode()).calendars
            return [
                (e.uid, e.dtstart, e.dtend, e.summary, e.location or "", e.description or "")  # type: ignore[misc]
                for e in found.events
            ]


def lines_of(data: bytes) -> list[str]:
    return data.decode().replace("\r\n ", "").split("\r\n")


@pytest.mark.parametrize(
    ("line", "instead", "complaint"),
    [
        ("ORGANIZER", "X-GONE", "iTIP restrictions for ORGANIZER"),
        ("DTSTAMP", "X-GONE", "iTIP restrictions for DTSTAMP"),
        ("ATTENDEE", "X-GONE", "iTIP restrictions for ATTENDEE"),
        ("STATUS:CONFIRMED", "STATUS:NEEDS-ACTION", "iTIP restrictions for STATUS"),
        ("DTEND;TZID=Europe/Amsterdam:20270304T130000", "DTEND:straks", "as DATE-TIME value in DTEND"),
    ],
)
def test_libical_is_a_judge_that_complains(line: str, instead: str, complaint: str) -> None:
    spoilt = calendar().replace(f"\r\n{line}".encode(), f"\r\n{instead}".encode())
    assert complaint in " ".join(calendar_judge.complaints(spoilt))
    assert calendar_judge.complaints(b"geen agenda") == ("not a calendar",)


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("method", list(Method))
def test_three_programs_read_the_same_meetings(parser: str, method: Method) -> None:
    found = read(parser, calendar(method))
    zone = ZoneInfo("Europe/Amsterdam")
    same = (WINTER.summary, "De Kring; Zwolle", "Neem mee:\n- je verhaal\n- een pen")
    assert found == [
        (WINTER.uid, datetime(2027, 3, 4, 9, 30, tzinfo=zone), datetime(2027, 3, 4, 13, 0, tzinfo=zone), *same),
        (SUMMER.uid, datetime(2027, 4, 1, 9, 30, tzinfo=zone), datetime(2027, 4, 1, 13, 0, tzinfo=zone), *same),
    ]
    assert [start.utcoffset() for _, start, *_ in found] == [timedelta(hours=1), timedelta(hours=2)]


def test_an_invitation_says_what_outlook_needs() -> None:
    lines = lines_of(calendar(Method.REQUEST, WINTER))
    assert lines[:6] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Eigen Kracht Centrale//Leerkring//NL",
        "CALSCALE:GREGORIAN",
        "METHOD:REQUEST",
        "BEGIN:VTIMEZONE",
    ]
    assert lines.index("END:VTIMEZONE") < lines.index("BEGIN:VEVENT")
    assert [line for line in lines if line.startswith(("RRULE", "RDATE", "DTSTART"))] == [
        "DTSTART:19700329T020000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        "DTSTART:19701025T030000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
        "DTSTART;TZID=Europe/Amsterdam:20270304T093000",
    ]
    assert lines[lines.index("BEGIN:VEVENT") :] == [
        "BEGIN:VEVENT",
        "UID:bijeenkomst-41-dewi@leerkring.example",
        "SEQUENCE:2",
        "DTSTAMP:20270111T120000Z",
        "DTSTART;TZID=Europe/Amsterdam:20270304T093000",
        "DTEND;TZID=Europe/Amsterdam:20270304T130000",
        "SUMMARY:SamenKracht\\, dagdeel 1: Maak de kring groter",
        "LOCATION:De Kring\\; Zwolle",
        "DESCRIPTION:Neem mee:\\n- je verhaal\\n- een pen",
        "URL:https://leerkring.example/mijn/inschrijvingen/7?dag=1&taal=nl",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        'ORGANIZER;CN="Leerkring, Eigen Kracht Centrale":mailto:trainingen@eigenkracht.example',
        (
            'ATTENDEE;CN="Dewi Hardjo";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE'
            ":mailto:dewi.hardjo@example.nl"
        ),
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_a_withdrawal_cancels_each_meeting_and_keeps_its_zone_and_person() -> None:
    lines = lines_of(calendar(Method.CANCEL))
    assert "METHOD:CANCEL" in lines
    assert lines.count("STATUS:CANCELLED") == lines.count("TRANSP:TRANSPARENT") == lines.count("BEGIN:VEVENT") == 2
    assert lines.count("BEGIN:VTIMEZONE") == 1
    assert len([line for line in lines if line.startswith("ATTENDEE")]) == 2


def test_a_feed_shows_many_meetings_and_nobody_who_attends_them() -> None:
    gone = dataclasses.replace(SUMMER, cancelled=True)
    many = [dataclasses.replace(WINTER, uid=f"bijeenkomst-{number}@leerkring.example") for number in range(300)]
    data = calendar(Method.PUBLISH, *many, gone, name="Leerkring: alle trainingen")
    lines = lines_of(data)
    assert "dewi" not in data.decode().replace(SUMMER.uid, "").lower()
    assert lines.count("STATUS:CONFIRMED") == 300
    assert lines.count("STATUS:CANCELLED") == 1
    assert "X-WR-CALNAME:Leerkring: alle trainingen" in lines
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in lines
    assert [len(read(parser, data)) for parser in PARSERS] == [301, 301, 301]


def test_an_empty_feed_is_a_calendar_still() -> None:
    data = build_calendar(Method.PUBLISH, [], organiser=OFFICE, stamped_at=STAMP, name="Leeg")
    calendar_judge.approve(data)
    assert icalendar.Calendar.from_ical(data).walk("VEVENT") == []
    assert "METHOD:PUBLISH" in lines_of(data)


def test_the_same_facts_give_the_same_bytes() -> None:
    assert calendar() == calendar()


@pytest.mark.parametrize("method", [Method.REQUEST, Method.CANCEL])
def test_mail_to_nobody_is_refused(method: Method) -> None:
    with pytest.raises(ValueError, match="needs an attendee"):
        calendar(method, dataclasses.replace(WINTER, attendee=None))
    with pytest.raises(ValueError, match="at least one event"):
        build_calendar(method, [], organiser=OFFICE, stamped_at=STAMP)


def test_a_cancelled_meeting_is_not_an_invitation() -> None:
    with pytest.raises(ValueError, match="withdrawn with CANCEL"):
        calendar(Method.REQUEST, dataclasses.replace(WINTER, cancelled=True))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "dewi",
        "a@x, b@x",
        "a@x;b@x",
        "a@x b@x",
        "a@x\r\nATTENDEE:mailto:b@x",
        "a@x\x00",
        "a@b@c",
        "Dewi <dewi@example.nl>",
        '"a"@x',
        "mailto:a@x",
    ],
)
def test_an_address_that_is_not_exactly_one_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="Not one plain mail address"):
        Mailbox(address=address)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "https://x.example/\r\nBEGIN:VALARM",
        "https://x.example/\x7f",
        "/mijn",
        "https://x.example/ a",
    ],
)
def test_an_address_on_the_web_is_plain(url: str) -> None:
    with pytest.raises(ValueError, match="Not a web address"):
        dataclasses.replace(WINTER, url=url)


def test_moments_are_aware_and_in_order_and_a_uid_is_one_line() -> None:
    with pytest.raises(ValueError, match="with a zone"):
        dataclasses.replace(WINTER, starts_at=WINTER.starts_at.replace(tzinfo=None))
    with pytest.raises(ValueError, match="ends after it starts"):
        dataclasses.replace(WINTER, ends_at=WINTER.starts_at)
    with pytest.raises(ValueError, match="UID"):
        dataclasses.replace(WINTER, uid="a\r\nATTENDEE:mailto:b@x")
    with pytest.raises(ValueError, match="UID"):
        dataclasses.replace(WINTER, uid="")
    with pytest.raises(ValueError, match="title"):
        dataclasses.replace(WINTER, summary=" \r\n\x00")


def test_what_is_empty_is_left_out() -> None:
    nameless = dataclasses.replace(
        WINTER, location=" ", description="\x00", attendee=Mailbox(address="a@x.nl", name=" \n")
    )
    lines = lines_of(calendar(Method.REQUEST, nameless))
    assert not [line for line in lines if line.startswith(("LOCATION", "DESCRIPTION"))]
    assert [line for line in lines if line.startswith("ATTENDEE")] == [
        "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:a@x.nl"
    ]


HARD_TEXTS = [
    "x" * 200,
    "Şule Yılmaz-Škrabáková van den Bogaard",
    "Nguyễn Thị Ánh",
    "👩‍👩‍👧 kring",
    "محمد علي",
    '=HYPERLINK("http://x.example")',
    "<b>vet</b> </svg> #let x = 1",
    "a@x, b@x; c\\n",
]


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("text", HARD_TEXTS)
def test_hard_texts_come_back_as_they_were(parser: str, text: str) -> None:
    event = dataclasses.replace(
        WINTER, summary=text, location=text, description=text, attendee=Mailbox(address="a@x.nl", name=text)
    )
    ((_, _, _, *found),) = read(parser, calendar(Method.REQUEST, event))
    assert found == [text, text, text]


def test_a_name_with_markup_stays_one_parameter() -> None:
    name = 'Şule "X"\r\nATTENDEE:mailto:b@x;PARTSTAT=DECLINED:'
    event = dataclasses.replace(WINTER, attendee=Mailbox(address="a@x.nl", name=name))
    (attendee,) = [line for line in lines_of(calendar(Method.REQUEST, event)) if line.startswith("ATTENDEE")]
    assert attendee == (
        "ATTENDEE;CN=\"Şule 'X' ATTENDEE:mailto:b@x;PARTSTAT=DECLINED:\";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;"
        "PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:a@x.nl"
    )


# Each is judged by a process of its own, so some take longer than hypothesis expects.
@settings(deadline=None)
@given(st.text(st.characters(codec=None), min_size=1))
def test_no_text_adds_a_line_to_the_calendar(text: str) -> None:
    event = dataclasses.replace(
        WINTER,
        summary="x" + text,
        location="x" + text,
        description="x" + text,
        attendee=Mailbox(address="a@x.nl", name=text),
    )
    data = calendar(Method.REQUEST, event)
    plain = lines_of(calendar(Method.REQUEST, WINTER))
    keys = [line.split(":")[0].split(";")[0] for line in lines_of(data)]
    assert keys == [line.split(":")[0].split(";")[0] for line in plain]
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    plain_text = data.decode().replace("\r\n", "").replace("\t", "")
    assert not [sign for sign in plain_text if unicodedata.category(sign) == "Cc"]
    assert len(icalendar.Calendar.from_ical(data).walk("VEVENT")) == 1
