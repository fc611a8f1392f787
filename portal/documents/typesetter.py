"""The process that prints: run by press.py, never imported. It knows typst and nothing of the portal.

Reads from standard input: four bytes of length (big-endian) and as much JSON, the words of one sheet. Answers with a
byte (1: printed, 0: failed), four bytes of length, and the PDF or the reason. Ends at the end of its input, and by
itself when nothing was asked for a while: its memory is then given back."""

import select
import signal
import struct
import sys
from io import FileIO

import typst

SECONDS_OF_PATIENCE = 60


def main(template: str, root: str, font_folder: str) -> None:
    # A Ctrl-C in the terminal reaches the whole group; who started us decides when we end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[font_folder])
    compiler = typst.Compiler(template, root=root, font_paths=fonts)
    asked, answers = FileIO(sys.stdin.fileno()), sys.stdout.buffer
    while select.select([asked], [], [], SECONDS_OF_PATIENCE)[0]:
        sheet = _read(asked, *struct.unpack(">I", _read(asked, 4)))
        try:
            pdf = compiler.compile(format="pdf", sys_inputs={"sheet": sheet.decode()}, pdf_standards=["a-2b", "ua-1"])
            printed, answer = (
                (1, pdf) if isinstance(pdf, bytes) else (0, b"typst gave several files where one was asked")
            )
        except Exception as fault:
            printed, answer = 0, str(fault).encode()
        answers.write(struct.pack(">BI", printed, len(answer)) + answer)
        answers.flush()


def _read(source: FileIO, length: int) -> bytes:
    """So many bytes; ends this process when there are no more."""
    read = b""
    while len(read) < length:
        some = source.read(length - len(read))
        if not some:
            sys.exit(0)
        read += some
    return read


if __name__ == "__main__":
    main(*sys.argv[1:])
