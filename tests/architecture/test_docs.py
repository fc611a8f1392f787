"""What the documents list is what there is."""

import re
import tomllib
from pathlib import Path

from flask import Flask

ROOT = Path(__file__).resolve().parents[2]
# Of Flask and its extensions; they have documents of their own.
NOT_OURS = {"limiter", "routes", "run", "shell"}


def text_of(path: str) -> str:
    return (ROOT / path).read_text()


def test_every_setting_has_its_line_and_every_line_its_setting() -> None:
    read = set(re.findall(r'"(PORTAL_[A-Z_]+)"', text_of("portal/config.py")))
    first_cells = [line.split("|")[1] for line in text_of("docs/operations.md").splitlines() if line[:4] == "| `P"]
    listed = {
        name if name.startswith("PORTAL") else f"PORTAL_ISSUER{name}"
        for name in re.findall(r"`(PORTAL_[A-Z_]+|_[A-Z]+)`", "".join(first_cells))
    }

    assert listed == read


def test_every_command_has_its_line_and_every_line_its_command(portal: Flask) -> None:
    table = text_of("docs/operations.md").partition("## Commands")[2].partition("\n## ")[0]
    listed = set(re.findall(r"`(?:\.\.\.|\.venv/bin/flask --app wsgi) ([a-z-]+)", table))

    assert listed == {*portal.cli.commands, "db"} - NOT_OURS


def test_every_package_that_is_asked_for_has_its_reason() -> None:
    project = tomllib.loads(text_of("pyproject.toml"))
    asked = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    reasons = text_of("docs/decisions/0002-dependencies.md")
    first_cells = " ".join(line.split("|")[1] for line in reasons.splitlines() if line.startswith("| "))
    named = set(re.findall(r"[a-z0-9-]+", first_cells))

    assert {re.split(r"[^a-z0-9-]", package)[0] for package in asked} - named == set()
