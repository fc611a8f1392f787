"""The table of signs is that of the fonts which are shipped."""

import runpy
from pathlib import Path

import pytest

from portal.documents.glyphs import FONT_FOLDER, REPLACEMENT, covers, printable

TOOL = Path(__file__).parents[2] / "tools" / "signs.py"


def test_the_table_says_what_the_fonts_have():
    table = runpy.run_path(str(TOOL))["table_of"](FONT_FOLDER)
    assert (FONT_FOLDER / "signs.txt").read_text() == table, "run: .venv/bin/python tools/signs.py"


@pytest.mark.parametrize("sign", ["A", "z", "ğ", "Ș", "ệ", "Ω", "Ж", "ش", "ש", "€", "’"])
def test_a_sign_of_a_font_is_printed(sign: str):
    assert printable(sign) == sign


@pytest.mark.parametrize("sign", ["\U0001f600", "漢", "\u0e01", "\U0010ffff"])
def test_a_sign_of_no_font_is_replaced(sign: str):
    assert printable(f"a{sign}b") == f"a{REPLACEMENT}b"


def test_every_style_of_a_family_is_asked():
    assert covers("BricolageGrotesque", "Şule Škrabáková")
    assert not covers("BricolageGrotesque", "Ж")
    assert not covers("NoSuchFamily", "a")
