"""Who may import whom: the contracts in pyproject.toml, section importlinter."""

import os
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).resolve().parents[2]


def test_every_import_goes_down(capsys: pytest.CaptureFixture[str]):
    before = Path.cwd()
    os.chdir(ROOT)
    try:
        status = lint_imports(no_cache=True)
    finally:
        os.chdir(before)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out
