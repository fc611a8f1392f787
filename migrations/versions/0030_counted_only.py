"""editions of which the people are counted only, and their numbers"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("editions") as editions:
        editions.add_column(sa.Column("counted_only", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "head_counts",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("people BETWEEN 0 AND 500", name=op.f("ck_head_counts_people")),
        sa.ForeignKeyConstraint(["counted_by_id"], ["persons.id"], name=op.f("fk_head_counts_counted_by_id_persons")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_head_counts_meeting_id_meetings")),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_head_counts")),
    )


def downgrade() -> None:
    op.drop_table("head_counts")
    with op.batch_alter_table("editions") as editions:
        editions.drop_column("counted_only")
