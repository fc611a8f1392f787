"""Mails of one deed of the office, which wait together."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail_batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deed", sa.String(length=60), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("goes_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_batches")),
    )
    op.create_index(op.f("ix_mail_batches_edition_id"), "mail_batches", ["edition_id"])
    op.add_column("outgoing_mails", sa.Column("batch_id", sa.Integer(), nullable=True))
    op.create_index("ix_outgoing_mails_batch_id", "outgoing_mails", ["batch_id"])


def downgrade() -> None:
    op.drop_index("ix_outgoing_mails_batch_id", table_name="outgoing_mails")
    op.drop_column("outgoing_mails", "batch_id")
    op.drop_table("mail_batches")
