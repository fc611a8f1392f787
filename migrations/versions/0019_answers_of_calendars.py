"""Read what calendar programs answer: the answers and the questions they became, and how far the mailbox was read."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

OPEN = sa.text("asked_at IS NOT NULL AND answered_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "calendar_replies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=False),
        sa.Column("message_key", sa.String(64), nullable=False),
        sa.Column("partstat", sa.String(12), nullable=False),
        sa.Column("other_address", sa.Boolean(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(12), nullable=True),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["calendar_invitations.id"],
            name=op.f("fk_calendar_replies_invitation_id_calendar_invitations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_replies")),
        sa.UniqueConstraint("message_key", "invitation_id", name=op.f("uq_calendar_replies_message_key_invitation_id")),
    )
    op.create_index(op.f("ix_calendar_replies_invitation_id"), "calendar_replies", ["invitation_id"])
    op.create_index(
        "uq_calendar_replies_open",
        "calendar_replies",
        ["invitation_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_table(
        "reply_readings",
        sa.Column("account", sa.String(300), nullable=False),
        sa.Column("uid_validity", sa.String(20), nullable=False),
        sa.Column("last_uid", sa.BigInteger(), nullable=False),
        sa.Column("next_look_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(300), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("others", sa.Integer(), nullable=False),
        sa.Column("unreadable", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_reply_readings")),
    )


def downgrade() -> None:
    op.drop_table("reply_readings")
    op.drop_index("uq_calendar_replies_open", "calendar_replies")
    op.drop_index(op.f("ix_calendar_replies_invitation_id"), "calendar_replies")
    op.drop_table("calendar_replies")
