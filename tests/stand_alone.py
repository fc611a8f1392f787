"""The stand-alone verifier of the evidence, as a module and as people run it."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

from tests.plugins.database import ROOT

FILE = ROOT / "portal" / "static" / "bewijs" / "controleer.py"


def load() -> ModuleType:
    """Its functions."""
    spec = importlib.util.spec_from_file_location("controleer", FILE)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(*arguments: str | Path) -> tuple[int, list[str]]:
    """Its exit code and the sentences that it told. Isolated (-I): it sees the standard library and nothing of ours."""
    command = [sys.executable, "-I", "-S", str(FILE), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env={})
    assert done.stderr == ""
    return done.returncode, done.stdout.splitlines()
