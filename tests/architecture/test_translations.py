"""Every text shown exists in every language: what the sources say in Dutch, each catalogue says in its own."""

import re
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = sorted((ROOT / "portal" / "translations").glob("*/LC_MESSAGES/messages.po"))
PLACES = re.compile(r"%\((\w+)\)[sd]")


@cache
def texts() -> set[str]:
    """Every msgid in the sources; of a plural its singular, as catalogues key it."""
    with (ROOT / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping)
    keywords = {"_": None, "_l": None, "gettext": None, "ngettext": (1, 2), "_n": (1, 2), "lazy_gettext": None}
    found = extract_from_dir(str(ROOT), methods, options, keywords=keywords)
    return {message[0] if isinstance(message, tuple) else message for _file, _line, message, *_ in found}


@cache
def catalogue(path: Path) -> Catalog:
    with path.open("rb") as lines:
        return read_po(lines, locale=path.parents[1].name)


def pairs(message: Message) -> list[tuple[str, str]]:
    """Each original with its translation; a plural has several."""
    if isinstance(message.id, str):
        return [(message.id, str(message.string))]
    return list(zip(message.id, message.string, strict=True))


def test_the_sources_are_read():
    assert len(texts()) > 100


def test_every_text_is_translated():
    missing = [
        f"{path.parents[1].name}: {text}"
        for path in CATALOGUES
        for text in sorted(texts())
        if not (found := catalogue(path).get(text)) or not all(translation for _, translation in pairs(found))
    ]
    assert missing == [], "run make translations and fill in what is empty"


def test_no_translation_is_a_guess():
    assert [message.id for path in CATALOGUES for message in catalogue(path) if message.id and message.fuzzy] == []


def test_every_translation_names_what_its_original_names():
    """A %(name)s that is missing loses a fact; one too many is an error while the page is made."""
    different = [
        f"{path.parents[1].name}: {original}"
        for path in CATALOGUES
        for message in catalogue(path)
        if message.id
        for original, translation in pairs(message)
        # A singular may say "one" instead of its number.
        if translation and (set(PLACES.findall(translation)) ^ set(PLACES.findall(original))) - {"num"}
    ]
    assert different == []
