"""Find the seats of an enrolment without reading all seats: the unique index knows only those that are held."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_seats_enrolment_id", "seats", ["enrolment_id"])


def downgrade() -> None:
    op.drop_index("ix_seats_enrolment_id", table_name="seats")
