"""photos of the list on paper, and what it says beside the digital one"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paper_photos",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("jpeg", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["added_by_id"], ["persons.id"], name=op.f("fk_paper_photos_added_by_id_persons")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_paper_photos_meeting_id_meetings")),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["persons.id"], name=op.f("fk_paper_photos_withdrawn_by_id_persons")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_photos")),
    )
    op.create_index("ix_paper_photos_meeting_id", "paper_photos", ["meeting_id"])
    op.create_table(
        "paper_checks",
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("compared_with", sa.String(length=16), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["checked_by_id"], ["persons.id"], name=op.f("fk_paper_checks_checked_by_id_persons")),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name=op.f("fk_paper_checks_seat_id_seats")),
        sa.PrimaryKeyConstraint("seat_id", name=op.f("pk_paper_checks")),
    )
    op.create_table(
        "paper_extras",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("people >= 0", name=op.f("ck_paper_extras_people")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_paper_extras_meeting_id_meetings")),
        sa.ForeignKeyConstraint(["noted_by_id"], ["persons.id"], name=op.f("fk_paper_extras_noted_by_id_persons")),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_paper_extras")),
    )


def downgrade() -> None:
    op.drop_table("paper_extras")
    op.drop_table("paper_checks")
    op.drop_table("paper_photos")
