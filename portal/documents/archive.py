"""Files in one ZIP that anybody can check: the same files give the same bytes, and SHA256SUMS has the hash of each."""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime

SUMS = "SHA256SUMS"


def archive(files: Mapping[str, bytes], *, at: datetime) -> bytes:
    """A ZIP of these files in the order given, by plain ASCII names, and a list of their hashes for `sha256sum -c`.

    `at` stands on every file, in UTC and to two seconds. Nothing is compressed: what compresses may differ between
    machines."""
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items())
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, content in {**files, SUMS: sums.encode()}.items():
            made.writestr(_entry(name, at.astimezone(UTC)), content)
    return buffer.getvalue()


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, at.timetuple()[:6])
    # Else the system on which it is made stands in it, and the rights that this gives a file.
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    return entry
