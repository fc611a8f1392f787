"""Runs the migrations in the portal's own database, one transaction each."""

from typing import Literal

from alembic import context
from flask import current_app

from portal.db import WRITES, Base, UtcDateTime


def render_item(kind: str, item: object, _autogen: object) -> str | Literal[False]:
    """Migrations name plain types: they must run for ever, whatever becomes of the portal's own classes."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def run() -> None:
    """Migrates through the app's engine. Batch mode: SQLite cannot alter a table in place, so Alembic copies it."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect().execution_options(**{WRITES: True}) as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
            render_item=render_item,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
