"""Runs the migrations in the portal's own database, one transaction each."""

from alembic import context
from flask import current_app

from portal.db import WRITES, Base

config = context.config


def run() -> None:
    """Migrates through the app's engine. Batch mode: SQLite cannot alter a table in place, so Alembic copies it."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect().execution_options(**{WRITES: True}) as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
            user_module_prefix="portal.db.",
        )
        with context.begin_transaction():
            context.run_migrations()


run()
