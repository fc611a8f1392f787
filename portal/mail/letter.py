"""What a mail says, before it becomes HTML and plain text. The two are made from one Letter and so never differ."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipient:
    """Who gets it. `person_id` is None for the office's own mailbox."""

    address: str
    name: str
    language: str
    person_id: int | None = None


@dataclass(frozen=True)
class Letter:
    """A mail in its reader's language: plain sentences, facts as (label, value), at most one button (label, address).

    It reads in the order of the fields. Where the office writes its own text, that text is `subject`, `paragraphs` and
    `closing`; `told`, the facts, the button and `after` (terms, withdrawal) stay the portal's.

    Holds no personal data beyond the reader's own name and the facts of a meeting: all else is behind the button."""

    subject: str
    paragraphs: tuple[str, ...]
    told: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    button: tuple[str, str] | None = None
    closing: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class Invitation:
    """A calendar that goes along: the bytes of the .ics and its METHOD ('REQUEST' or 'CANCEL')."""

    ics: bytes
    method: str
