"""Entries in the log, heads over it, and somebody who changes it past the portal.

note(Happened(1), Happened(2)); seal(); with without_triggers() as connection: ..."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from sqlalchemy import Connection, create_engine

from portal import audit
from portal.audit import Actor, Event, Head, Private
from portal.db import db, transaction

NOW = datetime(2026, 4, 2, 9, 0, tzinfo=UTC)
SOMEBODY = Actor.person(7)


@dataclass(frozen=True)
class Happened(Event):
    tag: ClassVar[str] = "test.happened"
    edition_id: int
    what: str = ""
    remark: Private | None = None


def note(*events: Event, at: datetime = NOW) -> None:
    with transaction():
        for event in events:
            audit.record(event, actor=SOMEBODY, at=at)


def seal(now: datetime = NOW) -> Head:
    """The head that the worker makes now; fails when none is due."""
    assert audit.seal_when_due(now) == 1
    head = audit.find_newest_head()
    assert head
    return head


@contextmanager
def without_triggers() -> Iterator[Connection]:
    """A connection past the portal, of somebody who holds the database's own keys: the log's triggers are off, and no
    foreign key is asked."""
    db.session.rollback()
    dialect = db.engine.dialect
    on_sqlite = dialect.name == "sqlite"
    engine = create_engine(db.engine.url, **({"module": dialect.dbapi} if on_sqlite else {}))
    with engine.begin() as connection:
        triggers = []
        if on_sqlite:
            wanted = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'audit_%'"
            triggers = list(connection.exec_driver_sql(wanted).fetchall())
            for name, _ in triggers:
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        yield connection
        for _, statement in triggers:
            connection.exec_driver_sql(statement)
    engine.dispose()


def change(statement: str) -> None:
    """One row changed past the portal."""
    with without_triggers() as connection:
        assert connection.exec_driver_sql(statement).rowcount == 1
