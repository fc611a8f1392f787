"""What the audit log notes about calendars."""

from dataclasses import dataclass
from typing import ClassVar

from portal.audit import Event


@dataclass(frozen=True)
class MeetingInvited(Event):
    """An invitation, or a new version of it, was put in the outbox."""

    tag: ClassVar[str] = "calendar.invited"
    edition_id: int
    meeting_id: int
    person_id: int
    sequence: int


@dataclass(frozen=True)
class InvitationWithdrawn(Event):
    tag: ClassVar[str] = "calendar.withdrawn"
    edition_id: int
    meeting_id: int
    person_id: int
    sequence: int


@dataclass(frozen=True)
class FeedOpened(Event):
    tag: ClassVar[str] = "calendar.feed_opened"
    person_id: int


@dataclass(frozen=True)
class FeedRevoked(Event):
    tag: ClassVar[str] = "calendar.feed_revoked"
    person_id: int


@dataclass(frozen=True)
class ReplyRead(Event):
    """A calendar programme answered an invitation. `asked`: it became a question to the person themselves."""

    tag: ClassVar[str] = "calendar.reply_read"
    edition_id: int
    meeting_id: int
    person_id: int
    partstat: str
    other_address: bool
    asked: bool


@dataclass(frozen=True)
class QuestionAnswered(Event):
    """Whether somebody comes, about which their calendar said no, is known."""

    tag: ClassVar[str] = "calendar.question_answered"
    edition_id: int
    meeting_id: int
    person_id: int
    answer: str
