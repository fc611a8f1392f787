"""A consistent copy of the database in one file while the portal runs, and back again.

SQLite: the copy is a database by itself, made by VACUUM INTO in one read transaction, so that writers go on.
PostgreSQL: an archive of pg_dump in its own format. Both hold personal data, so only their owner may read them.

Everything that the portal keeps is in the database, certificates' bytes included. The secret key is a setting, and
the key that signs the log a file of its own: neither is in it."""

import os
import shutil
import subprocess
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, inspect

from portal.db import db

SQLITE_BEGINS = b"SQLite format 3\x00"
ARCHIVE_BEGINS = b"PGDMP"
ONLY_OWNER = 0o600


class BackupRefused(Exception):
    """It cannot be done; the message says why and what to do. Nothing was changed."""


def write_backup(file: Path) -> None:
    """Writes the whole database, as it is at this instant, into a file that does not exist yet.

    Raises BackupRefused. A backup that fails half-way leaves no file behind."""
    if file.exists():
        raise BackupRefused(f"{file} exists already: choose another name, a backup never overwrites one")
    if not file.parent.is_dir():
        raise BackupRefused(f"the folder {file.parent} does not exist")
    unfinished = file.with_name(f"{file.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, ONLY_OWNER))
    try:
        if _is_sqlite():
            with closing(_open(db.engine.url.database or "")) as live:
                live.execute("VACUUM INTO ?", (str(unfinished),))
        else:
            run_program(
                "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={unfinished}", _libpq_url()
            )
        unfinished.rename(file)
    finally:
        unfinished.unlink(missing_ok=True)


def restore_backup(file: Path, *, aside: Path) -> bool:
    """Puts the database back as it was in a backup, after keeping what is there now in the file `aside`.

    Returns whether there was anything to keep. Raises BackupRefused; the database is then as it was. On SQLite the
    portal may go on running: it sees the old contents or the new, nothing between. On PostgreSQL this waits until
    nobody reads the tables, so stop the portal first."""
    _require_backup_of_this_kind(file)
    kept = inspect(db.engine).has_table("alembic_version")
    if kept:
        aside.parent.mkdir(parents=True, exist_ok=True)
        write_backup(aside)
    db.session.remove()
    db.engine.dispose()
    if _is_sqlite():
        with closing(_open(str(file))) as source, closing(_open(db.engine.url.database or "")) as live:
            source.backup(live)
    else:
        run_program(
            *("pg_restore", "--clean", "--if-exists", "--single-transaction", "--exit-on-error"),
            *("--no-owner", "--no-privileges", f"--dbname={_libpq_url()}", str(file)),
        )
    return kept


def aside_path(folder: Path, now: datetime) -> Path:
    """Where a restore keeps what was there before it."""
    ending = "sqlite" if _is_sqlite() else "dump"
    return folder / f"before-restore-{now:%Y%m%d-%H%M%S-%f}.{ending}"


def _require_backup_of_this_kind(file: Path) -> None:
    with file.open("rb") as opened:
        begins = opened.read(len(SQLITE_BEGINS))
    is_archive = begins.startswith(ARCHIVE_BEGINS)
    if begins != SQLITE_BEGINS and not is_archive:
        raise BackupRefused(f"{file} is no backup of the portal")
    if is_archive and _is_sqlite():
        raise BackupRefused(f"{file} is a backup of PostgreSQL, and PORTAL_DATABASE_URL is of SQLite")
    if not is_archive and not _is_sqlite():
        raise BackupRefused(f"{file} is a backup of SQLite, and PORTAL_DATABASE_URL is of PostgreSQL")
    if not is_archive:
        _require_whole(file)


def _require_whole(file: Path) -> None:
    module = _sqlite()
    try:
        with closing(_open(str(file))) as backup:
            found = backup.execute("PRAGMA integrity_check").fetchone()[0]
            tables = {row[0] for row in backup.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except module.DatabaseError as fault:
        raise BackupRefused(f"{file} is damaged: {fault}") from None
    if found != "ok":
        raise BackupRefused(f"{file} is damaged: {found}")
    if "alembic_version" not in tables:
        raise BackupRefused(f"{file} is a database, but none of the portal")


def _is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def _sqlite() -> Any:
    """The SQLite module that the engine uses."""
    return db.engine.dialect.dbapi


def _open(path: str) -> Any:
    return _sqlite().connect(path, timeout=30, isolation_level=None)


def run_program(program: str, *arguments: str) -> None:
    """Runs one of PostgreSQL's own programs on our database. Raises BackupRefused with what it complains of."""
    found = shutil.which(program)
    if found is None:
        raise BackupRefused(
            f"{program} is not installed. It comes with PostgreSQL's own tools, of the server's version or newer: "
            "apt-get install postgresql-client"
        )
    password = str(db.engine.url.password or "")
    environment = os.environ | ({"PGPASSWORD": password} if password else {})
    done = subprocess.run([found, *arguments], env=environment, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise BackupRefused(f"{program} failed: {done.stderr.strip()}")


def _libpq_url() -> str:
    """The address as PostgreSQL's own programs read it, without the password: other users see a command's words."""
    url: URL = db.engine.url.set(drivername="postgresql")
    return URL.create(url.drivername, url.username, None, url.host, url.port, url.database, url.query).render_as_string(
        hide_password=False
    )
