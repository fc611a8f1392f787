"""What every template keeps to, also those of which no test sees the page."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).resolve().parents[2] / "portal" / "templates"
PAGES = sorted(TEMPLATES.rglob("*.html"))
NAMES = [str(path.relative_to(TEMPLATES)) for path in PAGES]

INLINE = re.compile(r"<style\b|<script\b(?![^>]*\bsrc=)|<[^>{]*\s(?:style|on[a-z]+)\s*=|javascript:", re.IGNORECASE)
# Names are the same in every language.
NAMES_OF_THINGS = re.compile(
    r"Leerkring|Eigen Kracht Centrale|EKC|Nederlands|English|SKJ|Registerplein|CRKBO|NL|EN|PDF|https?|iCal|EK|SHA"
)
JINJA = re.compile(r"\{#.*?#\}|\{%-?\s*trans\b.*?endtrans\s*-?%\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
MARKUP = re.compile(r"<!--.*?-->|<(?:script|svg|style|title)\b.*?</(?:script|svg|style|title)>|<[^>]*>", re.DOTALL)
SPOKEN_ATTRIBUTE = re.compile(r'\s(?:alt|title|placeholder|aria-label)="([^"]*)"')
WORD = re.compile(r"[^\W\d_]{2,}")


def words_in_the_source(template: str) -> list[str]:
    """Words that a reader would see and that stand in the template itself, so that they are never translated."""
    plain = JINJA.sub(" ", template)
    entities = re.compile(r"&\w+;")
    spoken = " ".join(SPOKEN_ATTRIBUTE.findall(plain))
    text = entities.sub(" ", MARKUP.sub(" ", plain))
    return WORD.findall(NAMES_OF_THINGS.sub(" ", f"{text} {spoken}"))


# Mail programs know no style sheets, and a dossier is read from a file: these carry their style inside, and are never
# served as a page of the portal.
ALONE = ("email.html", "dossier.html")


@pytest.mark.parametrize("path", [path for path in PAGES if path.name not in ALONE], ids=lambda path: path.name)
def test_nothing_is_inline_that_the_content_security_policy_refuses(path: Path):
    assert INLINE.findall(path.read_text()) == []


# The style guide shows components to whoever makes pages; its sample texts are nobody's to translate.
@pytest.mark.parametrize(
    "path",
    [path for path in PAGES if "styleguide" not in path.parts],
    ids=lambda path: str(path.relative_to(TEMPLATES)),
)
def test_every_text_can_be_translated(path: Path):
    assert words_in_the_source(path.read_text()) == [], "put it in {{ _('...') }}"


def test_nothing_is_marked_safe():
    """`|safe` and autoescape off are how somebody's name becomes markup."""
    unsafe = re.compile(r"\|\s*safe\b|\bautoescape\s+false\b")
    assert [name for path, name in zip(PAGES, NAMES, strict=True) if unsafe.search(path.read_text())] == []
