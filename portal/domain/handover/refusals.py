"""What a register says when it refuses somebody: its own words, pasted or read, to a reason that we know. Pure."""

import re
from dataclasses import dataclass

from portal.domain.accounts.rules import plain_number
from portal.domain.handover.rules import Refusal

LONGEST_WORDS = 300
# In this order: 'kamer' also stands in sentences about being registered.
SIGNS: tuple[tuple[Refusal, tuple[str, ...]], ...] = (
    (Refusal.WRONG_CHAMBER, ("kamer",)),
    (Refusal.ALREADY_THERE, ("al aanwezig", "al geregistreerd", "al bekend", "al toegekend", "reeds", "dubbel")),
    (
        Refusal.NOT_REGISTERED,
        ("niet ingeschreven", "niet geregistreerd", "uitgeschreven", "doorgehaald", "geschorst", "niet meer"),
    ),
    (
        Refusal.UNKNOWN_NUMBER,
        ("onbekend", "niet gevonden", "niet bekend", "bestaat niet", "onjuist nummer", "ongeldig"),
    ),
)


@dataclass(frozen=True)
class SaidNo:
    """One refused number, why, and the register's own words."""

    number: str
    reason: Refusal
    words: str = ""


def reason_in(words: str) -> Refusal:
    """The reason that a register's sentence gives; OTHER for one that we do not know."""
    plain = " ".join(words.casefold().split())
    return next((reason for reason, signs in SIGNS if any(sign in plain for sign in signs)), Refusal.OTHER)


def read_pasted(text: str) -> tuple[list[SaidNo], list[str]]:
    """What the office pasted: a number at the start of each line, then what the register said of it. Returns the
    refusals, and the lines that begin with no number. Empty lines are passed over; of a number that comes twice the
    last counts."""
    found: dict[str, SaidNo] = {}
    unread = []
    for line in filter(None, (each.strip() for each in text.splitlines())):
        match = re.match(r"([0-9][0-9 .\-]*)(?:[;:,\t|]|(?<=\s)|$)\s*(.*)", line)
        if match is None:
            unread.append(line)
            continue
        number, words = plain_number(match[1]), match[2].strip(" ;:,-–\t")[:LONGEST_WORDS]
        found[number] = SaidNo(number, reason_in(words), words)
    return list(found.values()), unread
