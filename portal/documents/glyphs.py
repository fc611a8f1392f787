"""What the shipped fonts can print.

An archival PDF may not hold a sign without a shape, so one emoji in a name would fail the whole certificate. The fonts
cover Latin with all its accents, Greek, Cyrillic, Arabic and Hebrew; every sign beyond them is printed as U+FFFD, the
replacement character. The facts themselves, and with them the page that checks the certificate, keep the sign.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

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
    return bool(fonts) and all(_visible(text) <= signs for signs in fonts)


def _one_font_covers(cluster: str) -> bool:
    # A letter and its accents are shaped together, so they must come from one font.
    return any(_visible(cluster) <= signs for _, signs in _signs_by_font())


def _visible(text: str) -> frozenset[int]:
    return frozenset(ord(sign) for sign in text if sign not in _JOINERS + _ZERO_WIDTH_SPACE)


@cache
def _signs_by_font() -> tuple[tuple[str, frozenset[int]], ...]:
    """File name and signs of each font; families with several styles count once, by what all styles share."""
    return tuple(
        (path.stem, frozenset(TTFont(path, lazy=True).getBestCmap())) for path in sorted(FONT_FOLDER.glob("*.ttf"))
    )


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
