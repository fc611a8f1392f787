"""who said at the door that they are there"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attendance_check_ins",
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name=op.f("fk_attendance_check_ins_seat_id_seats")),
        sa.PrimaryKeyConstraint("seat_id", name=op.f("pk_attendance_check_ins")),
    )


def downgrade() -> None:
    op.drop_table("attendance_check_ins")
