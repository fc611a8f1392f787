"""Signed heads: when they are made, what they hold the log to, and that nobody takes them back."""

import dataclasses
import json
import stat
import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from portal import audit
from portal.audit import Broken, Head, KeyMissing, SealRefused, head_rules, merkle, stored_tree
from portal.audit.head_rules import LONGEST, MOST, SETTLED, Unsealed, is_due
from portal.audit.leaves import OPEN, leaf_facts
from portal.audit.models import AuditEntry, AuditHead, AuditKey, AuditNode
from portal.db import WRITES, db, transaction
from portal.domain.certificates import events
from tests.certificate_scenes import given_edition, issue
from tests.log_scenes import NOW, SOMEBODY, Happened, change, note, seal, without_triggers

DAY = timedelta(days=1)


def fill(number: int) -> None:
    note(*(Happened(1, str(at)) for at in range(number)))


# When

A_MOMENT_AGO, LONG_AGO = NOW - timedelta(seconds=1), NOW - LONGEST
DUE = {
    "an empty log": (Unsealed(0, None), False),
    "a log without heads": (Unsealed(1, None), True),
    "nothing new since a moment": (Unsealed(0, A_MOMENT_AGO), False),
    "something new since a moment": (Unsealed(9, A_MOMENT_AGO), False),
    "nothing new for a day": (Unsealed(0, LONG_AGO), True),
    "a certificate, just now": (Unsealed(1, A_MOMENT_AGO, NOW), False),
    "a certificate, a minute ago": (Unsealed(1, A_MOMENT_AGO, NOW - SETTLED), True),
    "a batch that has ended": (Unsealed(9, A_MOMENT_AGO, NOW, batch_ended=True), True),
    "very many entries": (Unsealed(MOST, A_MOMENT_AGO), True),
}


@pytest.mark.parametrize("case", DUE)
def test_when_a_head_is_due(case):
    found, due = DUE[case]
    assert is_due(found, NOW) is due


def test_an_empty_log_is_not_sealed(app):
    assert audit.seal_when_due(NOW) == 0
    assert audit.find_newest_head() is None


def test_a_log_is_sealed_at_once_then_daily_and_for_certificates(app):
    fill(3)
    first = seal()
    assert (first.size, first.signed_at) == (3, NOW)
    # Publishing the key is an entry of its own.
    assert audit.count_entries() == 4
    assert audit.seal_when_due(NOW + timedelta(hours=23)) == 0
    assert seal(NOW + DAY).size == 4
    assert seal(NOW + 2 * DAY).size == 4
    scene = given_edition()
    issue(scene.enrolments[0], now=NOW + 2 * DAY)
    assert audit.seal_when_due(NOW + 2 * DAY + timedelta(seconds=59)) == 0
    assert seal(NOW + 2 * DAY + SETTLED).size == audit.count_entries()
    assert audit.verify_heads() is None


def test_a_batch_that_is_done_is_sealed_at_once(app):
    note(Happened(1))
    seal()
    note(events.IssueFinished(issue_run_id=1, edition_id=1, issued=2, refused=0))
    assert seal().size == 3


def test_a_long_log_is_sealed_in_pieces(app, monkeypatch):
    for module in (head_rules, audit.sealing):
        monkeypatch.setattr(module, "MOST", 100)
    fill(250)
    sizes = []
    while audit.seal_when_due(NOW):
        sizes.append(audit.find_newest_head().size)
    assert sizes == [100, 200]
    assert seal(NOW + DAY).size == 251
    assert audit.verify_heads() is None


def test_two_workers_at_once_make_one_head(app):
    fill(200)
    together, made = threading.Barrier(2), []

    def work():
        with app.app_context():
            together.wait()
            made.append(audit.seal_when_due(NOW))

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert sorted(made) == [0, 1]
    assert audit.count_heads() == 1
    assert audit.verify_heads() is None


# The tree that is stored


