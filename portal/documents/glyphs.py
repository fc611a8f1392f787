"""What the shipped fonts can print.

An archival PDF may not hold a sign without a shape, so one emoji in a name would fail the whole certificate. The fonts
cover Latin with all its accents, Greek, Cyrillic, Arabic and Hebrew; every sign beyond them is printed as U+FFFD, the
replacement character. The facts themselves, and with them the page that checks the certificate, keep the sign.
"""

import unicodedata
from bisect import bisect
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

FONT_FOLDER = Path(__file__).parent / "fonts"
REPLACEMENT = "\ufffd"
_JOINERS = "\u200c\u200d"
_ZERO_WIDTH_SPACE = "\u200b"
# A word longer than the narrowest column gets places to break, a shorter one never.
_LONGEST_WORD, _BREAK_EVERY = 40, 20


def printable(text: str) -> str:
    """Return one line that the fonts can print: no control or bidi-override signs, unknown signs replaced."""
    kept = (
        sign for sign in " ".join(text.split()) if sign in _JOINERS or unicodedata.category(sign) not in ("Cc", "Cf")
    )
    line = "".join(
        cluster if _one_font_covers(cluster) else REPLACEMENT
        for cluster in _clusters(unicodedata.normalize("NFC", "".join(kept)))
    )
    return " ".join(_breakable(word) for word in line.split())


def covers(family: str, text: str) -> bool:
    """Return whether every style of a font family (``"BricolageGrotesque"``) has every sign of a text."""
    fonts = [signs for name, signs in _signs_by_font() if name.startswith(f"{family}-")]
    return bool(fonts) and all(signs.have(_visible(text)) for signs in fonts)


def _one_font_covers(cluster: str) -> bool:
    # A letter and its accents are shaped together, so they must come from one font.
    return any(signs.have(_visible(cluster)) for _, signs in _signs_by_font())


def _visible(text: str) -> frozenset[int]:
    return frozenset(ord(sign) for sign in text if sign not in _JOINERS + _ZERO_WIDTH_SPACE)


class _Signs:
    """The signs of one font, as ranges: a few thousand numbers would take megabytes of every process that prints."""

    def __init__(self, ranges: Sequence[tuple[int, int]]):
        self._first = [first for first, _last in ranges]
        self._last = [last for _first, last in ranges]

    def have(self, signs: frozenset[int]) -> bool:
        return all(self._has(sign) for sign in signs)

    def _has(self, sign: int) -> bool:
        place = bisect(self._first, sign)
        return place > 0 and sign <= self._last[place - 1]


@cache
def _signs_by_font() -> tuple[tuple[str, _Signs], ...]:
    """File name and signs of each font, from the table beside them (see tools/signs.py)."""
    lines = (FONT_FOLDER / "signs.txt").read_text().splitlines()
    return tuple((name, _Signs([_range(text) for text in ranges])) for name, *ranges in map(str.split, lines))


def _range(text: str) -> tuple[int, int]:
    """'41-5a' or '41': first and last sign, hexadecimal."""
    first, _dash, last = text.partition("-")
    return int(first, 16), int(last or first, 16)


def _clusters(text: str) -> Iterator[str]:
    """Split into a sign with all that belongs to it: accents, joiners and what they join, skin tones."""
    cluster = ""
    for sign in text:
        belongs = unicodedata.category(sign)[0] == "M" or sign in _JOINERS or "\U0001f3fb" <= sign <= "\U0001f3ff"
        if cluster and not belongs and cluster[-1] not in "\u200d":
            yield cluster
            cluster = ""
        cluster += sign
    if cluster:
        yield cluster


def _breakable(word: str) -> str:
    if len(word) <= _LONGEST_WORD:
        return word
    parts = [word[start : start + _BREAK_EVERY] for start in range(0, len(word), _BREAK_EVERY)]
    return _ZERO_WIDTH_SPACE.join(parts)
