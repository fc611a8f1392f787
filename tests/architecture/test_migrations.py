"""The migrations make what the models say, on both databases, and can be undone."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import JSON, Boolean, Date, DateTime, Integer, MetaData, Table, inspect, select, text

from portal.db import Base, db
from portal.domain.enrolment.models import TermsVersion
from tests.plugins.database import ROOT

MIGRATIONS = str(ROOT / "migrations")


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


NOW = datetime(2026, 1, 1, tzinfo=UTC)
ORDINARY = {DateTime: NOW, Date: NOW.date(), JSON: [], Boolean: False, Integer: 0}


def put(table: str, **values: Any) -> None:
    """A row in a table as it is at this migration; what is not named gets something that fits."""
    known = Table(table, MetaData(), autoload_with=db.engine)
    for column in known.columns:
        if column.name not in values and not column.nullable and not column.primary_key:
            fitting = (value for kind, value in ORDINARY.items() if isinstance(column.type, kind))
            words = f"{table}-{values.get('id')}"[: getattr(column.type, "length", None)]
            values[column.name] = next(fitting, words)
    with db.engine.begin() as connection:
        connection.execute(known.insert().values(**values))


def a_world_before_policies() -> None:
    put("persons", id=1)
    put("courses", id=1)
    put("modules", id=1, course_id=1, position=1)
    put("editions", id=1, course_id=1, state="cancelled", cancelled_at=NOW)
    put("meetings", id=1, edition_id=1, module_id=1, capacity=5, ends_at=NOW.replace(hour=3))
    ends = {1: ("cancelled", NOW), 2: ("cancelled", NOW.replace(year=2025)), 3: ("enrolled", None)}
    for number, (state, cancelled_at) in ends.items():
        put(
            "enrolments",
            id=number,
            edition_id=1,
            person_id=1,
            organisation_id=None,
            terms_version_id=1,
            state=state,
            cancelled_at=cancelled_at,
            enrolled_at=NOW.replace(month=number),
        )
    put("seats", id=1, enrolment_id=3, meeting_id=1)
    payload = json.dumps({"enrolment_id": 2, "cost_cents": 39750})
    put("audit_entries", seq=1, tag="enrolment.cancelled", payload=payload, hash="1", previous_hash="0")


def test_enrolments_made_before_keep_their_seats_and_get_terms_and_costs(empty_app: Flask):
    upgrade(directory=MIGRATIONS, revision=before("terms_with_policies"))
    a_world_before_policies()
    upgrade(directory=MIGRATIONS)
    enrolments = Table("enrolments", MetaData(), autoload_with=db.engine)
    columns = (enrolments.c.ended_by, enrolments.c.cost_cents, enrolments.c.replaces_id)
    found = db.session.execute(select(*columns).order_by(enrolments.c.id)).all()
    assert [tuple(row) for row in found] == [
        ("edition_cancelled", 0, None),
        ("cancelled", 39750, None),
        (None, None, None),
    ]
    assert db.session.scalar(text("SELECT count(*) FROM enrolments WHERE contracted_at = enrolled_at")) == 3
    assert db.session.scalar(text("SELECT count(*) FROM seats")) == 1
    assert db.session.execute(select(TermsVersion.policies)).scalars().all() == [
        {
            "cancelling": [[28, 0], [14, 50], [0, 100]],
            "moving": [[14, 0], [0, 25]],
            "substitute_days": 0,
            "withdrawal_days": 14,
        }
    ]


def test_what_a_course_asked_first_becomes_an_alternative(empty_app: Flask):
    upgrade(directory=MIGRATIONS, revision=before("prerequisites"))
    plain: dict[int, dict[str, Any]] = {
        1: {},
        2: {"completed": "ek-1"},
        3: {"conferences": 1},
        4: {"completed": "ek-1", "conferences": 2},
    }
    for number, requires in plain.items():
        put("courses", id=number, slug=f"training-{number}", requires=requires)
    upgrade(directory=MIGRATIONS)
    courses = Base.metadata.tables["courses"]
    with db.engine.connect() as connection:
        rows = connection.execute(select(courses.c.id, courses.c.requires)).all()
    ek1, one, two = {"completed": "ek-1"}, {"at_least": 1, "of": "conferences"}, {"at_least": 2, "of": "conferences"}
    assert {row.id: row.requires for row in rows} == {
        1: {},
        2: {"any": [[ek1]]},
        3: {"any": [[one]]},
        4: {"any": [[ek1, two]]},
    }
    downgrade(directory=MIGRATIONS, revision=before("prerequisites"))
    with db.engine.connect() as connection:
        rows = connection.execute(select(courses.c.id, courses.c.requires)).all()
    assert {row.id: row.requires for row in rows} == plain


def test_amendments_of_before_are_taken_over_from_the_log(empty_app: Flask):
    """The second one's reason was erased; the third is of a seat that has no mark, and cannot be placed."""
    upgrade(directory=MIGRATIONS, revision=before("signed_lists_and_amendments"))
    for number in (1, 2):
        put("persons", id=number)
    put("courses", id=1)
    put("modules", id=1, course_id=1, position=1)
    put("editions", id=1, course_id=1, state="started")
    put("meetings", id=1, edition_id=1, module_id=1, capacity=5, ends_at=NOW.replace(hour=3))
    for number in (1, 2):
        put("enrolments", id=number, edition_id=1, person_id=number, terms_version_id=1, contracted_by_id=1)
        put("seats", id=number, enrolment_id=number, meeting_id=1)
    put("attendances", seat_id=1, marked_by_id=1)
    put("attendance_sheets", meeting_id=1, finished_by_id=1)
    for seq, enrolment, was, became in ((1, 1, "present/0/0/prepared", "late/10/0/prepared"),
                                        (2, 1, "late/10/0/prepared", "absent/0/0/unprepared"),
                                        (3, 2, "open/0/0/unprepared", "absent/0/0/unprepared")):  # fmt: skip
        payload = json.dumps({"meeting_id": 1, "enrolment_id": enrolment, "before": was, "after": became})
        put("audit_entries", seq=seq, tag="attendance.amended", payload=payload, hash=f"{seq}", previous_hash="0",
            actor_id=1, happened_at=NOW.replace(day=seq))  # fmt: skip
    put("audit_secrets", seq=1, field="reason", salt="", text="Kwam later")
    upgrade(directory=MIGRATIONS)
    amendments = Table("attendance_amendments", MetaData(), autoload_with=db.engine)
    found = [row._asdict() for row in db.session.execute(select(amendments).order_by(amendments.c.id))]
    assert [
        (row["seat_id"], row["was_status"], row["was_minutes_late"], row["was_preparation_done"]) for row in found
    ] == [
        (1, "present", 0, True),
        (1, "late", 10, True),
    ]
    assert [(row["status"], row["reason"], row["was_marked_at"], row["amended_at"].day) for row in found] == [
        ("late", "Kwam later", None, 1),
        ("absent", "", None, 2),
    ]
    assert db.session.scalar(text("SELECT count(*) FROM attendance_sheets WHERE sha256 IS NULL")) == 1
