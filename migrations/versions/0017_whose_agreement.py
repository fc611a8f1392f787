"""Whose agreement an enrolment is: who takes over a place takes over no costs."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("enrolments") as batch:
        batch.add_column(sa.Column("contracted_by_id", sa.Integer(), nullable=True))
    op.execute("UPDATE enrolments SET contracted_by_id = person_id")
    with op.batch_alter_table("enrolments") as batch:
        batch.alter_column("contracted_by_id", existing_type=sa.Integer(), nullable=False)
        batch.create_foreign_key(
            op.f("fk_enrolments_contracted_by_id_persons"), "persons", ["contracted_by_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("enrolments") as batch:
        batch.drop_constraint(op.f("fk_enrolments_contracted_by_id_persons"), type_="foreignkey")
        batch.drop_column("contracted_by_id")
