"""A row of the outbox as the message that mail programs read.

With an invitation: multipart/mixed(multipart/alternative(text, html, text/calendar; method=...), attachment .ics),
which is what Outlook, Google and Apple each need. Flask-Mail's Message gives the calendar part no `method`, so the
standard library builds the message and Flask-Mail's connection carries it."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from portal.mail.models import OutgoingMail

POLICY = SMTP.clone(max_line_length=78)


def envelope_address(text: str) -> str:
    """One plain address as SMTP takes it: its domain in ASCII. Raises ValueError for what could be read as two."""
    local, at, domain = text.strip().rpartition("@")
    if not at or not local or any(sign in text for sign in ' ,;:<>()[]"\\\r\n\t') or "@" in local:
        raise ValueError(f"not one plain address: {text!r}")
    return f"{local}@{domain.encode('idna').decode()}"


def build_message(mail: OutgoingMail, *, sender: str, reply_to: str, sent_at: datetime) -> EmailMessage:
    """The message of a mail. `sender` is like 'Leerkring <trainingen@leerkring.example>'. Raises ValueError when an
    address cannot be one address."""
    message = EmailMessage(policy=POLICY)
    message["From"] = _mailbox(*parseaddr(sender))
    message["To"] = _mailbox(mail.to_name, mail.to_address)
    message["Reply-To"] = _mailbox("", reply_to)
    message["Subject"] = _one_line(mail.subject)
    message["Date"] = format_datetime(sent_at)
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text_body, cte="quoted-printable")
    message.add_alternative(mail.html_body, subtype="html", cte="quoted-printable")
    if mail.calendar is not None and mail.calendar_method:
        invitation = EmailMessage(policy=POLICY)
        # As bytes in base64: a calendar's lines end in CRLF, and nothing on the way may fold or mend them.
        invitation.set_content(mail.calendar, "text", "calendar", cte="base64")
        invitation.replace_header("Content-Type", _calendar_type(mail.calendar_method))
        message.attach(invitation)
        message.make_mixed()
        message.add_attachment(mail.calendar, maintype="application", subtype="ics", filename="uitnodiging.ics")
    # Last: making a message multipart moves its Content-* headers down into the first part.
    message["Content-Language"] = mail.language
    return message


def _calendar_type(method: str) -> str:
    return f"text/calendar; method={method}; charset=utf-8"


def _mailbox(name: str, address: str) -> Address:
    local, _at, domain = envelope_address(address).rpartition("@")
    return Address(_one_line(name), local, domain)


def _one_line(text: str) -> str:
    """Text for a header: no line breaks, and nothing that reads as an encoded word (RFC 2047), for decoding that could
    bring a comma and so a second reader."""
    return " ".join(text.replace("=?", "= ?").split())
