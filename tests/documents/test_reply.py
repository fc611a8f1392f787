"""Answers of calendar programs are read in whatever shape they come; what is no answer gives none, and no error."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.documents.invitation import CalendarEvent, Mailbox, Method, build_calendar
from portal.documents.reply import Coming, Reply, read_reply
from tests import calendar_answers as answers

UID = "6f3c0d1e-8a52-4b8e-9d0e-6d5f6a7b8c9d@leerkring.example"
SULE = "sule@zorg.example"
DECLINED = (Reply(UID, Coming.DECLINED, SULE),)


@pytest.mark.parametrize("shape", answers.SHAPES)
@pytest.mark.parametrize("partstat", ["DECLINED", "ACCEPTED", "TENTATIVE"])
def test_what_outlook_google_and_apple_send(shape: str, partstat: str) -> None:
    read = read_reply(answers.SHAPES[shape](UID, SULE, partstat))
    assert read.replies == (Reply(UID, Coming(partstat.lower()), SULE),)
    assert read.sender == SULE


def test_another_time_that_is_proposed() -> None:
    assert read_reply(answers.counter(UID, SULE)).replies == (Reply(UID, Coming.COUNTERED, SULE),)


@pytest.mark.parametrize(
    "mail",
    [
        answers.plain(UID, SULE, method=""),
        answers.plain(UID, SULE, "declined"),
        answers.plain(UID, SULE, more="DTSTART;TZID=Nergens/Bestaat-niet:2027\r\n"),
        answers.plain(UID, SULE, more="RRULE:FREQ=NOOIT;BYDAY=99XX\r\nGEEN REGEL\r\n\r\n"),
        answers.plain(UID, SULE, more="BEGIN:VALARM\r\n"),
        answers.plain(UID, SULE).replace(b"END:VCALENDAR\r\n", b"").replace(b"END:VEVENT\r\n", b""),
        answers.plain(UID, SULE).replace(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", b""),
        answers.plain(UID, SULE).replace(b"PARTSTAT=DECLINED:", b"CN=Sule: van de zorg;PARTSTAT=DECLINED:"),
        answers.plain(UID, SULE).replace(b"PARTSTAT=DECLINED:", b'PARTSTAT="DECLINED";CN="a:b;c":'),
        answers.plain(UID, SULE).replace(b"mailto:sule@zorg.example", b"MAILTO:Sule@Zorg.Example"),
        answers.plain(UID, SULE).replace(
            b"PARTSTAT=DECLINED:mailto:sule@zorg.example",
            b"EMAIL=sule@zorg.example;PARTSTAT=DECLINED:/o=Exchange/cn=sule",
        ),
        answers.plain(UID, SULE).replace(b"charset=utf-8", b"charset=bestaat-niet"),
        answers.plain(UID, SULE).replace(b"text/calendar", b'application/octet-stream; name="a.ICS"'),
        answers.plain(UID, SULE).replace(b"ATTENDEE", b"COMMENT:caf\xe9\r\nATTENDEE"),
        answers.plain(UID, SULE).replace(b"\r\n", b"\n"),
    ],
    ids=lambda mail: "",
)
def test_what_is_not_in_order_is_read_all_the_same(mail: bytes) -> None:
    assert read_reply(mail).replies == DECLINED


@pytest.mark.parametrize("charset", ["utf-16", "utf-8-sig", "cp1252", "latin-1"])
def test_any_charset(charset: str) -> None:
    calendar = f"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nCOMMENT:é\r\nUID:{UID}\r\n"
    calendar += f"ATTENDEE;PARTSTAT=DECLINED:mailto:{SULE}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    mail = EmailMessage()
    mail["From"] = SULE
    mail.set_content(calendar.encode(charset), "text", "calendar", cte="base64")
    assert read_reply(mail.as_bytes()).replies == DECLINED


def test_of_several_attendees_the_one_who_writes_speaks() -> None:
    other = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ander@zorg.example\r\n"
    assert read_reply(answers.plain(UID, SULE, more=other)).replies == DECLINED


def test_an_answer_for_somebody_else_says_so() -> None:
    mail = answers.plain(UID, "assistent@zorg.example").replace(b"mailto:assistent@", b"mailto:sule@")
    read = read_reply(mail)
    assert (read.sender, read.replies) == ("assistent@zorg.example", DECLINED)


def our_own_invitation() -> bytes:
    event = CalendarEvent(
        uid=UID,
        sequence=0,
        starts_at=datetime(2027, 3, 4, 8, 30, tzinfo=UTC),
        ends_at=datetime(2027, 3, 4, 8, 30, tzinfo=UTC) + timedelta(hours=3),
        summary="SamenKracht",
        attendee=Mailbox(address=SULE),
    )
    office = Mailbox(address=answers.US)
    mail = EmailMessage()
    mail["From"] = answers.US
    ics = build_calendar(Method.REQUEST, [event], organiser=office, stamped_at=event.starts_at)
    mail.set_content(ics, "text", "calendar", cte="base64")
    return mail.as_bytes()


@pytest.mark.parametrize(
    "mail",
    [
        our_own_invitation(),
        answers.bounce(our_own_invitation(), SULE),
        answers.bounce(answers.plain(UID, SULE), SULE),
        answers.out_of_office(SULE),
        answers.spam(),
        answers.plain(UID, SULE, method="REQUEST"),
        answers.plain(UID, SULE, method="CANCEL"),
        answers.plain(UID, SULE, "NEEDS-ACTION"),
        answers.plain(UID, SULE, "COUNTERED"),
        answers.plain("een uid met spaties en \x00", SULE),
        answers.plain("x" * 200, SULE),
        b"",
        b"\x00\xff" * 1000,
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n--x--",
        b"Content-Type: text/calendar\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!",
    ],
    ids=lambda mail: "",
)
def test_what_is_no_answer_gives_none(mail: bytes) -> None:
    assert read_reply(mail).replies == ()


def test_the_same_mail_has_the_same_key_however_often_it_is_read() -> None:
    first, again = answers.outlook(UID, SULE, key="een"), answers.google(UID, SULE, key="een")
    assert read_reply(first).key == read_reply(first).key == read_reply(again).key
    assert read_reply(answers.outlook(UID, SULE, key="twee")).key != read_reply(first).key
    nameless = first.replace(b"Message-ID", b"X-Was")
    assert read_reply(nameless).key == read_reply(nameless).key != read_reply(nameless + b"\r\n").key


@given(st.binary(max_size=3000))
def test_no_bytes_are_an_error(data: bytes) -> None:
    assert read_reply(data).replies == ()
    assert isinstance(read_reply(b"Content-Type: text/calendar\r\n\r\n" + data).replies, tuple)


@given(st.lists(st.sampled_from(answers.plain(UID, SULE).decode().partition("\r\n\r\n")[2].split("\r\n")), max_size=12))
def test_no_order_of_lines_is_an_error(lines: list[str]) -> None:
    read = read_reply(b"Content-Type: text/calendar\r\n\r\n" + "\r\n".join(lines).encode())
    assert {reply.uid for reply in read.replies} <= {UID}
