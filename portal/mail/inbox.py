"""The mailbox of replies, over IMAP (RFC 3501). Only the worker calls this.

Messages are asked for by their number (UID) and looked at without being marked as read; what the portal dealt with it
marks afterwards. What it has no use for stays as it is, for the people who read that mailbox too."""

import imaplib
import re
import ssl
from datetime import date
from typing import Any

from portal.config import ReplyMailbox

SECONDS_TO_ANSWER = 30
# An answer is a few kilobytes. Of what is larger the beginning is enough to see that it is none.
MOST_BYTES = 1024 * 1024
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class InboxFault(Exception):
    """The server does not do what is asked, or cannot be reached; it says so itself."""


class Inbox:
    """One connection with its folder open. Raises InboxFault for all that goes wrong on the way.

    `uid_validity`: as long as it stays the same, the server's numbers mean the same messages."""

    def __init__(self, settings: ReplyMailbox) -> None:
        self.uid_validity = ""
        self._imap = _connect(settings)
        try:
            self._asked("LOGIN", self._imap.login(_quoted(settings.username), settings.password))
            self._asked("SELECT", self._imap.select(_quoted(settings.folder)))
            said = self._imap.response("UIDVALIDITY")[1][0]
            self.uid_validity = said.decode() if isinstance(said, bytes) else ""
        except BaseException as fault:
            self.close()
            raise _fault(fault) from fault

    def __enter__(self) -> "Inbox":
        return self

    def __exit__(self, *_reason: object) -> None:
        self.close()

    def close(self) -> None:
        """Says goodbye; a server that has hung up already need not hear it."""
        try:
            self._imap.logout()
        except (OSError, imaplib.IMAP4.error):
            pass

    def list_numbers(self, *, after: int, since: date) -> list[int]:
        """The numbers of the messages that came after this one and on or after that day, in order of arrival."""
        day = f"{since.day}-{MONTHS[since.month - 1]}-{since.year}"
        try:
            found = self._asked("SEARCH", self._imap.uid("SEARCH", "UID", f"{after + 1}:*", "SINCE", day))
        except (OSError, imaplib.IMAP4.error) as fault:
            raise _fault(fault) from fault
        numbers = [int(number) for number in (found[0] or b"").split()] if isinstance(found[0], bytes) else []
        # "8:*" is the last message too when there are only seven.
        return sorted(number for number in numbers if number > after)

    def read(self, number: int) -> bytes:
        """A message, or as much of it as could be an answer; empty when somebody has taken it away meanwhile."""
        try:
            found = self._asked("FETCH", self._imap.uid("FETCH", str(number), f"(BODY.PEEK[]<0.{MOST_BYTES}>)"))
        except (OSError, imaplib.IMAP4.error) as fault:
            raise _fault(fault) from fault
        return b"".join(part[1] for part in found if isinstance(part, tuple))

    def mark_read(self, number: int) -> None:
        """Marks a message as read."""
        try:
            self._asked("STORE", self._imap.uid("STORE", str(number), "+FLAGS.SILENT", r"(\Seen)"))
        except (OSError, imaplib.IMAP4.error) as fault:
            raise _fault(fault) from fault

    def _asked(self, command: str, answer: tuple[str, Any]) -> Any:
        status, said = answer
        if status != "OK":
            raise InboxFault(f"{command}: {said}")
        return said


def _connect(settings: ReplyMailbox) -> imaplib.IMAP4:
    try:
        if settings.tls == "tls":
            context = ssl.create_default_context()
            return imaplib.IMAP4_SSL(settings.host, settings.port, ssl_context=context, timeout=SECONDS_TO_ANSWER)
        imap = imaplib.IMAP4(settings.host, settings.port, timeout=SECONDS_TO_ANSWER)
        if settings.tls == "starttls":
            imap.starttls(ssl.create_default_context())
        return imap
    except (OSError, imaplib.IMAP4.error) as fault:
        raise _fault(fault) from fault


def _fault(fault: BaseException) -> BaseException:
    """What happened as one InboxFault; what is not of the server goes on as it is."""
    if isinstance(fault, OSError | imaplib.IMAP4.error):
        return InboxFault(f"{type(fault).__name__}: {fault}")
    return fault


def _quoted(text: str) -> str:
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'
