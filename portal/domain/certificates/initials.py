"""A name as a stranger may read it on the check page: initials and surname. Pure.

Names are not forms: where the surname begins can only be guessed. The guess is the Dutch one (given names first, a
tussenvoegsel belongs to the surname). A name of one word is shown whole: else there is nothing to compare with."""

import unicodedata

# What stands before a surname and belongs to it, in the languages that participants' names come from.
_PARTICLES = """
    aan af al auf aus av ben bij bin bint d' da dal de degli dei del della den der des di do dos du e el het ibn im in
    la las le les lo los mac mc na ni ní nic o ó of onder op over san st 's 't te ten ter tot uit uijt uí van vande
    vander vanden ver vom von voor y zu zum zur
"""
PARTICLES = frozenset(_PARTICLES.split())


def with_initials(name: str) -> str:
    """'Dewi Hardjo' is 'D. Hardjo', 'Jan Peter van den Berg' is 'J. P. van den Berg', 'Suharto' stays as it is."""
    words = unicodedata.normalize("NFC", name).split()
    first = _first_of_surname(words)
    initials = [initial for word in words[:first] if (initial := _initial(word))]
    return " ".join([*initials, *words[first:]])


def _first_of_surname(words: list[str]) -> int:
    """The place of the first word of the surname: the last word, with the particles right before it."""
    place = max(len(words) - 1, 0)
    while place > 0 and _is_particle(words[place - 1]):
        place -= 1
    return place


def _is_particle(word: str) -> bool:
    return word.replace("\u2019", "'").casefold() in PARTICLES


def _initial(word: str) -> str:
    """'J.' of 'Jan', 'J.-É.' of 'Jean-Éric', 'IJ.' of 'IJsbrand', nothing of a word without letters."""
    return "-".join(f"{sign}." for part in word.split("-") if (sign := _first_sign(part)))


def _first_sign(part: str) -> str:
    """The first letter with the marks that belong to it, such as a vowel sign of Devanagari."""
    if part.startswith(("IJ", "Ĳ")):
        return "IJ"
    for place, sign in enumerate(part):
        if sign.isalpha():
            end = place + 1
            while end < len(part) and unicodedata.category(part[end]) in ("Mn", "Mc", "Me"):
                end += 1
            return part[place:end].upper() if sign != "ß" else sign
    return ""
