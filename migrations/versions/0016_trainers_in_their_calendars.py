"""Invite trainers too: say what somebody is invited as, and when an invitation last changed.

Trainers of what is online get an invitation without a mail, so that their feed keeps showing it and a change reaches
them."""

import uuid
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import sqlalchemy as sa
from alembic import op
from flask import current_app

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    now = datetime.now(UTC)
    connection = op.get_bind()
    stamp = now.replace(tzinfo=None) if connection.dialect.name == "sqlite" else now
    with op.batch_alter_table("calendar_invitations") as batch:
        batch.add_column(sa.Column("as_participant", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("as_trainer", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
    invitations = sa.table(
        "calendar_invitations",
        *[sa.column(name) for name in ("meeting_id", "person_id", "uid", "sequence")],
        sa.column("as_participant", sa.Boolean()),
        sa.column("as_trainer", sa.Boolean()),
        sa.column("changed_at", sa.DateTime(timezone=True)),
        sa.column("withdrawn_at", sa.DateTime(timezone=True)),
    )
    connection.execute(sa.update(invitations).values(changed_at=stamp))
    connection.execute(sa.update(invitations).where(invitations.c.withdrawn_at.is_(None)).values(as_participant=True))
    host = urlsplit(current_app.config["PORTAL"].base_url).hostname or "localhost"
    trainers = sa.table("meeting_trainers", sa.column("meeting_id"), sa.column("person_id"))
    meetings = sa.table(
        "meetings", sa.column("id"), sa.column("edition_id"), sa.column("ends_at", sa.DateTime(timezone=True))
    )
    editions = sa.table("editions", sa.column("id"), sa.column("state"))
    given = connection.execute(
        sa.select(trainers.c.meeting_id, trainers.c.person_id)
        .join(meetings, meetings.c.id == trainers.c.meeting_id)
        .join(editions, editions.c.id == meetings.c.edition_id)
        .where(editions.c.state.not_in(["draft", "cancelled"]), meetings.c.ends_at > stamp - timedelta(days=365))
    ).all()
    both = {(row.meeting_id, row.person_id) for row in connection.execute(sa.select(invitations))}
    for row in given:
        pair = (row.meeting_id, row.person_id)
        if pair in both:
            mine = (invitations.c.meeting_id == row.meeting_id, invitations.c.person_id == row.person_id)
            connection.execute(sa.update(invitations).where(*mine).values(as_trainer=True, withdrawn_at=None))
        else:
            values = {"uid": f"{uuid.uuid4()}@{host}", "sequence": 0, "as_participant": False, "as_trainer": True}
            connection.execute(
                sa.insert(invitations).values(
                    meeting_id=row.meeting_id, person_id=row.person_id, changed_at=stamp, **values
                )
            )
    with op.batch_alter_table("calendar_invitations") as batch:
        batch.alter_column("changed_at", nullable=False)
        batch.alter_column("as_participant", server_default=None)
        batch.alter_column("as_trainer", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("calendar_invitations") as batch:
        batch.drop_column("changed_at")
        batch.drop_column("as_trainer")
        batch.drop_column("as_participant")
