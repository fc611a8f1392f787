"""The ZIP of files that can be checked: the same bytes for the same files, and hashes that sha256sum takes."""

import io
import subprocess
import zipfile
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from portal.documents.archive import archive

AT = datetime(2027, 3, 4, 11, 30, 1, tzinfo=UTC)
FILES = {"een.txt": b"een\n", "twee.csv": "naam;Şule\r\n".encode()}


def test_the_same_files_give_the_same_bytes_wherever_the_clock_stands():
    there = AT.astimezone(timezone(timedelta(hours=9)))
    assert archive(FILES, at=AT) == archive(dict(FILES), at=there)
    assert archive(FILES, at=AT) != archive(FILES, at=AT + timedelta(minutes=1))
    assert archive(FILES, at=AT) != archive({**FILES, "een.txt": b"Een\n"}, at=AT)


def test_it_holds_the_files_as_they_are_and_the_sums_of_all(tmp_path: Path):
    with zipfile.ZipFile(io.BytesIO(archive(FILES, at=AT))) as made:
        assert made.testzip() is None
        assert made.namelist() == ["een.txt", "twee.csv", "SHA256SUMS"]
        assert {name: made.read(name) for name in FILES} == FILES
        made.extractall(tmp_path)
    checked = subprocess.run(
        ["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert checked.stdout == "een.txt: OK\ntwee.csv: OK\n"
