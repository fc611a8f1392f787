"""Runs the migrations in the portal's own database, one transaction each."""

from typing import Literal

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from portal.db import WRITES, Base, UtcDateTime


def render_item(kind: str, item: object, _autogen: object) -> str | Literal[False]:
    """Migrations name plain types: they must run for ever, whatever becomes of the portal's own classes."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def run() -> None:
    """Migrates through the app's engine. Batch mode: SQLite cannot alter a table in place, so Alembic copies it and
    drops the old one. A table that others refer to cannot be dropped while foreign keys are watched, so they are not
    during the migration, and are checked at its end."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect().execution_options(**{WRITES: True}) as connection:
        on_sqlite = engine.dialect.name == "sqlite"
        if on_sqlite:
            _watch_foreign_keys(connection, "OFF")
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
            render_item=render_item,
        )
        try:
            with context.begin_transaction():
                context.run_migrations()
                if on_sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
                    raise RuntimeError(f"a migration would leave rows that refer to nothing: {broken[:5]}")
        finally:
            if on_sqlite:
                _watch_foreign_keys(connection, "ON")


def _watch_foreign_keys(connection: Connection, state: str) -> None:
    """Straight to the driver: SQLite takes no notice of this inside a transaction, which our first statement begins."""
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA foreign_keys={state}")
    cursor.close()


run()
