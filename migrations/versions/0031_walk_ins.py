"""who was added at the door, and what they say of it"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "walk_ins",
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["added_by_id"], ["persons.id"], name=op.f("fk_walk_ins_added_by_id_persons")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_walk_ins_enrolment_id_enrolments")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_walk_ins_meeting_id_meetings")),
        sa.PrimaryKeyConstraint("enrolment_id", name=op.f("pk_walk_ins")),
    )


def downgrade() -> None:
    op.drop_table("walk_ins")
