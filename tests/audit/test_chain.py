"""The chain of hashes: whole when nobody touched it, and telling when somebody did."""

import json
import subprocess
import sys
import threading

import pytest
from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import DatabaseError

from portal import audit
from portal.audit import Broken, Private
from portal.audit.models import AuditEntry, AuditSecret, AuditThing
from portal.audit.verification import CHUNK
from portal.db import WRITES, db, transaction
from tests.log_scenes import NOW, SOMEBODY, Happened, note, without_triggers


def test_an_empty_log_is_whole(app):
    assert audit.verify() is None


def test_what_was_noted_is_whole(app):
    for number in range(5):
        note(Happened(number, "één"), Happened(number, "twee", Private("Dewi was ziek")))
    assert audit.verify() is None
    assert db.session.scalars(select(AuditEntry.seq).order_by(AuditEntry.seq)).all() == list(range(1, 11))


def test_a_log_longer_than_one_chunk_is_whole_and_its_faults_are_found(app):
    with transaction():
        for number in range(CHUNK + 10):
            audit.record(Happened(number % 3 + 1), actor=SOMEBODY, at=NOW)
    assert audit.verify() is None
    with without_triggers() as connection:
        connection.execute(text("UPDATE audit_entries SET actor_id = 8 WHERE seq = 1005"))
    assert audit.verify() == Broken(1005, "its contents were changed")


CHANGED = "its contents were changed"
FAULTS = {
    "a payload": ("UPDATE audit_entries SET payload = replace(payload, 'drie', 'vier') WHERE seq = 3", 3, CHANGED),
    "an actor": ("UPDATE audit_entries SET actor_id = 8 WHERE seq = 3", 3, CHANGED),
    "who it was, to nobody": ("UPDATE audit_entries SET actor_id = NULL WHERE seq = 3", 3, CHANGED),
    "a tag": ("UPDATE audit_entries SET tag = 'test.other' WHERE seq = 3", 3, CHANGED),
    "a way": ("UPDATE audit_entries SET via = 'cli' WHERE seq = 3", 3, CHANGED),
    "a time": ("UPDATE audit_entries SET happened_at = '2026-04-02 09:00:01+00' WHERE seq = 3", 3, CHANGED),
    "a hash": ("UPDATE audit_entries SET hash = previous_hash WHERE seq = 3", 3, CHANGED),
    "a deleted entry": ("DELETE FROM audit_entries WHERE seq = 3", 4, "entry 3 is missing"),
    "the first entry": ("DELETE FROM audit_entries WHERE seq = 1", 2, "entry 1 is missing"),
    "the last entry": ("DELETE FROM audit_entries WHERE seq = 5", 5, "entry 5 is missing"),
    "an entry before the first": (
        "INSERT INTO audit_entries SELECT 0, happened_at, actor_kind, actor_id, via, tag, payload, previous_hash, hash "
        "FROM audit_entries WHERE seq = 1",
        0,
        "entry 1 is missing",
    ),
    "an inserted entry": (
        "INSERT INTO audit_entries SELECT 6, happened_at, actor_kind, actor_id, via, tag, payload, previous_hash, hash "
        "FROM audit_entries WHERE seq = 5",
        6,
        "does not hold the hash of the entry before it",
    ),
    "a thing taken away": ("DELETE FROM audit_things WHERE seq = 3", 3, "the index of what it is about was changed"),
    "a thing put in": (
        "INSERT INTO audit_things (seq, kind, thing_id) VALUES (3, 'edition', 99)",
        3,
        "the index of what it is about was changed",
    ),
}
PRIVATE_CHANGED = "a private text of it was changed"
PRIVATE_FAULTS = {
    "a text": "UPDATE audit_secrets SET text = 'Dewi was er' WHERE seq = 2",
    "a salt": "UPDATE audit_secrets SET salt = 'abc' WHERE seq = 2",
    "a text put at a field without one": (
        "INSERT INTO audit_secrets (seq, field, salt, text) VALUES (2, 'what', 'abc', 'Dewi')"
    ),
}


def test_an_entry_that_is_gone_while_its_private_text_is_there_is_missing(app):
    note(*(Happened(number, "een", Private("Dewi was ziek")) for number in (1, 2, 3)))
    with without_triggers() as connection:
        assert connection.execute(text("DELETE FROM audit_entries WHERE seq = 2")).rowcount == 1
    assert audit.verify() == Broken(3, "entry 2 is missing")


