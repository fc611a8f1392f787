"""hand-over to the registers"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "handover_reminders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("register_code", sa.String(length=20), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_handover_reminders_edition_id_editions")
        ),
        sa.ForeignKeyConstraint(
            ["register_code"], ["registers.code"], name=op.f("fk_handover_reminders_register_code_registers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_reminders")),
        sa.UniqueConstraint(
            "edition_id", "register_code", "days", name=op.f("uq_handover_reminders_edition_id_register_code_days")
        ),
    )
    op.create_table(
        "handovers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("register_code", sa.String(length=20), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("handed_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("fault", sa.String(length=20), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_handovers_edition_id_editions")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["persons.id"], name=op.f("fk_handovers_recorded_by_id_persons")),
        sa.ForeignKeyConstraint(
            ["register_code"], ["registers.code"], name=op.f("fk_handovers_register_code_registers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
    )
    with op.batch_alter_table("handovers", schema=None) as batch_op:
        batch_op.create_index("ix_handovers_edition_id_register_code", ["edition_id", "register_code"], unique=False)
        batch_op.create_index(
            "uq_handovers_unfinished",
            ["edition_id", "register_code"],
            unique=True,
            sqlite_where=sa.text("state <> 'finished'"),
            postgresql_where=sa.text("state <> 'finished'"),
        )

    op.create_table(
        "handover_rows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("handover_id", sa.Integer(), nullable=False),
        sa.Column("register_code", sa.String(length=20), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("module_id", sa.Integer(), nullable=True),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=20), server_default="", nullable=False),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("again", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("superseded", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name=op.f("fk_handover_rows_enrolment_id_enrolments")
        ),
        sa.ForeignKeyConstraint(["handover_id"], ["handovers.id"], name=op.f("fk_handover_rows_handover_id_handovers")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_handover_rows_meeting_id_meetings")),
        sa.ForeignKeyConstraint(["module_id"], ["modules.id"], name=op.f("fk_handover_rows_module_id_modules")),
        sa.ForeignKeyConstraint(
            ["register_code"], ["registers.code"], name=op.f("fk_handover_rows_register_code_registers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_rows")),
    )
    with op.batch_alter_table("handover_rows", schema=None) as batch_op:
        batch_op.create_index("ix_handover_rows_enrolment_id", ["enrolment_id"], unique=False)
        batch_op.create_index("ix_handover_rows_handover_id", ["handover_id"], unique=False)
        batch_op.create_index(
            "uq_handover_rows_edition",
            ["enrolment_id", "register_code"],
            unique=True,
            sqlite_where=sa.text("superseded = 0 AND module_id IS NULL"),
            postgresql_where=sa.text("NOT superseded AND module_id IS NULL"),
        )
        batch_op.create_index(
            "uq_handover_rows_module",
            ["enrolment_id", "register_code", "module_id"],
            unique=True,
            sqlite_where=sa.text("superseded = 0 AND module_id IS NOT NULL"),
            postgresql_where=sa.text("NOT superseded AND module_id IS NOT NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("handover_rows", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_handover_rows_module",
            sqlite_where=sa.text("superseded = 0 AND module_id IS NOT NULL"),
            postgresql_where=sa.text("NOT superseded AND module_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "uq_handover_rows_edition",
            sqlite_where=sa.text("superseded = 0 AND module_id IS NULL"),
            postgresql_where=sa.text("NOT superseded AND module_id IS NULL"),
        )
        batch_op.drop_index("ix_handover_rows_handover_id")
        batch_op.drop_index("ix_handover_rows_enrolment_id")

    op.drop_table("handover_rows")
    with op.batch_alter_table("handovers", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_handovers_unfinished",
            sqlite_where=sa.text("state <> 'finished'"),
            postgresql_where=sa.text("state <> 'finished'"),
        )
        batch_op.drop_index("ix_handovers_edition_id_register_code")

    op.drop_table("handovers")
    op.drop_table("handover_reminders")
