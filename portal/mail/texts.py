"""The words of a mail that the office may write itself: subject, opening and closing, in two languages.

A kind of mail is declared once, beside the mails of its area, as a TextKind: its original words, which are ordinary
translated texts, and the names that stand for facts, written in curly braces. A mail is then made by

    letter = texts.letter(KIND, {"naam": person.name, ...}, facts=..., button=..., after=...)

which takes the office's newest words in the language that is being spoken, or else the original ones. What the office
writes is plain text: no markup, and braces in a name are not filled in a second time."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select

from portal.db import db
from portal.language import spoken
from portal.mail.letter import Letter
from portal.mail.models import MailText

PLACE = re.compile(r"\{([^{}\n]*)\}")
Values = Mapping[str, str]


@dataclass(frozen=True)
class Words:
    """What the office may write: a subject, and paragraphs before and after the facts and the button."""

    subject: str
    opening: tuple[str, ...]
    closing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Example:
    """A mail to nobody, for who writes the words: values for every name, and all of the letter that is the portal's."""

    values: Values
    letter: Letter


@dataclass(frozen=True)
class TextKind:
    """A kind of mail whose words the office may write. `name` is that of the mails in the outbox; `label` and `sent`
    say what it is and when it goes; `places` are the names in braces with what each stands for; `original` gives the
    portal's own words around these values; `example` is asked under `speaking()`."""

    name: str
    label: object
    sent: object
    places: Mapping[str, object]
    original: Callable[[Values], Words]
    example: Callable[[], Example]

    def source(self) -> Words:
        """The original words as the office reads them: names in braces in the place of values."""
        return self.original({name: f"{{{name}}}" for name in self.places})


def letter(
    kind: TextKind,
    values: Values,
    *,
    told: Collection[str] = (),
    facts: Collection[tuple[str, str]] = (),
    button: tuple[str, str] | None = None,
    after: Collection[str] = (),
) -> Letter:
    """A mail of that kind in the language that is being spoken. One query.

    Raises KeyError when a value is missing: every name of the kind has one."""
    written = find_text(kind.name, spoken())
    values = {name: values[name] for name in kind.places}
    words = filled(words_of(written), values) if written else kind.original(values)
    frame = Letter("", (), told=tuple(told), facts=tuple(facts), button=button, after=tuple(after))
    return with_words(frame, words)


def with_words(frame: Letter, words: Words) -> Letter:
    """The letter with these words in the places of the office's."""
    return replace(frame, subject=words.subject, paragraphs=words.opening, closing=words.closing)


def find_text(kind: str, language: str) -> MailText | None:
    """The office's own text that holds now; None where the original does. One query."""
    newest = newest_version(kind, language)
    return newest if newest and newest.subject is not None else None


def newest_version(kind: str, language: str) -> MailText | None:
    """The last decision about this text, also one to take the original again; None when there never was one."""
    versions = select(MailText).where(MailText.kind == kind, MailText.language == language)
    return db.session.scalar(versions.order_by(MailText.number.desc()).limit(1))


def words_of(text: MailText) -> Words:
    """A version of the office's text as words, the names still in braces."""
    return Words(text.subject or "", paragraphs(text.opening), paragraphs(text.closing))


def paragraphs(text: str) -> tuple[str, ...]:
    """A paragraph for each line that says something."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def filled(words: Words, values: Values) -> Words:
    """The words with values in the place of names in braces."""
    opening, closing = (tuple(fill(text, values) for text in part) for part in (words.opening, words.closing))
    return Words(fill(words.subject, values), opening, closing)


def fill(text: str, values: Values) -> str:
    """`{naam}` becomes values["naam"], whatever its capitals. What has no value stays as it is written."""
    return PLACE.sub(lambda place: values.get(_name(place[1]), place[0]), text)


def unknown_places(text: str, known: Collection[str]) -> list[str]:
    """What stands in braces in a text and is none of the known names, in order, each once."""
    found = (place[0] for place in PLACE.finditer(text) if _name(place[1]) not in known)
    return list(dict.fromkeys(found))


def _name(written: str) -> str:
    return written.strip().casefold()
