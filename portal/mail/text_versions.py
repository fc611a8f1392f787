"""The office writes the words of a mail: every text is a version that stays, with who wrote it and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal import audit
from portal.audit import Actor
from portal.db import db
from portal.errors import Conflict, Refused
from portal.language import _, speaking
from portal.mail.events import MailTextWritten
from portal.mail.models import MailText
from portal.mail.texts import TextKind, Words, find_text, newest_version, unknown_places, words_of

LONGEST_SUBJECT = 150
LONGEST_PART = 4000
PARTS = ("subject", "opening", "closing")


@dataclass(frozen=True)
class Written:
    """The words of one language as the office typed them: a subject, and a paragraph a line."""

    subject: str
    opening: str
    closing: str


def written(words: Words) -> Written:
    """Words as they stand in the fields of a form."""
    return Written(words.subject, "\n".join(words.opening), "\n".join(words.closing))


def source_of(kind: TextKind, language: str) -> Written:
    """What a kind of mail says now in a language, the names in braces: the office's text or the original."""
    own = find_text(kind.name, language)
    if own is not None:
        return written(words_of(own))
    with speaking(language):
        return written(kind.source())


def number_of(kind: TextKind, language: str) -> int:
    """The number of the version that holds; 0 while nothing was ever written."""
    newest = newest_version(kind.name, language)
    return newest.number if newest else 0


def list_versions(kind: TextKind, *, at_most: int = 20) -> Sequence[MailText]:
    """The last decisions about a kind of mail in both languages, the newest first. One query."""
    found = select(MailText).where(MailText.kind == kind.name).order_by(MailText.id.desc())
    return db.session.scalars(found.limit(at_most)).all()


def list_holding() -> dict[tuple[str, str], MailText]:
    """The newest version of every text that was ever written, by (kind, language). One query."""
    found = db.session.scalars(select(MailText).order_by(MailText.number))
    return {(text.kind, text.language): text for text in found}


def problems_of(kind: TextKind, text: Written) -> dict[str, str]:
    """What keeps a text from being sent, by part: an empty subject or opening, too long a part, a name in braces that
    this mail does not know. Empty for a good one."""
    found = {part: _problem(kind, part, getattr(text, part)) for part in PARTS}
    return {part: problem for part, problem in found.items() if problem}


def write_text(*, kind: TextKind, language: str, text: Written, was: int, actor: Actor, now: datetime) -> bool:
    """Lets another text hold from now on; False when it is the one that holds already. Writing the original words is
    going back to them. `was`: the number of the version that the writer saw.

    Raises Refused for the first of problems_of, at a field that begins with the language, and Conflict when somebody
    else wrote a version meanwhile."""
    for part, problem in problems_of(kind, text).items():
        raise Refused(problem, f"{language}_{part}")
    if text == source_of(kind, language):
        return False
    with speaking(language):
        original = text == written(kind.source())
    _add(kind, language, None if original else text, was, actor, now)
    return True


def restore_original(*, kind: TextKind, language: str, was: int, actor: Actor, now: datetime) -> bool:
    """Lets the portal's own words hold again; False when they do already. Raises Conflict as write_text does."""
    if find_text(kind.name, language) is None:
        return False
    _add(kind, language, None, was, actor, now)
    return True


def _add(kind: TextKind, language: str, text: Written | None, was: int, actor: Actor, now: datetime) -> None:
    parts = {"subject": text.subject, "opening": text.opening, "closing": text.closing} if text else {}
    version = MailText(
        kind=kind.name, language=language, number=was + 1, written_at=now, written_by_id=actor.id, **parts
    )
    if was != number_of(kind, language):
        raise _written_meanwhile()
    try:
        # The unique number decides between two who write at the very same moment.
        with db.session.begin_nested():
            db.session.add(version)
    except IntegrityError as error:
        raise _written_meanwhile() from error
    happened = MailTextWritten(kind=kind.name, language=language, number=was + 1, original=text is None)
    audit.record(happened, actor=actor, at=now)


def _problem(kind: TextKind, part: str, text: str) -> str | None:
    if not text.strip() and part == "subject":
        return str(_("Vul een onderwerp in"))
    if not text.strip() and part == "opening":
        return str(_("Vul in hoe de mail begint"))
    most = LONGEST_SUBJECT if part == "subject" else LONGEST_PART
    if len(text) > most:
        return str(_("Houd deze tekst korter: hooguit %(most)s tekens", most=most))
    unknown = unknown_places(text, kind.places)
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in kind.places)
        return str(_("Deze mail kent %(unknown)s niet. Kies uit: %(known)s", unknown=", ".join(unknown), known=known))
    return None


def _written_meanwhile() -> Conflict:
    return Conflict(
        _("Iemand anders heeft deze tekst intussen gewijzigd. Open de pagina opnieuw en kijk wat er staat.")
    )
