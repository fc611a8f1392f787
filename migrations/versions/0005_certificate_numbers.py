"""Count certificates per year, and let an edition have one batch of issuing at a time."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "certificate_years",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_serial", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_certificate_years")),
    )
    op.create_index(
        "uq_issue_runs_unfinished",
        "issue_runs",
        ["edition_id"],
        unique=True,
        sqlite_where=sa.text("state <> 'finished'"),
        postgresql_where=sa.text("state <> 'finished'"),
    )


def downgrade() -> None:
    op.drop_index("uq_issue_runs_unfinished", table_name="issue_runs")
    op.drop_table("certificate_years")
