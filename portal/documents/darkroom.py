"""The process that reads pictures: run by photo.py, never imported. It knows Pillow and nothing of the portal.

Reads a file from standard input, answers with a byte (1: a photo, 0: none), its width and height (four bytes each,
big-endian), and the JPEG or the reason. It may take so much memory and time as a photo needs and no more."""

import io
import resource
import struct
import sys
import warnings

import pi_heif
from PIL import Image, ImageOps

LONGEST_SIDE = 2400
# Telephones make 108 megapixels; a JPEG of that is read at a part of its size and takes little memory.
MOST_PIXELS = 120_000_000
# Of other kinds the whole is in memory at once: three bytes a pixel.
MOST_PIXELS_AT_ONCE = 50_000_000
QUALITY = 82
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
MEMORY, SECONDS = 1536 * 1024**2, 25


class _Refused(Exception):
    pass


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        jpeg, width, height = developed(sys.stdin.buffer.read())
        answer = struct.pack(">BII", 1, width, height) + jpeg
    except _Refused as refusal:
        answer = struct.pack(">BII", 0, 0, 0) + str(refusal).encode()
    sys.stdout.buffer.write(answer)


def developed(data: bytes) -> tuple[bytes, int, int]:
    """The JPEG with its width and height; _Refused with the name of a PhotoFault."""
    # Pillow warns above its bound and refuses from twice that; ours is checked below.
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    pi_heif.register_heif_opener()
    try:
        picture = Image.open(io.BytesIO(data), formats=FORMATS)
        _require_bearable(picture)
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        plain = _on_white(upright)
    except Image.DecompressionBombError as error:
        raise _Refused("too_many_pixels") from error
    except _Refused:
        raise
    except Exception as error:
        # A damaged file fails anywhere inside the library, in any way; each means that it cannot be read.
        raise _Refused("no_photo") from error
    kept = io.BytesIO()
    # Saved anew from pixels alone: no Exif, no comment, no colour profile with a name in it.
    plain.save(kept, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return kept.getvalue(), plain.width, plain.height


def _require_bearable(picture: Image.Image) -> None:
    pixels = picture.width * picture.height
    if pixels > (MOST_PIXELS if picture.format == "JPEG" else MOST_PIXELS_AT_ONCE):
        raise _Refused("too_many_pixels")


def _on_white(picture: Image.Image) -> Image.Image:
    """Without a profile, comment or transparency: new pixels on white paper."""
    layered = picture.convert("RGBA") if picture.has_transparency_data else picture.convert("RGB")
    paper = Image.new("RGB", layered.size, "white")
    paper.paste(layered, mask=layered.getchannel("A") if layered.mode == "RGBA" else None)
    return paper


if __name__ == "__main__":
    main()
