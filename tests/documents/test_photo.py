"""Photos as they are kept: upright, small, without what the camera added; and what is refused."""

import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from PIL import Image

from portal.documents.photo import MOST_BYTES, NoPhoto, Photo, PhotoFault, develop

HEIC = Path(__file__).parents[1] / "vectors" / "photo.heic"
RED, WHITE = (200, 30, 30), (255, 255, 255)
UPRIGHT = 6
"""What a phone that was held upright says of a picture that lies on its side."""


def half_red(size: tuple[int, int] = (120, 80), mode: str = "RGB") -> Image.Image:
    picture = Image.new("RGB", size, WHITE)
    picture.paste(RED, (0, 0, size[0] // 2, size[1]))
    return picture.convert(mode)


def as_file(picture: Image.Image, kind: str, **options: object) -> bytes:
    written = io.BytesIO()
    picture.save(written, kind, **options)
    return written.getvalue()


def opened(photo: Photo) -> Image.Image:
    kept = Image.open(io.BytesIO(photo.jpeg))
    assert (kept.format, kept.mode, kept.size) == ("JPEG", "RGB", (photo.width, photo.height))
    return kept


def near(found: object, wanted: tuple[int, int, int]) -> bool:
    assert isinstance(found, tuple)
    return all(abs(one - other) < 24 for one, other in zip(found, wanted, strict=True))


def fault_of(data: bytes) -> PhotoFault:
    with pytest.raises(NoPhoto) as refused:
        develop(data)
    return refused.value.fault


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_phones_and_scanners_make_is_kept_as_jpeg(kind: str):
    photo = develop(as_file(half_red(), kind))
    kept = opened(photo)
    assert kept.size == (120, 80)
    assert near(kept.getpixel((10, 40)), RED)
    assert near(kept.getpixel((110, 40)), WHITE)


def test_the_photo_of_an_iphone_is_read():
    kept = opened(develop(HEIC.read_bytes()))
    assert kept.size == (120, 80)
    assert near(kept.getpixel((10, 40)), RED)
    assert dict(kept.getexif()) == {}


@pytest.mark.parametrize("mode", ["L", "P", "1", "CMYK", "LA", "RGBA", "I;16"])
def test_every_kind_of_colour_becomes_the_same(mode: str):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    picture = Image.new("I;16", (120, 80), 65535) if mode == "I;16" else half_red(mode=mode)
    assert opened(develop(as_file(picture, kind))).size == (120, 80)


def test_what_is_transparent_is_white_paper():
    photo = develop(as_file(Image.new("RGBA", (20, 20), (0, 0, 0, 0)), "PNG"))
    assert near(opened(photo).getpixel((10, 10)), WHITE)


def test_it_is_turned_upright_and_says_nothing_of_place_time_and_owner():
    exif = Image.Exif()
    exif[0x0112] = UPRIGHT
    exif[0x010F], exif[0x9003], exif[0x013B] = "Telefoon van Noor", "2027:03:18 09:41:00", "Noor van Dijk"
    exif.get_ifd(0x8825)[2] = (52.0, 30.0, 42.0)
    sent = as_file(half_red(), "JPEG", exif=exif, comment=b"bij Noor thuis")
    assert b"Noor" in sent
    photo = develop(sent)
    kept = opened(photo)
    assert kept.size == (80, 120)
    assert near(kept.getpixel((40, 10)), RED)
    assert (dict(kept.getexif()), {"exif", "comment", "icc_profile", "xmp"} & set(kept.info)) == ({}, set())
    assert b"Noor" not in photo.jpeg
    assert b"Exif" not in photo.jpeg


def test_a_large_one_is_made_smaller_and_a_small_one_stays_as_it_is():
    assert opened(develop(as_file(half_red((4000, 3000)), "JPEG"))).size == (2400, 1800)
    assert opened(develop(as_file(half_red((900, 3200)), "PNG"))).size == (675, 2400)
    assert opened(develop(as_file(half_red((30, 10)), "PNG"))).size == (30, 10)


def test_the_same_photo_gives_the_same_bytes():
    data = as_file(half_red(), "JPEG")
    assert develop(data).jpeg == develop(data).jpeg


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7 something",
        b"GIF89a" + b"\x00" * 40,
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        as_file(half_red(), "JPEG")[:200],
        as_file(half_red(), "TIFF"),
        b"\xff\xd8\xff" + bytes(range(256)) * 20,
        b"\x00",
    ],
)
def test_what_is_no_photo_is_refused(data: bytes):
    assert fault_of(data) == PhotoFault.NO_PHOTO


def test_nothing_and_too_much_are_refused_before_anything_is_read():
    assert fault_of(b"") == PhotoFault.EMPTY
    assert fault_of(b"\xff\xd8" + bytes(MOST_BYTES)) == PhotoFault.TOO_LARGE


def bomb(side: int) -> bytes:
    """A PNG of some kilobytes that says it is `side` pixels wide and high."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("side", [7100, 20_000, 60_000])
def test_a_small_file_that_unpacks_to_a_huge_picture_is_refused(side: int):
    assert fault_of(bomb(side)) == PhotoFault.TOO_MANY_PIXELS


def test_the_server_itself_never_loads_what_reads_pictures():
    """Its memory stays what it was: a process of its own does the work."""
    loaded = "import sys, portal.app, portal.worker; print([n for n in ('PIL', 'pi_heif') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
