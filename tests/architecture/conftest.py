"""A database before its first migration."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from portal.app import create_app
from portal.config import Settings
from portal.db import db
from tests.plugins.database import new_database


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
