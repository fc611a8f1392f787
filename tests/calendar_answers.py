"""What calendar programs send when somebody answers an invitation, in the shapes that they are known to give it, and
what else ends up in the mailbox that they send it to."""

from __future__ import annotations

import base64
import quopri
from itertools import count

US = "trainingen@leerkring.example"
numbers = count(1)


def outlook(uid: str, who: str, partstat: str = "DECLINED", *, key: str = "") -> bytes:
    """Exchange: base64, zones by Windows' own names, an attachment-free alternative, lines folded by tabs."""
    word = {"DECLINED": "Declined", "ACCEPTED": "Accepted", "TENTATIVE": "Tentative"}[partstat]
    calendar = "\r\n".join(
        [
            "BEGIN:VCALENDAR",
            "METHOD:REPLY",
            "PRODID:Microsoft Exchange Server 2010",
            "VERSION:2.0",
            "BEGIN:VTIMEZONE",
            "TZID:W. Europe Standard Time",
            "BEGIN:STANDARD",
            "DTSTART:16010101T030000",
            "TZOFFSETFROM:+0200",
            "TZOFFSETTO:+0100",
            "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10",
            "END:STANDARD",
            "END:VTIMEZONE",
            "BEGIN:VEVENT",
            f"ATTENDEE;PARTSTAT={partstat};CN=Şule Yılmaz:mailto:{who.title()}",
            "COMMENT;LANGUAGE=nl-NL:Sorry\\, ik kan niet\\n",
            f"UID:{uid[:20]}",
            f"\t{uid[20:]}",
            "SUMMARY;LANGUAGE=nl-NL:Geweigerd: SamenKracht\\, dagdeel 1",
            "DTSTART;TZID=W. Europe Standard Time:20270304T093000",
            "DTEND;TZID=W. Europe Standard Time:20270304T123000",
            "CLASS:PUBLIC",
            "PRIORITY:5",
            "DTSTAMP:20270201T101500Z",
            "TRANSP:OPAQUE",
            "STATUS:CONFIRMED",
            "SEQUENCE:0",
            "X-MICROSOFT-CDO-APPT-SEQUENCE:0",
            "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]
    )
    encoded = base64.encodebytes(calendar.encode()).decode()
    return _mail(
        who,
        f"{word}: SamenKracht",
        'multipart/alternative; boundary="_000_AM0PR"',
        "--_000_AM0PR\n"
        'Content-Type: text/plain; charset="iso-8859-1"\nContent-Transfer-Encoding: quoted-printable\n\nSorry=20\n'
        '--_000_AM0PR\nContent-Type: text/calendar; charset="utf-8"; method=REPLY\n'
        f"Content-Transfer-Encoding: base64\n\n{encoded}\n--_000_AM0PR--\n",
        key=key,
    )


def google(uid: str, who: str, partstat: str = "DECLINED", *, key: str = "") -> bytes:
    """Google: the calendar twice, as a part and as an attachment, and the addresses in parameters too."""
    calendar = "\r\n".join(
        [
            "BEGIN:VCALENDAR",
            "PRODID:-//Google Inc//Google Calendar 70.9054//EN",
            "VERSION:2.0",
            "CALSCALE:GREGORIAN",
            "METHOD:REPLY",
            "BEGIN:VEVENT",
            "DTSTART:20270304T083000Z",
            "DTEND:20270304T113000Z",
            "DTSTAMP:20270201T101500Z",
            f"ORGANIZER;CN=Leerkring:mailto:{US}",
            f"UID:{uid}",
            f"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={partstat};CN={who}",
            f" ;X-NUM-GUESTS=0:mailto:{who}",
            "X-MICROSOFT-CDO-OWNERAPPTID:-1519215478",
            "CREATED:20270201T101400Z",
            "DESCRIPTION:Meer informatie",
            "LAST-MODIFIED:20270201T101500Z",
            "LOCATION:Grote Markt 1\\, Zwolle",
            "SEQUENCE:0",
            "STATUS:CONFIRMED",
            "SUMMARY:SamenKracht",
            "TRANSP:OPAQUE",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]
    )
    encoded = base64.encodebytes(calendar.encode()).decode()
    return _mail(
        who,
        "Afgewezen: SamenKracht",
        'multipart/mixed; boundary="0000000000006a"',
        '--0000000000006a\nContent-Type: multipart/alternative; boundary="0000000000006b"\n\n'
        '--0000000000006b\nContent-Type: text/plain; charset="UTF-8"; format=flowed\n\nafgewezen\n'
        '--0000000000006b\nContent-Type: text/calendar; charset="UTF-8"; method=REPLY\n'
        f"Content-Transfer-Encoding: quoted-printable\n\n{quopri.encodestring(calendar.encode()).decode()}\n"
        "--0000000000006b--\n--0000000000006a\n"
        'Content-Type: application/ics; name="invite.ics"\nContent-Disposition: attachment; filename="invite.ics"\n'
        f"Content-Transfer-Encoding: base64\n\n{encoded}\n--0000000000006a--\n",
        key=key,
    )


def apple(uid: str, who: str, partstat: str = "DECLINED", *, key: str = "") -> bytes:
    """Apple: only an attachment, as quoted-printable, with what it calls a zone of its own."""
    calendar = (
        "BEGIN:VCALENDAR\nCALSCALE:GREGORIAN\nVERSION:2.0\nMETHOD:REPLY\nPRODID:-//Apple Inc.//macOS 14.4//EN\n"
        "BEGIN:VEVENT\nTRANSP:OPAQUE\nDTEND;TZID=Europe/Amsterdam:20270304T123000\n"
        f"UID:{uid}\nDTSTAMP:20270201T101500Z\nDESCRIPTION:\nSTATUS:CONFIRMED\nSEQUENCE:0\n"
        f'ATTENDEE;CN="Yılmaz, Şule";CUTYPE=INDIVIDUAL;EMAIL="{who}";PARTSTAT={partstat}:mailto:{who}\n'
        f"ORGANIZER;CN=Leerkring:mailto:{US}\nDTSTART;TZID=Europe/Amsterdam:20270304T093000\n"
        "END:VEVENT\nEND:VCALENDAR\n"
    )
    return _mail(
        who,
        "=?utf-8?Q?=C5=9Eule?= heeft geweigerd",
        'multipart/mixed; boundary="Apple-Mail=_F0"',
        "--Apple-Mail=_F0\nContent-Type: text/plain\n\ngeweigerd\n"
        '--Apple-Mail=_F0\nContent-Type: text/calendar; x-unix-mode=0644; name="uitnodiging.ics"\n'
        "Content-Disposition: attachment; filename=uitnodiging.ics\nContent-Transfer-Encoding: quoted-printable\n\n"
        f"{quopri.encodestring(calendar.encode()).decode()}\n--Apple-Mail=_F0--\n",
        key=key,
    )


SHAPES = {"outlook": outlook, "google": google, "apple": apple}


def counter(uid: str, who: str) -> bytes:
    """Another time is proposed."""
    return plain(uid, who, "TENTATIVE", method="COUNTER")


def plain(uid: str, who: str, partstat: str = "DECLINED", *, method: str = "REPLY", more: str = "") -> bytes:
    """The least that is an answer, as the whole mail."""
    said = f"METHOD:{method}\r\n" if method else ""
    calendar = (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{said}BEGIN:VEVENT\r\nUID:{uid}\r\n{more}"
        f"ATTENDEE;PARTSTAT={partstat}:mailto:{who}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    return _mail(who, "Antwoord", "text/calendar; charset=utf-8", calendar)


def out_of_office(who: str) -> bytes:
    return _mail(
        who, "Automatisch antwoord: afwezig", "text/plain", "Ik ben er niet.\n", "Auto-Submitted: auto-replied\n"
    )


def spam() -> bytes:
    return _mail("win@kwaad.example", "WIN!!!", "text/html; charset=big5", "<b>\xa4\xa4</b>\n")


def bounce(invitation: bytes, who: str) -> bytes:
    """A mail that could not be delivered comes back, with all of itself."""
    return _mail(
        "mailer-daemon@post.example",
        "Undelivered Mail Returned to Sender",
        'multipart/report; report-type=delivery-status; boundary="B1"',
        "--B1\nContent-Type: text/plain\n\nNiet bezorgd.\n"
        f"--B1\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; post.example\n\n"
        f"Final-Recipient: rfc822; {who}\nAction: failed\nStatus: 5.1.1\n"
        f"--B1\nContent-Type: message/rfc822\n\n{invitation.decode(errors='replace')}\n--B1--\n",
    )


def _mail(who: str, subject: str, kind: str, body: str, more: str = "", *, key: str = "") -> bytes:
    head = (
        f"Return-Path: <{who}>\nFrom: =?utf-8?Q?=C5=9Eule?= <{who}>\nTo: Leerkring <{US}>\nSubject: {subject}\n"
        f"Date: Mon, 01 Feb 2027 11:15:00 +0100\nMessage-ID: <{key or f'antwoord-{next(numbers)}'}@post.example>\n"
        f"MIME-Version: 1.0\n{more}Content-Type: {kind}\n\n"
    )
    return (head + body).replace("\r\n", "\n").replace("\n", "\r\n").encode()
