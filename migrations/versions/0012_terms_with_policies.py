"""What the terms say in numbers, as data with each version; how an enrolment ended, what that costs, and which one it
goes on from."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# What the text of the first version says: free through 28 days before, half through 14, then all; 14 days to think
# again. It says nothing of moving and substitutes, which were not offered: both cost less than cancelling would.
FIRST = {
    "cancelling": [[28, 0], [14, 50], [0, 100]],
    "moving": [[14, 0], [0, 25]],
    "substitute_days": 0,
    "withdrawal_days": 14,
}


def upgrade() -> None:
    _terms()
    with op.batch_alter_table("enrolments") as batch:
        batch.add_column(sa.Column("contracted_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("replaces_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("ended_by", sa.String(length=20), nullable=True))
        batch.add_column(sa.Column("cost_cents", sa.Integer(), nullable=True))
    op.execute("UPDATE enrolments SET contracted_at = enrolled_at")
    _endings()
    with op.batch_alter_table("enrolments") as batch:
        batch.alter_column("contracted_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch.create_foreign_key(op.f("fk_enrolments_replaces_id_enrolments"), "enrolments", ["replaces_id"], ["id"])
        batch.create_unique_constraint(op.f("uq_enrolments_replaces_id"), ["replaces_id"])


def _terms() -> None:
    with op.batch_alter_table("terms_versions") as batch:
        batch.add_column(sa.Column("policies", sa.JSON(), nullable=True))
    versions = sa.table("terms_versions", sa.column("policies", sa.JSON))
    op.execute(versions.update().values(policies=FIRST))
    with op.batch_alter_table("terms_versions") as batch:
        batch.alter_column("policies", existing_type=sa.JSON(), nullable=False)


def _endings() -> None:
    """Of what was cancelled before: whether with its edition (at the same instant), and the cost that the log noted."""
    op.execute("UPDATE enrolments SET ended_by = 'cancelled', cost_cents = 0 WHERE state = 'cancelled'")
    op.execute(
        "UPDATE enrolments SET ended_by = 'edition_cancelled' WHERE state = 'cancelled' AND EXISTS (SELECT 1 FROM editions"
        " WHERE editions.id = enrolments.edition_id AND editions.cancelled_at = enrolments.cancelled_at)"
    )
    enrolments = sa.table("enrolments", sa.column("id", sa.Integer), sa.column("cost_cents", sa.Integer))
    logged = sa.text("SELECT payload FROM audit_entries WHERE tag = 'enrolment.cancelled' ORDER BY seq")
    for (payload,) in op.get_bind().execute(logged).all():
        facts = json.loads(payload)
        if facts["cost_cents"]:
            ended = enrolments.update().where(enrolments.c.id == facts["enrolment_id"])
            op.execute(ended.values(cost_cents=facts["cost_cents"]))


def downgrade() -> None:
    with op.batch_alter_table("enrolments") as batch:
        batch.drop_constraint(op.f("uq_enrolments_replaces_id"), type_="unique")
        batch.drop_constraint(op.f("fk_enrolments_replaces_id_enrolments"), type_="foreignkey")
        for name in ("cost_cents", "ended_by", "replaces_id", "contracted_at"):
            batch.drop_column(name)
    with op.batch_alter_table("terms_versions") as batch:
        batch.drop_column("policies")
