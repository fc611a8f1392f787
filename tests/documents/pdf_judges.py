"""Programs that judge a PDF: qpdf, poppler's pdfinfo, pdffonts and pdftotext, and a reader of QR codes."""

import shutil
import subprocess
from pathlib import Path

import zxingcpp

_PACKAGES = {
    "qpdf": "qpdf",
    "pdfinfo": "poppler-utils",
    "pdffonts": "poppler-utils",
    "pdftotext": "poppler-utils",
    "pdftoppm": "poppler-utils",
}


def judge(program: str, *arguments: str | Path) -> str:
    """Run one of the programs and return what it says; a missing one fails the test with how to install it."""
    assert shutil.which(program), f"{program} is missing. Install with: sudo apt-get install {_PACKAGES[program]}"
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{program} refuses the file: {done.stdout}{done.stderr}"
    return done.stdout


def facts_of(pdf: Path) -> dict[str, str]:
    """What pdfinfo says, by its own words: Title, Tagged, Pages ..."""
    lines = [line.partition(":") for line in judge("pdfinfo", pdf).splitlines()]
    return {name: value.strip() for name, _, value in lines}


def fonts_of(pdf: Path) -> dict[str, bool]:
    """Each font in the file, without its subset's prefix, and whether it is embedded."""
    rows = [line.split() for line in judge("pdffonts", pdf).splitlines()[2:]]
    return {row[0].partition("+")[2]: row[-5] == "yes" for row in rows}


def text_of(pdf: Path) -> list[str]:
    """The lines of a PDF in reading order, as somebody who copies them gets them."""
    return [line for line in judge("pdftotext", "-raw", pdf, "-").replace("\f", "").splitlines() if line]


def qr_codes_of(pdf: Path) -> list[tuple[str, str]]:
    """Content and level of each QR code on the first page, read from a grey picture of it."""
    picture = pdf.with_suffix(".pgm")
    judge("pdftoppm", "-gray", "-r", "150", "-singlefile", pdf, pdf.with_suffix(""))
    _, size, _, pixels = picture.read_bytes().split(b"\n", 3)
    width, height = map(int, size.split())
    found = zxingcpp.read_barcodes(memoryview(pixels).cast("B", shape=[height, width]))
    return [(code.text, code.ec_level) for code in found]
