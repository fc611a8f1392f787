"""reports of meeting programs, and the times that they keep as evidence"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attendance_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("visits", sa.JSON(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("is_kept", sa.Boolean(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=False),
        sa.Column("taken_over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_over_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_attendance_reports_meeting_id_meetings")
        ),
        sa.ForeignKeyConstraint(["sent_by_id"], ["persons.id"], name=op.f("fk_attendance_reports_sent_by_id_persons")),
        sa.ForeignKeyConstraint(
            ["taken_over_by_id"], ["persons.id"], name=op.f("fk_attendance_reports_taken_over_by_id_persons")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_reports")),
        sa.UniqueConstraint("meeting_id", "digest", name=op.f("uq_attendance_reports_meeting_id_digest")),
    )
    op.create_index("ix_attendance_reports_sent_at", "attendance_reports", ["sent_at"])
    op.create_table(
        "presence_intervals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["attendance_reports.id"], name=op.f("fk_presence_intervals_report_id_attendance_reports")
        ),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name=op.f("fk_presence_intervals_seat_id_seats")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presence_intervals")),
        sa.UniqueConstraint(
            "report_id", "seat_id", "from_at", name=op.f("uq_presence_intervals_report_id_seat_id_from_at")
        ),
    )
    op.create_index(op.f("ix_presence_intervals_seat_id"), "presence_intervals", ["seat_id"])


def downgrade() -> None:
    op.drop_table("presence_intervals")
    op.drop_table("attendance_reports")
