"""English pages are tested in English: a changed catalogue is compiled before the first test, as by `make setup`."""

from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

TRANSLATIONS = Path(__file__).resolve().parents[2] / "portal" / "translations"


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return  # The controller of pytest-xdist did it, and workers would write the same file at once.
    for catalogue in TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"):
        compiled = catalogue.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < catalogue.stat().st_mtime:
            compile_catalogue(catalogue, compiled)


def compile_catalogue(source: Path, compiled: Path) -> None:
    with source.open("rb") as texts:
        catalogue = read_po(texts, locale=source.parents[1].name)
    with compiled.open("wb") as target:
        write_mo(target, catalogue)
