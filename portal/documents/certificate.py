"""A certificate of attendance as a PDF: A4 landscape, archival (PDF/A-2b) and accessible (PDF/UA-1).

typst makes it from ``certificate.typ``. All words reach it as JSON strings, so markup in a name stays a name.
"""

import json
from pathlib import Path

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
from portal.documents.press import Press

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


def render_certificate(facts: CertificateFacts) -> bytes:
    """Return the certificate as PDF/A-2b and PDF/UA-1, byte for byte the same for the same facts.

    Takes some ten milliseconds, the first call some hundreds (a process, fonts). Any thread may call it.
    """
    return _press.print(json.dumps(sheet(facts)))


_press = Press(Path(__file__).with_name("certificate.typ"))
