"""The migrations make what the models say, on both databases, and can be undone."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from portal.app import create_app
from portal.config import Settings
from portal.db import Base, db
from tests.plugins.database import ROOT, new_database

MIGRATIONS = str(ROOT / "migrations")


@pytest.fixture
def empty_app(pytestconfig: pytest.Config, settings: Settings, tmp_path: Path) -> Iterator[Flask]:
    """The portal on a database without tables, with an application context open."""
    database = new_database(pytestconfig, tmp_path)
    app = create_app(dataclasses.replace(settings, database_url=database.url))
    with app.app_context():
        yield app
        db.session.rollback()
        db.engine.dispose()
    database.remove()


def test_there_is_one_head():
    assert len(ScriptDirectory(MIGRATIONS).get_heads()) == 1


def test_the_migrations_make_exactly_the_models(app: Flask):
    with db.engine.connect() as connection:
        differences = compare_metadata(
            MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata
        )
    assert differences == [], 'write a migration: make migration MESSAGE="..."'


def test_every_migration_can_be_undone_and_done_again(empty_app: Flask):
    upgrade(directory=MIGRATIONS)
    tables = set(inspect(db.engine).get_table_names())
    downgrade(directory=MIGRATIONS, revision="base")
    assert set(inspect(db.engine).get_table_names()) == {"alembic_version"}
    upgrade(directory=MIGRATIONS)
    assert set(inspect(db.engine).get_table_names()) == tables
    assert {table.name for table in Base.metadata.sorted_tables} == tables - {"alembic_version"}
