"""What cancelling costs at the least, once an enrolment was moved while cancelling cost that."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Added in place: other tables refer to these rows.
    op.add_column("enrolments", sa.Column("least_percent", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("enrolments", "least_percent")
