"""Write down which signs each shipped font has: `.venv/bin/python tools/signs.py`, after a font was added or changed.

One line a font: its file name and ranges of code points, hexadecimal. So printing asks no font, and needs no library
that reads them."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from fontTools.ttLib import TTFont

FOLDER = Path(__file__).parent.parent / "portal" / "documents" / "fonts"


def table_of(folder: Path) -> str:
    """The lines for all fonts of a folder, by name."""
    return "".join(f"{path.stem} {' '.join(_ranges(_signs_of(path)))}\n" for path in sorted(folder.glob("*.ttf")))


def _signs_of(path: Path) -> list[int]:
    with TTFont(path, lazy=True) as font:
        return sorted(font.getBestCmap())


def _ranges(signs: Iterable[int]) -> Iterator[str]:
    # Signs that follow one another keep the same distance to their place in the list.
    for _distance, group in groupby(enumerate(signs), lambda pair: pair[1] - pair[0]):
        points = [sign for _place, sign in group]
        yield f"{points[0]:x}-{points[-1]:x}" if len(points) > 1 else f"{points[0]:x}"


if __name__ == "__main__":
    (FOLDER / "signs.txt").write_text(table_of(FOLDER))
