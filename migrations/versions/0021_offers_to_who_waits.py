"""seats that are held for who waits, and waiting with several people"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Columns are added without rebuilding the tables: other tables refer to their rows.
    op.add_column("waiting_list_entries", sa.Column("people", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("waiting_list_entries", sa.Column("together", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column(
        "waiting_list_entries", sa.Column("ended_by", sa.String(length=12), nullable=False, server_default="")
    )
    op.execute("UPDATE waiting_list_entries SET ended_by = 'left' WHERE left_at IS NOT NULL")
    op.create_table(
        "waiting_list_offers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["waiting_list_entries.id"], name=op.f("fk_waiting_list_offers_entry_id_waiting_list_entries")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_list_offers")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_waiting_list_offers_token_hash")),
    )
    op.create_index("ix_waiting_list_offers_entry_id", "waiting_list_offers", ["entry_id"])
    op.create_index("ix_waiting_list_offers_due", "waiting_list_offers", ["state", "expires_at"])
    op.create_index(
        "uq_waiting_list_offers_open",
        "waiting_list_offers",
        ["entry_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    with op.batch_alter_table("seat_holds") as batch_op:
        batch_op.add_column(sa.Column("offer_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_seat_holds_offer_id_waiting_list_offers"), "waiting_list_offers", ["offer_id"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_seat_holds_offer_id"), ["offer_id"])


def downgrade() -> None:
    op.execute("DELETE FROM seat_holds WHERE offer_id IS NOT NULL")
    with op.batch_alter_table("seat_holds") as batch_op:
        batch_op.drop_index(batch_op.f("ix_seat_holds_offer_id"))
        batch_op.drop_constraint(batch_op.f("fk_seat_holds_offer_id_waiting_list_offers"), type_="foreignkey")
        batch_op.drop_column("offer_id")
    op.drop_table("waiting_list_offers")
    for column in ("ended_by", "together", "people"):
        op.drop_column("waiting_list_entries", column)
