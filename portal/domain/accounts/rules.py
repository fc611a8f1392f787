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
