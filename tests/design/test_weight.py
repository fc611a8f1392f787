"""What a first visit costs: pages open fast on a phone in a room with bad reception."""

import gzip
import re

import pytest

from tests.design.style_sheet import CSS, STATIC

KILOBYTE = 1000


def compressed(*names: str) -> int:
    return sum(len(gzip.compress((STATIC / name).read_bytes())) for name in names)


def test_the_style_sheet_is_small():
    assert compressed("portal.css") <= 12 * KILOBYTE


# What the page of a list loads; every other page loads less, or has a script of its own beside it.
LIST = {"js/attendance.js", "js/marks.js", "js/taps.js", "js/focus.js"}
# The others, with what each may weigh; sw.js keeps pages on the phone and is fetched apart.
OTHERS = {"js/sw.js": 1300, "js/door.js": 500, "js/scan.js": 800, "js/copy.js": 400}


def test_the_scripts_of_a_page_are_small():
    assert compressed(*LIST) <= 5 * KILOBYTE


@pytest.mark.parametrize(("name", "most"), OTHERS.items())
def test_a_script_of_its_own_is_smaller_still(name: str, most: int):
    assert compressed(name) <= most


def test_every_script_has_its_bound():
    assert {str(path.relative_to(STATIC)) for path in (STATIC / "js").glob("*.js")} == LIST | OTHERS.keys()


def test_what_reads_codes_comes_after_a_tap_and_carries_its_licences():
    scanner = sorted((STATIC / "vendor" / "qr-scanner-1.4.2").iterdir())
    assert [path.name for path in scanner] == [
        "LICENSE-jsQR.txt",
        "LICENSE.txt",
        "qr-scanner-worker.min.js",
        "qr-scanner.min.js",
    ]
    assert compressed(*(str(path.relative_to(STATIC)) for path in scanner if path.suffix == ".js")) <= 20 * KILOBYTE


def test_a_dutch_page_loads_two_fonts_of_83_kb_at_most():
    latin = sum((STATIC / "fonts" / f"{font}-latin.woff2").stat().st_size for font in FONTS)
    assert latin <= 83 * KILOBYTE


FONTS = ("atkinson-hyperlegible-next", "bricolage-grotesque")


def test_every_font_of_the_style_sheet_is_here_and_carries_its_licence():
    named = set(re.findall(r"url\(fonts/([\w-]+\.woff2)\)", CSS))
    assert named == {path.name for path in (STATIC / "fonts").glob("*.woff2")}
    assert len(list((STATIC / "fonts").glob("OFL-*.txt"))) == len(FONTS)


def test_nothing_is_fetched_from_elsewhere():
    assert re.findall(r"url\((?!fonts/)[^)]*\)|@import", CSS) == []
