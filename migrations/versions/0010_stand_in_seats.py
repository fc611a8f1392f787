"""Let a seat stand in for another one: the same dagdeel, taken in another edition."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # In this form both databases add the column in place.
    op.execute(
        "ALTER TABLE seats ADD COLUMN instead_of_id INTEGER"
        " CONSTRAINT fk_seats_instead_of_id_seats REFERENCES seats (id)"
    )
    op.create_index(
        "uq_seats_stand_in",
        "seats",
        ["instead_of_id"],
        unique=True,
        sqlite_where=sa.text("released_at IS NULL"),
        postgresql_where=sa.text("released_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("uq_seats_stand_in", table_name="seats")
    with op.batch_alter_table("seats") as batch:
        batch.drop_column("instead_of_id")
