"""The migrations on a database that people have worked in: from the first release on, step by step, no row is lost.

SQLite copies a table that it alters and drops the old one, and that takes along what refers to it when foreign keys are
watched meanwhile. So at every step every table holds rows, and every row refers to others wherever it can; a table or
column that a migration adds is filled before the next one."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    Date,
    DateTime,
    LargeBinary,
    MetaData,
    String,
    Table,
    inspect,
    select,
    update,
)

from portal.db import Base, db
from tests.plugins.database import ROOT

MIGRATIONS = str(ROOT / "migrations")
FIRST_RELEASED = "0006"
NOW = datetime(2031, 10, 26, 0, 30, tzinfo=UTC)
ROWS = (1, 2, 3)
# What a row needs to be one of the business: row n has the nth of these.
GIVEN: dict[str, dict[str, Sequence[Any]]] = {
    "accreditations": {"course_id": (1, None, 3), "module_id": (None, 2, None)},
    "audit_entries": {"seq": ROWS},
    "editions": {"state": ("published", "draft", "cancelled")},
    "enrolments": {"state": ("enrolled", "completed", "cancelled")},
    "meetings": {"capacity": (9, 9, 9), "ends_at": [NOW + timedelta(hours=3, minutes=n) for n in ROWS]},
    "seats": {"released_at": (None, None, NOW)},
}
# Columns of which a migration gives the meaning another form.
REWRITTEN = {"editions": {"state"}, "courses": {"requires"}, "calendar_invitations": {"withdrawn_at"}}
# Going back lets go of the seats that were held for offers, which the older portal does not know.
GONE_WITH_OFFERS = "seat_holds"


def test_no_row_is_lost_on_the_way_from_the_first_release(empty_app: Flask):
    upgrade(directory=MIGRATIONS, revision=FIRST_RELEASED)
    for revision in revisions()[1:]:
        fill()
        before = kept()
        upgrade(directory=MIGRATIONS, revision=revision)
        assert lost(before, kept()) == [], f"by migration {revision}"
        assert references_to_nothing() == []
    fill()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    assert guards_found() == guards_of_the_models()


def test_no_row_is_lost_on_the_way_back(empty_app: Flask):
    upgrade(directory=MIGRATIONS)
    for revision in reversed(revisions()[:-1]):
        fill()
        before = kept()
        downgrade(directory=MIGRATIONS, revision=revision)
        missing = [what for what in lost(before, kept()) if not what.startswith(GONE_WITH_OFFERS)]
        assert missing == [], f"going back to {revision}"
        assert references_to_nothing() == []


def revisions() -> list[str]:
    """From the first that was released to the newest."""
    scripts = ScriptDirectory(MIGRATIONS).walk_revisions(FIRST_RELEASED, "head")
    return [script.revision for script in scripts][::-1]


def tables() -> list[Table]:
    """As they are now, those that are referred to first."""
    found = MetaData()
    found.reflect(db.engine)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def fill() -> None:
    """Gives every table as many rows as ROWS, and lets every row refer to others, also by columns that are new."""
    with db.engine.begin() as connection:
        for table in tables():
            have = len(connection.execute(select(*table.primary_key)).all())
            for number in ROWS[have:]:
                connection.execute(table.insert().values(**a_row(connection, table, number)))
            for column in table.columns:
                if column.foreign_keys and column.name not in GIVEN.get(table.name, {}):
                    refer(connection, table, column)


def a_row(connection: Connection, table: Table, number: int) -> dict[str, Any]:
    given = GIVEN.get(table.name, {})
    row = {name: values[number - 1] for name, values in given.items() if name in table.columns}
    for column in table.columns:
        if column.name in row or column is table.autoincrement_column:
            continue
        row[column.name] = referred(connection, column, number) if column.foreign_keys else fitting(column, number)
    return row


def referred(connection: Connection, column: Column[Any], number: int) -> Any:
    """The value that a row with this number refers to; of its own table the row before."""
    (key,) = column.foreign_keys
    values = connection.execute(select(key.column).order_by(key.column)).scalars().all()
    if key.column.table is column.table:
        return values[number - 2] if number > 1 else None
    return values[number - 1]


def fitting(column: Column[Any], number: int) -> Any:
    kind = column.type
    if isinstance(kind, DateTime):
        return NOW + timedelta(minutes=number)
    if isinstance(kind, Date):
        return date(2031, 10, 26) + timedelta(days=number)
    if isinstance(kind, String):
        return f"{number}-{column.table.name}-{column.name}"[: kind.length]
    if isinstance(kind, JSON):
        return {}
    if isinstance(kind, LargeBinary):
        return b"%d" % number
    return number % 2 == 0 if isinstance(kind, Boolean) else number


def refer(connection: Connection, table: Table, column: Column[Any]) -> None:
    """Fills a reference that rows of before it was added do not have."""
    keys = list(table.primary_key)
    rows = connection.execute(select(*keys, column.label("refers_to")).order_by(*keys)).all()
    for number, row in enumerate(rows, start=1):
        if row.refers_to is None and number in ROWS:
            this = [key == value for key, value in zip(keys, row, strict=False)]
            connection.execute(update(table).where(*this).values({column: referred(connection, column, number)}))


Kept = dict[str, dict[tuple[Any, ...], dict[str, Any]]]


def kept() -> Kept:
    """Every row of every table, by its key."""
    found: Kept = {}
    with db.engine.connect() as connection:
        for table in tables():
            keys = [column.name for column in table.primary_key]
            rows = connection.execute(select(table)).mappings().all()
            found[table.name] = {tuple(row[key] for key in keys): dict(row) for row in rows}
    return found


def lost(before: Kept, after: Kept) -> list[str]:
    """Rows that are gone, and values that are others now, in tables and columns that there were and are."""
    return list(_lost(before, after))


def _lost(before: Kept, after: Kept) -> Iterator[str]:
    for table in before.keys() & after.keys():
        assert before[table], f"{table} was empty"
        for key, row in before[table].items():
            now = after[table].get(key)
            if now is None:
                yield f"{table}{key} is gone"
                continue
            for column in row.keys() & now.keys() - REWRITTEN.get(table, set()):
                if row[column] != now[column]:
                    yield f"{table}{key}.{column}: {row[column]!r} became {now[column]!r}"


def references_to_nothing() -> list[Any]:
    """What SQLite finds; PostgreSQL lets nothing of the kind come about."""
    with db.engine.connect() as connection:
        if connection.dialect.name != "sqlite":
            return []
        return list(connection.exec_driver_sql("PRAGMA foreign_key_check").all())


Guards = dict[str, tuple[set[str], dict[str, bool]]]


def guards_found() -> Guards:
    """Of each table the names of its checks and, of each index, whether it is of some rows only: what a copy of a table
    easily leaves behind."""
    there = inspect(db.engine)
    where = f"{db.engine.dialect.name}_where"
    return {
        name: (
            {str(check["name"]) for check in there.get_check_constraints(name)},
            {
                str(index["name"]): index.get("dialect_options", {}).get(where) is not None
                for index in there.get_indexes(name)
                if not index.get("duplicates_constraint")
            },
        )
        for name in there.get_table_names()
        if name != "alembic_version"
    }


def guards_of_the_models() -> Guards:
    where = f"{db.engine.dialect.name}_where"
    return {
        table.name: (
            {str(check.name) for check in table.constraints if isinstance(check, CheckConstraint)},
            {str(index.name): index.kwargs.get(where) is not None for index in table.indexes},
        )
        for table in Base.metadata.sorted_tables
    }
