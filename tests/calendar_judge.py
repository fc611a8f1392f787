"""libical as the judge of every calendar that the portal makes (tests/calendar_judge.c).

The fixtures ask it by themselves: of each calendar that a test client fetches, of each that a mail in the outbox
carries at the end of a test, of each that a journey receives. Needs Debian's libical-dev and a C compiler; without
them the tests fail and say so (tools/test-tools.sh installs both)."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).with_suffix(".c")
NEEDS = "The tests of calendars need Debian's libical and a compiler: sudo apt-get install libical-dev gcc libc6-dev"
folder = tempfile.TemporaryDirectory(prefix="leerkring-libical-")


@cache
def complaints(data: bytes) -> tuple[str, ...]:
    """What libical has against a calendar; nothing when it is in order."""
    said = subprocess.run([_program()], input=data, capture_output=True, check=False)
    assert said.returncode in (0, 1, 2), f"libical's judge ended with {said.returncode}"
    lines = said.stdout.decode(errors="replace").replace("\r\n ", "").splitlines()
    found = tuple(line for line in lines if line.startswith("X-LIC-ERROR"))
    return found or (() if said.returncode == 0 else ("not a calendar",))


def approve(data: bytes) -> None:
    """AssertionError when libical complains."""
    assert complaints(data) == (), "\n".join([*complaints(data), data.decode(errors="replace")])


@cache
def _program() -> Path:
    compiler = shutil.which("cc")
    assert compiler, NEEDS
    program = Path(folder.name) / "judge"
    made = subprocess.run([compiler, "-o", program, SOURCE, "-lical"], capture_output=True, text=True, check=False)
    assert made.returncode == 0, f"{NEEDS}\n{made.stderr}"
    return program
