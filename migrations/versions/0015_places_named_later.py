"""Places that are reserved without a name, and the seats that are held for them."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "seat_holds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_seat_holds_meeting_id_meetings")),
        sa.ForeignKeyConstraint(
            ["place_id"], ["reserved_places.id"], name=op.f("fk_seat_holds_place_id_reserved_places")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_holds")),
    )
    op.create_index(op.f("ix_seat_holds_meeting_id"), "seat_holds", ["meeting_id"])
    op.create_index(op.f("ix_seat_holds_place_id"), "seat_holds", ["place_id"])
    op.add_column("group_bookings", sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_group_bookings_next_due_at"), "group_bookings", ["next_due_at"])
    op.add_column("reserved_places", sa.Column("cost_cents", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("reserved_places") as places:
        places.drop_column("cost_cents")
    op.drop_index(op.f("ix_group_bookings_next_due_at"), table_name="group_bookings")
    with op.batch_alter_table("group_bookings") as bookings:
        bookings.drop_column("next_due_at")
    op.drop_table("seat_holds")
