"""Sign lists with a hash, and keep amendments for ever in a table of their own.

What was amended before is taken over from the log, with its reason where that was not erased. Since when and by whom
the mark stood that was amended, the log does not tell in one place: that stays empty. A list that was finished before
has no hash: what was signed then cannot be known now.

A later migration that alters attendance_amendments in batch mode drops its triggers: it must call `create_triggers()`
of this file again."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

# All but the reason, which may be emptied when a person is erased.
FIXED = (
    "id, meeting_id, seat_id, was_status, was_minutes_late, was_minutes_left_early, was_preparation_done, "
    "was_marked_at, was_marked_by_id, status, minutes_late, minutes_left_early, preparation_done, amended_at, "
    "amended_by_id"
)
REFUSED = "amendments are append-only"
SQLITE = (
    f"""CREATE TRIGGER attendance_amendments_no_update BEFORE UPDATE OF {FIXED} ON attendance_amendments
       BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
    f"""CREATE TRIGGER attendance_amendments_no_other_reason BEFORE UPDATE OF reason ON attendance_amendments
       WHEN NEW.reason <> '' BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
    f"""CREATE TRIGGER attendance_amendments_no_delete BEFORE DELETE ON attendance_amendments
       BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
    # INSERT OR REPLACE deletes without firing the trigger above, unless recursive_triggers is on.
    f"""CREATE TRIGGER attendance_amendments_no_replace BEFORE INSERT ON attendance_amendments
       WHEN EXISTS (SELECT 1 FROM attendance_amendments WHERE id = NEW.id)
       BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
)
POSTGRESQL = (
    f"""CREATE FUNCTION attendance_amendments_refuse() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$""",
    f"""CREATE TRIGGER attendance_amendments_no_change
       BEFORE UPDATE OF {FIXED} OR DELETE OR TRUNCATE ON attendance_amendments
       FOR EACH STATEMENT EXECUTE FUNCTION attendance_amendments_refuse()""",
    """CREATE TRIGGER attendance_amendments_no_other_reason BEFORE UPDATE OF reason ON attendance_amendments
       FOR EACH ROW WHEN (NEW.reason <> '') EXECUTE FUNCTION attendance_amendments_refuse()""",
)


def create_triggers() -> None:
    """On the database at hand."""
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def upgrade() -> None:
    op.add_column("attendance_sheets", sa.Column("sha256", sa.String(length=64), nullable=True))
    op.create_table(
        "attendance_amendments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("was_status", sa.String(length=12), nullable=True),
        sa.Column("was_minutes_late", sa.Integer(), nullable=False),
        sa.Column("was_minutes_left_early", sa.Integer(), nullable=False),
        sa.Column("was_preparation_done", sa.Boolean(), nullable=False),
        sa.Column("was_marked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("was_marked_by_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("minutes_late", sa.Integer(), nullable=False),
        sa.Column("minutes_left_early", sa.Integer(), nullable=False),
        sa.Column("preparation_done", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("amended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amended_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["amended_by_id"], ["persons.id"], name=op.f("fk_attendance_amendments_amended_by_id_persons")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_attendance_amendments_meeting_id_meetings")
        ),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name=op.f("fk_attendance_amendments_seat_id_seats")),
        sa.ForeignKeyConstraint(
            ["was_marked_by_id"], ["persons.id"], name=op.f("fk_attendance_amendments_was_marked_by_id_persons")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_amendments")),
    )
    op.create_index("ix_attendance_amendments_meeting_id", "attendance_amendments", ["meeting_id"])
    op.create_index("ix_attendance_amendments_seat_id", "attendance_amendments", ["seat_id"])
    take_over_from_the_log()
    create_triggers()


def take_over_from_the_log() -> None:
    connection = op.get_bind()
    found = sa.MetaData()
    found.reflect(connection, only=("audit_entries", "audit_secrets", "seats", "attendances", "attendance_amendments"))
    entries, secrets = found.tables["audit_entries"], found.tables["audit_secrets"]
    seats, marks, amendments = (found.tables[name] for name in ("seats", "attendances", "attendance_amendments"))
    told = (
        sa.select(entries.c.happened_at, entries.c.actor_id, entries.c.payload, secrets.c.text)
        .outerjoin(secrets, (secrets.c.seq == entries.c.seq) & (secrets.c.field == "reason"))
        .where(entries.c.tag == "attendance.amended")
        .order_by(entries.c.seq)
    )
    for entry in connection.execute(told).all():
        facts = json.loads(entry.payload)
        seat_id = connection.scalar(
            sa.select(sa.func.max(seats.c.id))
            .join(marks, marks.c.seat_id == seats.c.id)
            .where(seats.c.enrolment_id == facts["enrolment_id"], seats.c.meeting_id == facts["meeting_id"])
        )
        if seat_id is None:
            continue
        status, *after = in_parts(facts["after"])
        was_status, *before = in_parts(facts["before"])
        names = ("minutes_late", "minutes_left_early", "preparation_done")
        row = {
            "meeting_id": facts["meeting_id"],
            "seat_id": seat_id,
            "was_status": None if was_status == "open" else was_status,
            **{f"was_{name}": value for name, value in zip(names, before, strict=True)},
            "status": status,
            **dict(zip(names, after, strict=True)),
            "reason": entry.text or "",
            "amended_at": entry.happened_at,
            "amended_by_id": entry.actor_id,
        }
        connection.execute(amendments.insert().values(row))


def in_parts(mark: str) -> tuple[str, int, int, bool]:
    """'late/10/0/prepared' as the log writes it."""
    status, late, left_early, prepared = mark.split("/")
    return status, int(late), int(left_early), prepared == "prepared"


def downgrade() -> None:
    op.drop_table("attendance_amendments")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION attendance_amendments_refuse()")
    op.drop_column("attendance_sheets", "sha256")
