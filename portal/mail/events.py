"""What the audit log notes about mail."""

from dataclasses import dataclass
from typing import ClassVar

from portal.audit import Event


@dataclass(frozen=True)
class MailQueuedAgain(Event):
    """Somebody of the office had a mail sent once more."""

    tag: ClassVar[str] = "mail.queued_again"
    mail_id: int
    person_id: int | None = None
    edition_id: int | None = None
