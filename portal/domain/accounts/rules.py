"""Who people are to the portal, and what a register number looks like. Pure."""

import re
from enum import StrEnum


class Role(StrEnum):
    """What somebody may do. One person may have several; everybody who signs in is a participant."""

    PARTICIPANT = "participant"
    TRAINER = "trainer"
    ORGANISATION = "organisation"
    COORDINATOR = "coordinator"
    REGIONAL_MANAGER = "regional_manager"
    OFFICE = "office"
    AUDITOR = "auditor"
    ADMIN = "admin"


SKJ = "SKJ"
REGISTERPLEIN = "Registerplein"


def plain_number(text: str) -> str:
    """A registration number without the spaces, dots and dashes that people put between its digits."""
    return re.sub(r"[\s.\-]", "", text)


def looks_unusual(register_code: str, number: str) -> bool:
    """True when a number does not look like one of that register: worth a warning, never a refusal.

    Registerplein's numbers are digits and begin with 4610; SKJ's are digits, their length is not known to us (source:
    the registers' public pages)."""
    if not number.isdecimal():
        return True
    return register_code == REGISTERPLEIN and not number.startswith("4610")


def is_citizen_service_number(text: str) -> bool:
    """True when a text is nine digits that pass the BSN's check ("elfproef"): the portal never stores one.

    9*a + 8*b + ... + 2*h - 1*i is a multiple of 11 (source: Besluit burgerservicenummer)."""
    digits = plain_number(text)
    if len(digits) != 9 or not digits.isdecimal() or digits == "0" * 9:
        return False
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True)) % 11 == 0


class Weakness(StrEnum):
    """Why a password is refused."""

    SHORT = "short"
    PERSONAL = "personal"
    COMMON = "common"


SHORTEST_PASSWORD = 12
# What many people choose, without the digits and signs that they put around it.
COMMON_WORDS = """
wachtwoord wachtwoorden welkom geheim hallo zomer winter herfst lente voorjaar najaar januari februari maandag vrijdag
password passwort passwrd qwerty qwertyuiop qwertyuiopasdf azertyuiop asdfghjkl admin administrator beheerder letmein
iloveyou ikhouvanjou sunshine princess football voetbal feyenoord ajax nederland amsterdam rotterdam zwolle leerkring
eigenkracht eigenkrachtcentrale training trainingen deelnemer trainer bureau samenkracht abcdefghijkl abcdefghijklm
changeme verander test tester testtest inloggen superman batman
"""
COMMON_PASSWORDS = frozenset(COMMON_WORDS.split())
FEWEST_DIFFERENT_SIGNS = 5
SHORTEST_OWN_WORD = 4


def weakness_of(password: str, *, name: str, email: str) -> Weakness | None:
    """What makes a password too easy to guess for somebody who knows the person, or None. Length comes first: a long
    sentence is better than a short puzzle (NIST SP 800-63B)."""
    if len(password) < SHORTEST_PASSWORD:
        return Weakness.SHORT
    plain = password.casefold()
    bare = re.sub(r"[\W\d_]+", "", plain)
    if bare in COMMON_PASSWORDS or len(set(plain)) < FEWEST_DIFFERENT_SIGNS or plain in "01234567890123456789":
        return Weakness.COMMON
    own = {*re.split(r"[\W_]+", name.casefold()), *re.split(r"[\W_]+", email.casefold().partition("@")[0])}
    if any(word in plain for word in own if len(word) >= SHORTEST_OWN_WORD):
        return Weakness.PERSONAL
    return None
