"""QR codes as pictures for a page."""

import segno


def qr_image(text: str) -> str:
    """The address of a picture (data:image/svg+xml) that holds a QR code of this text: black on white in every colour
    scheme, with its quiet zone, and as large as its place."""
    code = segno.make(text, error="m", micro=False)
    return str(code.svg_data_uri(dark="#000", light="#fff", border=4, omitsize=True))
