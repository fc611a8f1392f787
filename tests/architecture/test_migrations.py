"""The migrations make what the models say, on both databases, and can be undone."""

import dataclasses
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import MetaData, inspect, select

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


def before(words: str) -> str:
    """The revision before the migration of which the file is called by these words."""
    found = next(Path(MIGRATIONS, "versions").glob(f"*_{words}.py"))
    return str(ScriptDirectory(MIGRATIONS).get_revision(found.name[:4]).down_revision)


def test_what_was_online_is_told_apart_by_now(empty_app: Flask):
    """Editions of before the states tentative, confirmed, started and finished: by their people and their meetings."""
    upgrade(directory=MIGRATIONS, revision=before("states_of_an_edition"))
    old = MetaData()
    old.reflect(db.engine)
    now, day = datetime.now(UTC), timedelta(days=1)
    cases = {
        1: ("draft", 4, 0, None),
        2: ("published", 0, 0, 30 * day),
        3: ("published", 2, 1, 30 * day),
        4: ("published", 1, 1, 30 * day),
        5: ("published", 4, 0, -day),
        6: ("published", 4, 0, -60 * day),
        7: ("cancelled", 4, 0, 30 * day),
    }
    with db.engine.begin() as connection:

        def add(table: str, **values: object) -> None:
            connection.execute(old.tables[table].insert().values(**values))

        add("courses", id=1, slug="een", title="Een", summary="", outcome="", audience="", delivery=[],
            separately_bookable=False, price_cents=0, vat="exempt", requires={}, visible=True)  # fmt: skip
        for module in (1, 2):
            add("modules", id=module, course_id=1, position=module, title="Een", contact_minutes=60, preparation="",
                preparation_minutes=0, price_cents=0)  # fmt: skip
        add("persons", id=1, name="Şule", email="sule@zorg.example", language="nl", employer="", initials_only=True,
            created_at=now)  # fmt: skip
        for number, (state, minimum, people, ahead) in cases.items():
            starts_on = date(2027, 3, 4) if ahead else None
            add("editions", id=number, course_id=1, kind="open", state=state, delivery="onsite", place="",
                minimum=minimum, starts_on=starts_on)  # fmt: skip
            for module, later in ((1, 0 * day), (2, 7 * day)):
                if ahead:
                    add("meetings", edition_id=number, module_id=module, starts_at=now + ahead + later, venue="",
                        ends_at=now + ahead + later + day / 8, link="", capacity=9, taken=0)  # fmt: skip
            # One who takes part, and somebody who left again and no longer counts.
            for left in (False, True)[: 2 * people]:
                add("enrolments", edition_id=number, person_id=1, number=f"{number}{left}", whole=True,
                    state="cancelled" if left else "enrolled", participant_name="", employer="", enrolled_at=now,
                    contract_party="participant", order_reference="", price_cents=0, terms_version_id=1)  # fmt: skip
    upgrade(directory=MIGRATIONS)
    editions = Base.metadata.tables["editions"]
    with db.engine.connect() as connection:
        rows = connection.execute(select(editions.c.id, editions.c.state, editions.c.decide_on)).all()
    assert {row.id: (row.state, row.decide_on) for row in rows} == {
        1: ("draft", None),
        2: ("published", None),
        3: ("tentative", date(2027, 2, 18)),
        4: ("confirmed", None),
        5: ("started", None),
        6: ("finished", None),
        7: ("cancelled", None),
    }
