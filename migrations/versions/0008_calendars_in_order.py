"""Find in one look whether an earlier calendar for the same person is still to go."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_outgoing_mails_calendars",
        "outgoing_mails",
        ["person_id", "state", "id"],
        sqlite_where=sa.text("calendar_method IS NOT NULL"),
        postgresql_where=sa.text("calendar_method IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_outgoing_mails_calendars", table_name="outgoing_mails")