@pytest.mark.parametrize("fault", PRIVATE_FAULTS)
def test_a_private_text_that_is_not_what_was_noted_is_found(app, fault):
    note(*(Happened(number, "een", Private("Dewi was ziek")) for number in (1, 2, 3)))
    assert audit.verify() is None
    with without_triggers() as connection:
        assert connection.execute(text(PRIVATE_FAULTS[fault])).rowcount == 1
    assert audit.verify() == Broken(2, PRIVATE_CHANGED)


@pytest.fixture
def five(app):
    note(*(Happened(number, what) for number, what in enumerate(["een", "twee", "drie", "vier", "vijf"], start=1)))
    assert audit.verify() is None


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_is_found_at_its_first_entry(five, fault):
    statement, seq, why = FAULTS[fault]
    with without_triggers() as connection:
        assert connection.execute(text(statement)).rowcount == 1
    assert audit.verify() == Broken(seq, why)


def test_swapped_entries_are_found(five):
    with without_triggers() as connection:
        for seq, to in ((2, -1), (3, 2), (-1, 3)):
            connection.execute(text("UPDATE audit_entries SET seq = :to WHERE seq = :seq"), {"seq": seq, "to": to})
    assert audit.verify() == Broken(2, "does not hold the hash of the entry before it")


def test_an_entry_that_is_forged_with_a_fitting_hash_breaks_the_next(five):
    row = dict(db.session.execute(select(*AuditEntry.__table__.columns).where(AuditEntry.seq == 3)).mappings().one())
    row["payload"] = row["payload"].replace("drie", "niks")
    forged = audit.chain.entry_hash(row)
    with without_triggers() as connection:
        connection.execute(
            text("UPDATE audit_entries SET payload = :payload, hash = :hash WHERE seq = 3"),
            {"payload": row["payload"], "hash": forged},
        )
    assert audit.verify() == Broken(4, "does not hold the hash of the entry before it")


# The triggers

COPY = (
    "SELECT {seq}, happened_at, actor_kind, 9, via, tag, payload, previous_hash, hash FROM audit_entries WHERE seq = 2"
)
REFUSED = [
    "UPDATE audit_entries SET payload = '{}' WHERE seq = 2",
    "UPDATE audit_entries SET via = 'x'",
    "DELETE FROM audit_entries WHERE seq = 2",
    "DELETE FROM audit_entries WHERE seq = 5",
    f"INSERT INTO audit_entries {COPY.format(seq='seq')} ON CONFLICT (seq) DO UPDATE SET actor_id = 9",
]
ONLY_SQLITE = [
    f"INSERT OR REPLACE INTO audit_entries {COPY.format(seq=2)}",
    f"REPLACE INTO audit_entries {COPY.format(seq=5)}",
    f"INSERT INTO audit_entries {COPY.format(seq=9)}",
]
ONLY_POSTGRESQL = ["TRUNCATE audit_entries CASCADE"]


def refused_statements():
    more = ONLY_SQLITE if db.engine.dialect.name == "sqlite" else ONLY_POSTGRESQL
    return [*REFUSED, *more]


def assert_append_only():
    db.session.rollback()
    for statement in refused_statements():
        with (
            db.engine.connect().execution_options(**{WRITES: True}) as connection,
            pytest.raises(DatabaseError, match="append-only"),
        ):
            connection.execute(text(statement))
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == 5
    assert audit.verify() is None


def test_the_database_refuses_every_change(five):
    assert_append_only()


def test_the_database_still_refuses_after_the_migrations_went_down_and_up(five, database_kind):
    from flask_migrate import downgrade, upgrade

    from tests.plugins.database import ROOT

    folder = str(ROOT / "migrations")
    db.session.remove()
    # Down to the tables themselves, as far as the log survives, and up again.
    downgrade(directory=folder, revision="0001")
    upgrade(directory=folder)
    assert_append_only()


# Transactions


def test_nothing_is_noted_outside_a_transaction(app):
    with pytest.raises(RuntimeError, match=r"test\.happened recorded outside transaction"):
        audit.record(Happened(1), actor=SOMEBODY, at=NOW)


def test_what_is_rolled_back_leaves_no_entry(app):
    note(Happened(1))
    with pytest.raises(ZeroDivisionError), transaction():
        audit.record(Happened(2), actor=SOMEBODY, at=NOW) or 1 / 0
    note(Happened(3))
    payloads = [
        json.loads(payload) for payload in db.session.scalars(select(AuditEntry.payload).order_by(AuditEntry.seq))
    ]
    assert [payload["edition_id"] for payload in payloads] == [1, 3]
    assert audit.verify() is None


