"""What the audit log notes about mail."""

from dataclasses import dataclass
from typing import ClassVar

from portal.audit import Event


@dataclass(frozen=True)
class MailQueuedAgain(Event):
    """Somebody of the office had a mail that failed sent once more."""

    tag: ClassVar[str] = "mail.queued_again"
    mail_id: int
    person_id: int | None = None
    edition_id: int | None = None


@dataclass(frozen=True)
class MailRepeated(Event):
    """Somebody of the office had a mail that was sent go out again, as a mail of its own. `repeats`: the number of the
    one that was sent."""

    tag: ClassVar[str] = "mail.repeated"
    mail_id: int
    repeats: int
    person_id: int | None = None
    edition_id: int | None = None


@dataclass(frozen=True)
class MailFailed(Event):
    """A mail was given up after so many attempts. Why stands with the mail itself: the answer may hold an address."""

    tag: ClassVar[str] = "mail.failed"
    mail_id: int
    attempts: int
    person_id: int | None = None
    edition_id: int | None = None


@dataclass(frozen=True)
class MailTextWritten(Event):
    """The office gave a kind of mail another text in a language, or the original one back. The text itself stands in
    its version, which stays."""

    tag: ClassVar[str] = "mail.text_written"
    kind: str
    language: str
    number: int
    original: bool


@dataclass(frozen=True)
class MailsStopped(Event):
    """The office holds up the mails of a deed that had not gone yet."""

    tag: ClassVar[str] = "mail.stopped"
    mail_batch_id: int
    mails: int
    edition_id: int | None = None


@dataclass(frozen=True)
class MailsHurried(Event):
    """The office did not let the mails of a deed wait any longer."""

    tag: ClassVar[str] = "mail.hurried"
    mail_batch_id: int
    mails: int
    edition_id: int | None = None


@dataclass(frozen=True)
class MailsReleased(Event):
    """The office sends the mails of a deed that it had held up."""

    tag: ClassVar[str] = "mail.released"
    mail_batch_id: int
    mails: int
    edition_id: int | None = None


@dataclass(frozen=True)
class MailsDropped(Event):
    """The office never sends the mails of a deed that it had held up."""

    tag: ClassVar[str] = "mail.dropped"
    mail_batch_id: int
    mails: int
    edition_id: int | None = None
