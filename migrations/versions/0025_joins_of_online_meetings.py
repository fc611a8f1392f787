"""who went into an online meeting by their own link, and when"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meeting_joins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name=op.f("fk_meeting_joins_seat_id_seats")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_joins")),
    )
    op.create_index(op.f("ix_meeting_joins_seat_id"), "meeting_joins", ["seat_id"])


def downgrade() -> None:
    op.drop_table("meeting_joins")
