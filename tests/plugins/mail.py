"""A real SMTP server on the loopback that keeps what it gets.

def test_...(mailbox): ...; message = mailbox.only(to="sule@zorg.example"); message["Subject"]
"""

from __future__ import annotations

import contextlib
import email
import email.policy
import socket
import time
from collections.abc import Iterator
from email.message import EmailMessage
from itertools import repeat
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

SECONDS_TO_ARRIVE = 40


class Mailbox:
    """Everything that arrived, in order of arrival. `refusal` answers every message with that SMTP reply instead;
    `moods` gives the reply to each next message, None for a good one."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.refusal: str | None = None
        self.moods: Iterator[str | None] = repeat(None)
        self.host = "127.0.0.1"
        self.port = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802, aiosmtpd's name
        if refusal := self.refusal or next(self.moods):
            return refusal
        content: Any = envelope.content
        self.messages.append(email.message_from_bytes(content, policy=email.policy.default))  # type: ignore[arg-type]
        self.recipients.append(envelope.rcpt_tos)
        return "250 OK"

    def empty(self) -> None:
        self.messages.clear()
        self.recipients.clear()
        self.refusal, self.moods = None, repeat(None)

    def to(self, address: str) -> list[EmailMessage]:
        """The messages that were delivered to this address, whatever their To says."""
        pairs = zip(self.messages, self.recipients, strict=True)
        return [message for message, recipients in pairs if address in recipients]

    def only(self, to: str) -> EmailMessage:
        """The one message to this address; AssertionError when there are none or more."""
        found = self.to(to)
        assert len(found) == 1, f"{len(found)} messages to {to}; {[m['Subject'] for m in self.messages]} arrived"
        return found[0]

    def wait_for(self, to: str, subject: str = "", number: int = 1) -> EmailMessage:
        """The newest message to this address with these words in its subject, as soon as the worker has sent so
        many."""
        deadline = time.monotonic() + SECONDS_TO_ARRIVE
        while time.monotonic() < deadline:
            found = [m for m in self.to(to) if subject in str(m["Subject"])]
            if len(found) >= number:
                return found[-1]
            time.sleep(0.1)
        arrived = [(r, str(m["Subject"])) for m, r in zip(self.messages, self.recipients, strict=True)]
        raise AssertionError(f"no mail {subject!r} to {to} within {SECONDS_TO_ARRIVE} seconds; arrived: {arrived}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serve_mailbox() -> Iterator[Mailbox]:
    """A mailbox behind a running SMTP server on a free port."""
    mailbox = Mailbox()
    mailbox.port = free_port()
    controller = Controller(mailbox, hostname=mailbox.host, port=mailbox.port, server_hostname="post.example")
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()


@pytest.fixture(scope="session")
def smtp_server() -> Iterator[Mailbox]:
    """The SMTP server of this test process; the app's settings point at it."""
    with serve_mailbox() as mailbox:
        yield mailbox


@pytest.fixture
def mailbox(smtp_server: Mailbox) -> Mailbox:
    """What the portal sends during this test."""
    smtp_server.empty()
    return smtp_server