def reference(size):
    """The tree over the first entries, from the leaves alone."""
    tree = merkle.Growing()
    for entry in stored_tree.entries_between(1, size):
        list(tree.add(stored_tree.leaf_of(entry)))
    return tree.root()


@pytest.mark.parametrize("sizes", [(1,), (63, 64, 65), (64, 128, 130), (5, 200, 500)])
def test_every_root_and_proof_over_stored_nodes_is_the_real_one(app, count_queries, sizes):
    heads = []
    for number, size in enumerate(sizes):
        # The first head comes with an entry for its key.
        fill(size - audit.count_entries())
        heads.append(seal(NOW + number * DAY))
        assert (heads[-1].size, bytes.fromhex(heads[-1].root)) == (size, reference(size))
    for head in heads:
        for seq in {1, 2, head.size // 2 + 1, head.size}:
            with count_queries() as queries:
                proof = audit.prove(min(seq, head.size), head)
            assert proof
            assert len(queries) <= 3, queries
    for old in heads:
        assert audit.prove_consistency(old, heads[-1])
    stored = db.session.scalar(select(func.count()).select_from(AuditNode))
    newest = heads[-1].size
    assert stored == sum(newest >> level for level in range(stored_tree.LOWEST, newest.bit_length()))


def test_a_proof_reads_few_entries(app):
    fill(1000)
    head = seal()
    wanted = {node for stretch in merkle.inclusion_stretches(500, head.size) for node in merkle.pieces(stretch)}
    entries = sum(1 << node.level for node in wanted if node.level < stored_tree.LOWEST)
    assert entries < 2 * 2**stored_tree.LOWEST


# What is in the open


def test_a_leaf_tells_strangers_the_number_and_the_hash_and_of_nobody(app):
    scene = given_edition(["Dewi Hardjo"])
    certificate = issue(scene.enrolments[0])
    seq = audit.find_seq("certificate", certificate.id, "certificates.issued")
    proof = audit.prove(seq, seal())
    assert proof.leaf == {
        "form": "leerkring-leaf-1",
        "seq": seq,
        "sealed": proof.leaf["sealed"],
        "tag": "certificates.issued",
        "facts": {"number": certificate.number, "sha256": certificate.sha256, "replaces": None},
    }
    entry = db.session.get_one(AuditEntry, seq)
    # The hash itself is that of the entry before the next one, from which a stranger could try numbers of people.
    assert entry.hash not in json.dumps(dataclasses.asdict(proof), default=str)


def test_of_other_entries_a_leaf_tells_nothing():
    facts = leaf_facts({"seq": 4, "tag": "accounts.signed_in", "payload": '{"person_id":7}', "hash": "ab" * 32})
    assert facts.keys() == {"form", "seq", "sealed"}


def test_what_is_in_the_open_are_fields_of_the_events():
    by_tag = {event.tag: event for event in vars(events).values() if getattr(event, "tag", None)}
    for tag, names in OPEN.items():
        assert set(names) <= {field.name for field in dataclasses.fields(by_tag[tag])}


# Faults


@pytest.fixture
def sealed(app):
    """Two heads, over 300 and 400 entries, and 10 entries after them."""
    fill(300)
    seal()
    fill(99)
    assert seal(NOW + DAY).size == 400
    fill(10)
    assert audit.verify_heads() is None


OTHER_ENTRIES = "the entries up to it are not those over which a head was signed"
FALSE_SIGNATURE = "the signature of a head over the entries up to it is not by its key"
FAULTS = {
    "another root": ("UPDATE audit_heads SET root = '{0}' WHERE size = 400", Broken(400, FALSE_SIGNATURE)),
    "another size": ("UPDATE audit_heads SET size = 399 WHERE size = 400", Broken(399, FALSE_SIGNATURE)),
    "another time": (
        "UPDATE audit_heads SET signed_at = '2026-04-02 09:00:01+00' WHERE size = 300",
        Broken(300, FALSE_SIGNATURE),
    ),
    "a signature": ("UPDATE audit_heads SET signature = '{0}{0}' WHERE size = 300", Broken(300, FALSE_SIGNATURE)),
    "a node": (
        "UPDATE audit_nodes SET hash = '{0}' WHERE level = 7 AND position = 1",
        Broken(256, "a stored hash of the tree over the entries up to it was changed"),
    ),
    "a node that is gone": (
        "DELETE FROM audit_nodes WHERE level = 6 AND position = 5",
        Broken(384, "a stored hash of the tree over the entries up to it was changed"),
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_in_what_was_sealed_is_found(sealed, fault):
    statement, expected = FAULTS[fault]
    change(statement.format("0" * 64))
    assert audit.verify_heads() == expected


def test_a_head_over_fewer_entries_than_one_before_it_is_found(sealed):
    key = audit.read_key()
    root = audit.find_head_of(300).root
    head = Head(300, root, NOW + 2 * DAY, key.id)
    with transaction():
        db.session.add(
            AuditHead(
                size=300,
                root=root,
                signed_at=head.signed_at,
                key_id=key.id,
                signature=key.sign(head_rules.signed_text(head)),
            )
        )
    assert audit.verify_heads() == Broken(300, "a head was signed over fewer entries than the one before it")


def rewrite_from(seq: int) -> None:
    """An entry changed and the whole chain after it computed anew: what the chain by itself cannot tell."""
    with without_triggers() as connection:
        rows = connection.execute(
            select(*AuditEntry.__table__.columns).where(AuditEntry.seq >= seq - 1).order_by(AuditEntry.seq)
        ).mappings()
        rows = [dict(row) for row in rows]
        previous = rows.pop(0)["hash"]
        rows[0]["actor_id"] = 8
        for row in rows:
            row["previous_hash"] = previous
            previous = row["hash"] = audit.chain.entry_hash(row)
            connection.execute(
                text("UPDATE audit_entries SET actor_id = :actor_id, previous_hash = :previous_hash, hash = :hash "
                     "WHERE seq = :seq"),
                row,
            )  # fmt: skip


@pytest.mark.parametrize(("seq", "found"), [(150, 192), (310, 320), (390, 400)])
def test_a_chain_that_was_computed_anew_is_found_by_the_heads(sealed, seq, found):
    rewrite_from(seq)
    assert audit.verify() is None
    assert audit.verify_heads().seq == found


def test_a_log_that_was_cut_off_with_all_its_traces_is_found_by_the_heads(sealed):
    with without_triggers() as connection:
        connection.exec_driver_sql("DELETE FROM audit_things WHERE seq > 390")
        connection.exec_driver_sql("DELETE FROM audit_entries WHERE seq > 390")
    assert audit.verify() is None
    assert audit.verify_heads() == Broken(391, "entry 391 is missing, and a head was signed over it")


def test_what_was_changed_is_neither_signed_nor_proved(sealed):
    rewrite_from(390)
    head = audit.find_newest_head()
    assert audit.prove(395, head) is None
    assert audit.prove(391, head) is None
    with pytest.raises(SealRefused, match="the first 400 entries are not those that were signed"):
        audit.seal_when_due(NOW + 2 * DAY)


def test_what_does_not_fit_the_chain_is_not_signed(sealed):
    change("UPDATE audit_entries SET actor_id = 8 WHERE seq = 405")
    with pytest.raises(SealRefused, match="entry 405 does not fit the chain"):
        audit.seal_when_due(NOW + 2 * DAY)


def test_without_its_nodes_nothing_is_proved_or_signed(sealed):
    change("DELETE FROM audit_nodes WHERE level = 8 AND position = 0")
    assert audit.prove(390, audit.find_newest_head()) is None
    with pytest.raises(SealRefused, match="is gone"):
        audit.seal_when_due(NOW + 2 * DAY)


REFUSED = [
    "UPDATE {table} SET {column} = {column}",
    "DELETE FROM {table}",
]


@pytest.mark.parametrize(
    ("table", "column"), [("audit_heads", "root"), ("audit_nodes", "hash"), ("audit_keys", "public_pem")]
)
def test_the_database_refuses_every_change_of_what_was_sealed(sealed, table, column):
    db.session.rollback()
    more = [f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"]
    if db.engine.dialect.name == "postgresql":
        more = [f"TRUNCATE {table} CASCADE"]
    for statement in [*REFUSED, *more]:
        with (
            db.engine.connect().execution_options(**{WRITES: True}) as connection,
            pytest.raises(DatabaseError, match="append-only"),
        ):
            connection.execute(text(statement.format(table=table, column=column)))
    assert audit.verify_heads() is None


# Keys


def test_a_key_is_published_once_and_stays_so_after_the_next(sealed, make_app, tmp_path):
    (first,) = db.session.scalars(select(AuditKey)).all()
    assert first.public_pem.startswith("-----BEGIN PUBLIC KEY-----")
    other = make_app(evidence_key=tmp_path / "other.pem")
    with other.app_context():
        audit.make_key(tmp_path / "other.pem")
        seal(NOW + 2 * DAY)
        assert [row.id == first.id for row in audit.list_keys()] == [False, True]
        assert audit.verify_heads() is None
        added = audit.list_entries(tag="audit.key_added").entries
        assert [entry.facts["key"] == first.id for entry in added] == [False, True]


def test_in_production_a_key_that_is_missing_is_named_with_how_to_make_it(app, make_app, tmp_path):
    missing = make_app(evidence_key=tmp_path / "gone.pem")
    with missing.app_context():
        note(Happened(1))
        with pytest.raises(KeyMissing, match=r"gone\.pem.*flask --app wsgi evidence key"):
            audit.seal_when_due(NOW)
        ran = missing.test_cli_runner().invoke(args=["worker", "--once"])
    assert ran.exit_code == 1
    assert "flask --app wsgi evidence key" in ran.output
    assert not (tmp_path / "gone.pem").exists()


@pytest.mark.parametrize("content", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_file_that_is_no_key_is_named(app, make_app, tmp_path, content):
    (tmp_path / "odd.pem").write_bytes(content)
    with make_app(evidence_key=tmp_path / "odd.pem").app_context(), pytest.raises(KeyMissing, match=r"odd\.pem"):
        audit.read_key()


def test_the_demo_makes_its_own_key_for_its_owner_only(app, make_app, tmp_path):
    file = tmp_path / "keys" / "evidence.pem"
    with make_app(env="demo", evidence_key=file).app_context():
        made = audit.read_key()
        assert audit.read_key().id == made.id
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["evidence.pem"]


def test_the_command_makes_a_key_and_never_a_second_over_it(app, make_app, tmp_path):
    file = tmp_path / "keys" / "evidence.pem"
    without = make_app(evidence_key=file)
    with without.app_context():
        made = without.test_cli_runner().invoke(args=["evidence", "key"])
        assert made.exit_code == 0, made.output
        assert "-----BEGIN PUBLIC KEY-----" in made.output
        kept = file.read_bytes()
        again = without.test_cli_runner().invoke(args=["evidence", "key"])
    assert (again.exit_code, file.read_bytes()) == (1, kept)
    assert "There is a key at" in again.output


def test_a_head_is_not_stored_twice_by_whoever_was_slower(app, monkeypatch):
    note(Happened(1))
    read = audit.sealing.find_newest_head
    seen = [None]
    monkeypatch.setattr(audit.sealing, "find_newest_head", lambda: seen.pop() if seen else Head(9, "", NOW, ""))
    assert audit.seal_when_due(NOW) == 0
    assert read() is None
    assert db.session.scalar(select(func.count()).select_from(AuditHead)) == 0


def test_sealing_takes_no_part_in_what_writes_an_entry(app, count_queries):
    fill(10)
    seal()
    with count_queries() as queries, transaction():
        audit.record(Happened(1), actor=SOMEBODY, at=NOW)
    assert not [query for query in queries if any(name in query for name in ("audit_heads", "audit_nodes"))]
