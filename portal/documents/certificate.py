"""A certificate of attendance as a PDF: A4 landscape, archival (PDF/A-2b) and accessible (PDF/UA-1).

typst makes it from ``certificate.typ``. All words reach it as JSON strings, so markup in a name stays a name.
"""

import json
import os
import threading
from pathlib import Path

import typst

from portal.documents.certificate_facts import (
    CertificateFacts,
    ModuleRow,
    Points,
    RegisterFacts,
    RegisterPoints,
    facts_from_json,
    facts_to_json,
)
from portal.documents.certificate_words import sheet
from portal.documents.glyphs import FONT_FOLDER

__all__ = [
    "CertificateFacts",
    "ModuleRow",
    "Points",
    "RegisterFacts",
    "RegisterPoints",
    "facts_from_json",
    "facts_to_json",
    "render_certificate",
]

_TEMPLATE = Path(__file__).with_name("certificate.typ")


def render_certificate(facts: CertificateFacts) -> bytes:
    """Return the certificate as PDF/A-2b and PDF/UA-1, byte for byte the same for the same facts.

    Takes some ten milliseconds, the first call some hundred (fonts). Raises RuntimeError in a process that was forked
    after a certificate was made: typst's threads do not survive a fork, and it would wait for ever.
    """
    return _press.print(json.dumps(sheet(facts)))


class _Press:
    """The one compiler of this process, which only one thread at a time may use."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._compiler: typst.Compiler | None = None
        self._process = 0

    def print(self, sheet_as_json: str) -> bytes:
        with self._turn:
            pdf = self._ready().compile(
                format="pdf",
                sys_inputs={"sheet": sheet_as_json},
                pdf_standards=["a-2b", "ua-1"],
            )
        if not isinstance(pdf, bytes):
            raise TypeError("typst gave several files where one PDF was asked")
        return pdf

    def _ready(self) -> typst.Compiler:
        if self._compiler is None:
            self._process = os.getpid()
            fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONT_FOLDER)])
            self._compiler = typst.Compiler(str(_TEMPLATE), root=str(_TEMPLATE.parent), font_paths=fonts)
        if self._process != os.getpid():
            raise RuntimeError("This process was forked after typst ran: start it fresh (spawn) to make certificates")
        return self._compiler


_press = _Press()
