"""Printing with typst, in a process of its own.

Apart, since typst keeps some forty megabytes that are only wanted while something is printed, does not survive a fork,
and is native code whose fault should not take a server with it. The process is started at the first print, ends by
itself after a minute without work, and is started again when needed (a quarter of a second)."""

import atexit
import os
import struct
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO

from portal.documents.glyphs import FONT_FOLDER

TYPESETTER = Path(__file__).with_name("typesetter.py")
# glibc: give freed memory back at 100 kB instead of up to 32 MB; a third less at the same speed.
MALLOC = {"MALLOC_TRIM_THRESHOLD_": "100000"}
SECONDS_TO_END = 5


class Press:
    """Prints one template. One sheet at a time, whoever asks."""

    def __init__(self, template: Path) -> None:
        self.template = template
        self.turn = threading.Lock()
        self.typesetter: subprocess.Popen[bytes] | None = None
        self.started_by = 0
        atexit.register(self.end)

    def print(self, sheet_as_json: str) -> bytes:
        """The PDF (PDF/A-2b, PDF/UA-1) of a sheet. RuntimeError with typst's reason when it cannot be printed."""
        asked = sheet_as_json.encode()
        with self.turn:
            try:
                printed, answer = self._ask(asked)
            except (EOFError, BrokenPipeError):
                # It ended, out of patience or otherwise, just before we asked.
                self.end()
                printed, answer = self._ask(asked)
        if not printed:
            raise RuntimeError(answer.decode())
        return answer

    def end(self) -> None:
        """Ends the process, if there is one of ours."""
        typesetter, self.typesetter = self.typesetter, None
        if typesetter is None or self.started_by != os.getpid():
            return
        for pipe in (typesetter.stdin, typesetter.stdout):
            if pipe is not None:
                pipe.close()
        try:
            typesetter.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            typesetter.kill()
            typesetter.wait()

    def _ask(self, asked: bytes) -> tuple[bool, bytes]:
        stdin, stdout = self._running()
        stdin.write(struct.pack(">I", len(asked)) + asked)
        stdin.flush()
        printed, length = struct.unpack(">BI", _read(stdout, 5))
        return bool(printed), _read(stdout, length)

    def _running(self) -> tuple[IO[bytes], IO[bytes]]:
        """The pipes of the process. After a fork a child starts its own: the pipes of its parent's are not its."""
        if self.typesetter is None or self.started_by != os.getpid() or self.typesetter.poll() is not None:
            self.end()
            self.typesetter = self._start()
            self.started_by = os.getpid()
        if self.typesetter.stdin is None or self.typesetter.stdout is None:
            raise RuntimeError("the typesetter was started without pipes")
        return self.typesetter.stdin, self.typesetter.stdout

    def _start(self) -> "subprocess.Popen[bytes]":
        # It needs none of our settings, and so gets none: among them are keys and passwords.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
        files = (TYPESETTER, self.template, self.template.parent, FONT_FOLDER)
        command = [sys.executable, "-P", *map(str, files)]
        return subprocess.Popen(command, env=environment | MALLOC, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def _read(source: IO[bytes], length: int) -> bytes:
    read = source.read(length)
    if len(read) < length:
        raise EOFError
    return read
