"""what phones send about who was there"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attendance_taps",
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=True),
        sa.Column("minutes_late", sa.Integer(), nullable=False),
        sa.Column("minutes_left_early", sa.Integer(), nullable=False),
        sa.Column("excuse", sa.Text(), nullable=False),
        sa.Column("preparation_done", sa.Boolean(), nullable=False),
        sa.Column("tapped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_attendance_taps_meeting_id_meetings")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_attendance_taps_person_id_persons")),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name=op.f("fk_attendance_taps_seat_id_seats")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_attendance_taps")),
    )
    op.create_index("ix_attendance_taps_meeting_id", "attendance_taps", ["meeting_id"])


def downgrade() -> None:
    op.drop_table("attendance_taps")
