"""The codes by which somebody says that they are there: the one that turns on the trainer's screen, the one on paper,
and everybody's own letters. Pure: the key and the time are given.

A code is signed and never stored. Source: decisions of the foundation (docs/decisions/0016-a-code-at-the-door.md)."""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from portal.documents.codes import ALPHABET, normalise_code
from portal.language import _, clock_time, moment

TURNS_EVERY = 60
OPENS_BEFORE = timedelta(minutes=30)
PAPER_LASTS = timedelta(minutes=30)
# Who opened the turning code in time may still sign in before they answer.
PASS_LASTS = timedelta(minutes=15)
LETTERS = 6
_TOKEN = re.compile(r"(?:s([0-9]{1,9})-([0-9]{1,9})|p([0-9]{1,9}))-([0-9a-f]{20})", re.ASCII)


class How(StrEnum):
    """screen: by the turning code, signed in. letters: by the turning code and one's own letters. paper: by the code on
    paper. taken_in: the trainer read or typed their letters."""

    SCREEN = "screen"
    PAPER = "paper"
    LETTERS = "letters"
    TAKEN_IN = "taken_in"


# A code on paper can be sent home as a picture, so it alone marks nobody.
MARKS = frozenset({How.SCREEN, How.LETTERS, How.TAKEN_IN})


class Hindrance(StrEnum):
    """Why a code of ours lets nobody in now."""

    EXPIRED = "expired"
    EARLY = "early"
    OVER = "over"
    FINISHED = "finished"


@dataclass(frozen=True)
class DoorCode:
    """What a token says. `minute`: since 1970, when it was on the screen; None for the one on paper."""

    meeting_id: int
    minute: int | None

    @property
    def on_paper(self) -> bool:
        return self.minute is None


def turning_token(key: str, meeting_id: int, now: datetime) -> str:
    """The token of this minute."""
    return _signed(key, f"s{meeting_id}-{_minute(now)}")


def paper_token(key: str, meeting_id: int) -> str:
    """The one token of this meeting that can be printed."""
    return _signed(key, f"p{meeting_id}")


def read_token(key: str, token: str) -> DoorCode | None:
    """What a token says; None for one that we never made."""
    found = _TOKEN.fullmatch(token)
    if found is None or not hmac.compare_digest(_signed(key, token.rpartition("-")[0]), token):
        return None
    screen, minute, paper, _signature = found.groups()
    return DoorCode(int(screen or paper), int(minute) if minute else None)


def is_fresh(code: DoorCode, now: datetime) -> bool:
    """Whether it is on the screen now, or was a minute ago: scanning takes a moment. The one on paper never ages."""
    return code.minute is None or _minute(now) - code.minute in (0, 1)


def opens_at(starts_at: datetime) -> datetime:
    return starts_at - OPENS_BEFORE


def closes_at(how: How, *, starts_at: datetime, ends_at: datetime) -> datetime:
    """Until when one is let in this way."""
    return starts_at + PAPER_LASTS if how is How.PAPER else ends_at


def hindrance(how: How, *, starts_at: datetime, ends_at: datetime, finished: bool, now: datetime) -> Hindrance | None:
    """Why nobody is let in this way at this moment; None when they are. A trainer takes people in as long as the list
    is open."""
    if finished:
        return Hindrance.FINISHED
    if now < opens_at(starts_at):
        return Hindrance.EARLY
    if how is not How.TAKEN_IN and now >= closes_at(how, starts_at=starts_at, ends_at=ends_at):
        return Hindrance.OVER
    return None


def hindrance_in_words(found: Hindrance, how: How, *, starts_at: datetime) -> str:
    """What is the matter, and what to do, to whoever wants to come in."""
    if found is Hindrance.OVER and how is How.PAPER:
        until = clock_time(starts_at + PAPER_LASTS)
        return str(
            _(
                "De code op papier werkte tot %(time)s uur. Scan de code op het scherm van de trainer, "
                "of zeg de trainer dat je er bent.",
                time=until,
            )
        )
    sentences = {
        Hindrance.EXPIRED: _("Deze code is verlopen. Scan hem opnieuw van het scherm van de trainer."),
        Hindrance.EARLY: _(
            "Melden kan vanaf %(moment)s. Scan de code dan nog eens.", moment=moment(opens_at(starts_at))
        ),
        Hindrance.OVER: _("De bijeenkomst is voorbij. Was je er? Zeg het tegen de trainer of het bureau."),
        Hindrance.FINISHED: _("De presentielijst is al afgerond. Was je er? Zeg het tegen de trainer of het bureau."),
    }
    return str(sentences[found])


def how_in_words(how: How) -> str:
    """'code aan de deur'."""
    names = {
        How.SCREEN: _("code aan de deur"),
        How.LETTERS: _("code aan de deur, met eigen code"),
        How.PAPER: _("code op papier"),
        How.TAKEN_IN: _("eigen code, door de trainer"),
    }
    return str(names[how])


def own_letters(key: str, seat_id: int) -> str:
    """The six letters of whoever holds this seat: others for every meeting, and not to be guessed from one another."""
    number = int.from_bytes(_digest(key, f"own:{seat_id}"), "big")
    signs = ""
    for _place in range(LETTERS):
        number, rest = divmod(number, len(ALPHABET))
        signs += ALPHABET[rest]
    return signs


def plain_letters(typed: str) -> str:
    """Letters as they are compared, however they were typed: capitals, without spaces and dashes."""
    return normalise_code(typed)


def spaced(letters: str) -> str:
    """'ABC DEF', as they are shown."""
    return f"{letters[:3]} {letters[3:]}"


def _minute(now: datetime) -> int:
    return int(now.timestamp()) // TURNS_EVERY


def _signed(key: str, says: str) -> str:
    return f"{says}-{_digest(key, f'door:{says}').hex()[:20]}"


def _digest(key: str, text: str) -> bytes:
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()
