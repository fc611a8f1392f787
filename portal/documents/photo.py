"""A photo that anybody may have sent, made into one that is kept: a JPEG of at most 2,400 pixels, turned upright,
without what the camera added (place, time, owner).

The work is done by ``darkroom.py``, a process of its own for each photo: pictures are read by native code, a large one
takes a hundred megabytes while it is read, and neither should stay with the server.
"""

import os
import struct
import subprocess
import sys
import threading
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

DARKROOM = Path(__file__).with_name("darkroom.py")
MOST_BYTES = 12 * 1024 * 1024
"""What a photo may have as it is sent; a phone's has 2 to 8 MB."""
SECONDS = 30
_HEAD = struct.Struct(">BII")
# One at a time for each server: several large ones at once would take the memory of a small machine.
_turn = threading.Lock()


class PhotoFault(StrEnum):
    """Why a file cannot be kept as a photo."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NO_PHOTO = "no_photo"
    TOO_MANY_PIXELS = "too_many_pixels"


class NoPhoto(ValueError):
    """`fault` says why; the caller finds the words."""

    def __init__(self, fault: PhotoFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo as it is kept: JPEG bytes, and its size in pixels."""

    jpeg: bytes
    width: int
    height: int


def develop(data: bytes) -> Photo:
    """The photo in these bytes (JPEG, PNG, WebP or HEIC). Raises NoPhoto. Takes a second for a large one."""
    if not data:
        raise NoPhoto(PhotoFault.EMPTY)
    if len(data) > MOST_BYTES:
        raise NoPhoto(PhotoFault.TOO_LARGE)
    # It needs none of our settings, and so gets none: among them are keys and passwords.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    command = [sys.executable, "-P", str(DARKROOM)]
    try:
        with _turn:
            done = subprocess.run(
                command, env=environment, input=data, capture_output=True, timeout=SECONDS, check=False
            )
    except subprocess.TimeoutExpired as error:
        raise NoPhoto(PhotoFault.NO_PHOTO) from error
    if done.returncode or len(done.stdout) < _HEAD.size:
        # It was ended by its own limits, or by a fault of what reads pictures: so it is nothing that we can keep.
        raise NoPhoto(PhotoFault.NO_PHOTO)
    good, width, height = _HEAD.unpack_from(done.stdout)
    rest = done.stdout[_HEAD.size :]
    if not good:
        raise NoPhoto(PhotoFault(rest.decode()))
    return Photo(rest, width, height)
