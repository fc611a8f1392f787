"""The database: typed base class, naming convention, instants in UTC, and `transaction()`, the only place that commits.

On SQLite the driver's own transaction handling is switched off and every transaction begins with our own BEGIN:
IMMEDIATE when it will write, DEFERRED when it only reads. Of five modes tried with SQLAlchemy 2.1 only this one
neither oversold a seat nor lost a row, and a read-only page does not take the write lock."""

import importlib.util
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, DateTime, Dialect, Engine, MetaData, Row, Select, event, func, select
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from portal.config import Settings

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
# Older ones can corrupt a database in WAL mode when a checkpoint meets a rollback: https://sqlite.org/wal.html
WAL_SAFE_SINCE = (3, 51, 3)
WRITES = "portal_writes"


class Base(DeclarativeBase):
    """The parent of every table."""

    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in, aware UTC out, on both databases. A naive time is a programming error and raises."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant needs its time zone: {value!r}")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


@dataclass(frozen=True)
class Page:
    """One page of a long list. `number` from 1; `pages` at least 1; `total` rows in all."""

    rows: Sequence[Row[*tuple[Any, ...]]]
    number: int
    pages: int
    total: int


def paged(wanted: Select[*tuple[Any, ...]], *, page: int = 1, per_page: int = 25) -> Page:
    """That page of an ordered select, in two queries. A number past the ends gives the nearest page there is."""
    total = db.session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0
    pages = max(1, -(-total // per_page))
    number = min(max(1, page), pages)
    rows = db.session.execute(wanted.limit(per_page).offset((number - 1) * per_page)).all()
    return Page(rows, number, pages, total)


@contextmanager
def glance() -> Iterator[Connection]:
    """A connection for one statement that reads, outside the request's transaction and before it begins.

    PostgreSQL is asked without a BEGIN before and a ROLLBACK after it, which are round trips. SQLite has no such trips,
    and begins as we do ourselves."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="AUTOCOMMIT")
        yield connection


@contextmanager
def transaction() -> Iterator[None]:
    """One change of the business: everything inside is committed together, or nothing is.

    Ends the request's read transaction first, so that what was loaded before is read again under the write lock.
    Raises RuntimeError when one is open already (commands never commit, so they need no inner one) or when something
    was changed outside."""
    session = db.session()
    if session.info.get(WRITES):
        raise RuntimeError("transaction() inside transaction(): commands compose without it")
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("something was changed outside transaction()")
    session.commit()
    session.info[WRITES] = True
    try:
        session.connection(execution_options={WRITES: True})
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop(WRITES, None)


def init_database(app: Flask, settings: Settings) -> None:
    """Configures the engine for the settings' database and binds it to the app."""
    options: dict[str, Any] = {"pool_pre_ping": not settings.database_url.startswith("sqlite")}
    if settings.database_url.startswith("sqlite"):
        settings.instance.mkdir(parents=True, exist_ok=True)
        if importlib.util.find_spec("pysqlite3"):
            options["module"] = importlib.import_module("pysqlite3")
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _own_the_transactions(db.engine)


def _own_the_transactions(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        version = tuple(int(part) for part in cursor.execute("select sqlite_version()").fetchone()[0].split("."))
        if version >= WAL_SAFE_SINCE:
            cursor.execute("PRAGMA journal_mode=WAL")
        # recursive_triggers: else INSERT OR REPLACE deletes audit entries without firing their triggers.
        for pragma in ("foreign_keys=ON", "busy_timeout=5000", "synchronous=FULL", "recursive_triggers=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN DEFERRED")
