"""The message as mail programs read it."""

import email
import email.policy
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest

from portal.mail.mime import build_message, envelope_address
from portal.mail.models import OutgoingMail

NOW = datetime(2027, 3, 4, 9, 30, tzinfo=UTC)
ICS = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Kring \xc3\xa9\xc3\xa9n\r\nEND:VCALENDAR\r\n"
# Names that try to become something else on the way.
NAMES = [
    "Şule Yılmaz-Škrabáková",
    "Nguyễn Thị Ánh",
    "a@x.nl, b@x.nl",
    'Jan "de Baas" <baas@kwaad.nl>',
    "Jan\r\nBcc: kwaad@kwaad.nl",
    "عمر مرحبا",
    "😀 Blij",
    "N" * 200,
    "",
]


def row(**values: Any) -> OutgoingMail:
    ordinary = {
        "to_name": "Dewi Hardjo",
        "to_address": "dewi@zorg.example",
        "subject": "Je doet mee",
        "text_body": "Dag Dewi,\n\nTot 4 maart. Één regel met € en —.\n",
        "html_body": "<!doctype html><p>Dag Dewi — € 5</p>",
        "message_id": "<abc@leerkring.example>",
        "language": "nl",
        "calendar": None,
        "calendar_method": None,
    }
    return OutgoingMail(**ordinary | values)


def sent(**values: Any) -> EmailMessage:
    """The message after it went over the line and was read again."""
    made = build_message(
        row(**values), sender="Leerkring <post@leerkring.example>", reply_to="bureau@leerkring.example", sent_at=NOW
    )
    read: Any = email.message_from_bytes(bytes(made), policy=email.policy.default)  # type: ignore[arg-type]
    return read  # type: ignore[no-any-return]


def shape(message: EmailMessage) -> Any:
    if message.is_multipart():
        return (message.get_content_type(), [shape(part) for part in message.iter_parts()])  # type: ignore[arg-type]
    return message.get_content_type()


def test_a_mail_is_text_and_html_that_say_the_same() -> None:
    message = sent()
    assert shape(message) == ("multipart/alternative", ["text/plain", "text/html"])
    text, html = message.iter_parts()
    assert text.get_content().replace("\r\n", "\n") == "Dag Dewi,\n\nTot 4 maart. Één regel met € en —.\n"
    assert html.get_content().strip() == "<!doctype html><p>Dag Dewi — € 5</p>"


def test_the_headers_say_who_wrote_to_whom_and_that_a_machine_did() -> None:
    message = sent()
    assert {name: str(message[name]) for name in message if name not in ("Content-Type", "MIME-Version")} == {
        "From": "Leerkring <post@leerkring.example>",
        "To": "Dewi Hardjo <dewi@zorg.example>",
        "Reply-To": "bureau@leerkring.example",
        "Subject": "Je doet mee",
        "Date": "Thu, 04 Mar 2027 09:30:00 +0000",
        "Message-ID": "<abc@leerkring.example>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": "nl",
    }


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_an_invitation_stands_beside_the_text_and_as_a_file(method: str) -> None:
    message = sent(calendar=ICS, calendar_method=method)
    assert shape(message) == (
        "multipart/mixed",
        [("multipart/alternative", ["text/plain", "text/html", "text/calendar"]), "application/ics"],
    )
    alternative, attachment = message.iter_parts()
    invitation = list(alternative.iter_parts())[2]  # type: ignore[attr-defined]
    assert invitation["Content-Type"].params == {"method": method, "charset": "utf-8"}
    assert invitation.get_payload(decode=True) == ICS
    assert (attachment.get_filename(), attachment.get_content_disposition()) == ("uitnodiging.ics", "attachment")
    assert attachment.get_payload(decode=True) == ICS


@pytest.mark.parametrize("name", NAMES)
def test_whatever_somebody_is_called_there_is_one_reader(name: str) -> None:
    message = sent(to_name=name, subject=f"Dag {name}"[:250])
    assert [str(each.addr_spec) for each in message["To"].addresses] == ["dewi@zorg.example"]
    assert message["To"].addresses[0].display_name == " ".join(name.split())
    assert message["Subject"] == " ".join(f"Dag {name}"[:250].split())
    assert set(message.keys()) == {
        *("From", "To", "Reply-To", "Subject", "Date", "Message-ID"),
        *("Auto-Submitted", "Content-Language", "MIME-Version", "Content-Type"),
    }


def test_a_name_that_is_an_encoded_word_adds_no_reader() -> None:
    message = sent(to_name="=?utf-8?q?Jan=2C_kwaad=40kwaad=2Enl?=")
    assert [str(each.addr_spec) for each in message["To"].addresses] == ["dewi@zorg.example"]


@pytest.mark.parametrize("subject", NAMES[:-1])
def test_no_line_of_a_header_is_longer_than_mail_servers_take(subject: str) -> None:
    made = build_message(row(subject=subject), sender="L <l@l.example>", reply_to="b@l.example", sent_at=NOW)
    assert max(len(line) for line in bytes(made).splitlines()) <= 998


@pytest.mark.parametrize(
    "address",
    ["a@x.nl, b@x.nl", "a@x.nl\r\nBcc: b@x.nl", "a@x.nl b@x.nl", "<a@x.nl>", "a@b@x.nl", "naam", "@x.nl", "a@x..nl"],
)
def test_an_address_that_could_be_two_is_refused(address: str) -> None:
    with pytest.raises(ValueError):
        envelope_address(address)
    with pytest.raises(ValueError):
        sent(to_address=address)


def test_a_domain_with_accents_goes_over_the_line_in_ascii() -> None:
    assert envelope_address("dewi@zörg.example") == "dewi@xn--zrg-sna.example"
    assert str(sent(to_address="dewi@zörg.example")["To"].addresses[0].addr_spec) == "dewi@xn--zrg-sna.example"