def test_eight_writers_at_once_keep_one_unbroken_chain(app):
    together = threading.Barrier(8)

    def write(number):
        with app.app_context():
            together.wait()
            for _ in range(5):
                note(Happened(number), Happened(number))

    writers = [threading.Thread(target=write, args=(number,)) for number in range(1, 9)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    db.session.rollback()
    assert audit.verify() is None
    assert db.session.scalars(select(AuditEntry.seq).order_by(AuditEntry.seq)).all() == list(range(1, 81))
    assert {number: audit.trail_of("edition", number).total for number in range(1, 9)} == dict.fromkeys(range(1, 9), 10)


# What is private


def test_a_private_text_stands_apart_and_may_be_erased_with_the_chain_whole(app):
    note(Happened(1, "een", Private("Dewi was ziek")))
    (entry,) = audit.trail_of("edition", 1).entries
    assert (entry.facts["remark"], entry.private) == ("Dewi was ziek", {"remark"})
    assert "ziek" not in db.session.scalar(select(AuditEntry.payload))
    with transaction():
        db.session.execute(delete(AuditSecret))
    (entry,) = audit.trail_of("edition", 1).entries
    assert entry.facts == {"edition_id": 1, "what": "een", "remark": None}
    assert audit.verify() is None


def test_the_same_private_text_has_another_commitment_each_time(app):
    note(Happened(1, "", Private("ziek")), Happened(2, "", Private("ziek")))
    commitments = {
        json.loads(payload)["remark"]["sha256"] for payload in db.session.scalars(select(AuditEntry.payload))
    }
    assert len(commitments) == 2


# Reading


def test_the_log_is_read_by_period_tag_and_thing_newest_first(app):
    for number in range(1, 4):
        with transaction():
            at = NOW.replace(day=number)
            audit.record(Happened(number), actor=SOMEBODY, at=at)
    listed = audit.list_entries(since=NOW.replace(day=2), until=NOW.replace(day=3))
    assert ([entry.seq for entry in listed.entries], listed.total) == ([2], 1)
    assert [entry.seq for entry in audit.list_entries(tag="test.").entries] == [3, 2, 1]
    assert audit.list_entries(tag="test%").total == 0
    assert [entry.seq for entry in audit.list_entries(kind="edition", thing_id=2).entries] == [2]
    assert audit.list_entries(kind="edition").total == 3
    second = audit.list_entries(page=2, per_page=2)
    assert ([entry.seq for entry in second.entries], second.total) == ([1], 3)


# The command


def verify_by_command(settings, *arguments):
    environ = {
        "PORTAL_DATABASE_URL": settings.database_url,
        "PORTAL_INSTANCE": str(settings.instance),
        "PATH": "/usr/bin:/bin",
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "audit", "verify", *arguments]
    from tests.plugins.database import ROOT

    return subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_the_command_says_that_all_is_well_and_exports_every_entry(five, settings, tmp_path):
    note(Happened(6, "zes", Private("Dewi was ziek")))
    export = tmp_path / "log.jsonl"
    ran = verify_by_command(settings, "--export", str(export))
    assert (ran.returncode, ran.stdout) == (0, "6 entries, unchanged; signed heads over them: 0\n"), ran.stderr
    lines = [json.loads(line) for line in export.read_text().splitlines()]
    assert [line["seq"] for line in lines] == [1, 2, 3, 4, 5, 6]
    assert {frozenset(line) for line in lines} == {frozenset(column.name for column in AuditEntry.__table__.columns)}
    assert "ziek" not in export.read_text()


def test_the_command_names_the_first_bad_entry(five, settings):
    with without_triggers() as connection:
        connection.execute(text("UPDATE audit_entries SET actor_id = 8 WHERE seq IN (3, 4)"))
    ran = verify_by_command(settings)
    assert (ran.returncode, ran.stderr) == (1, "Error: entry 3: its contents were changed\n")


def test_things_of_an_entry_are_its_fields_that_end_in_id(app):
    note(Happened(12))
    things = db.session.execute(select(AuditThing.kind, AuditThing.thing_id)).all()
    assert [tuple(thing) for thing in things] == [("edition", 12)]
