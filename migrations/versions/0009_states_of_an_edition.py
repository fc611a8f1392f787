"""When an edition without enough people is decided, and the states in which that is told apart.

What was online becomes what it is by now: given, over, sure or not yet sure."""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

editions = sa.table(
    "editions",
    sa.column("id", sa.Integer()),
    sa.column("state", sa.String(12)),
    sa.column("minimum", sa.Integer()),
    sa.column("starts_on", sa.Date()),
    sa.column("decide_on", sa.Date()),
)
meetings = sa.table(
    "meetings",
    sa.column("edition_id", sa.Integer()),
    sa.column("starts_at", sa.DateTime(timezone=True)),
    sa.column("ends_at", sa.DateTime(timezone=True)),
)
enrolments = sa.table("enrolments", sa.column("id"), sa.column("edition_id", sa.Integer()), sa.column("state"))
# What the office's policy begins with: two weeks before the first meeting.
TO_DECIDE = timedelta(days=14)


def upgrade() -> None:
    with op.batch_alter_table("editions") as batch:
        batch.add_column(sa.Column("decide_on", sa.Date(), nullable=True))
    of_this = sa.select(meetings.c.edition_id).where(meetings.c.edition_id == editions.c.id).correlate(editions)
    begun = sa.exists(of_this.where(meetings.c.starts_at <= sa.func.now()))
    to_come = sa.exists(of_this.where(meetings.c.ends_at > sa.func.now()))
    people = (
        sa.select(sa.func.count(enrolments.c.id))
        .where(enrolments.c.edition_id == editions.c.id, enrolments.c.state != "cancelled")
        .correlate(editions)
        .scalar_subquery()
    )
    of_now = sa.case(
        (begun & ~to_come, "finished"),
        (begun, "started"),
        (editions.c.minimum == 0, "published"),
        (people < editions.c.minimum, "tentative"),
        else_="confirmed",
    )
    op.execute(sa.update(editions).where(editions.c.state == "published").values(state=of_now))
    undecided = sa.select(editions.c.id, editions.c.starts_on).where(
        editions.c.state == "tentative", editions.c.starts_on.is_not(None)
    )
    for row in op.get_bind().execute(undecided).all():
        decided = sa.update(editions).where(editions.c.id == row.id)
        op.execute(decided.values(decide_on=row.starts_on - TO_DECIDE))


def downgrade() -> None:
    online = ("tentative", "confirmed", "started", "finished")
    op.execute(sa.update(editions).where(editions.c.state.in_(online)).values(state="published"))
    with op.batch_alter_table("editions") as batch:
        batch.drop_column("decide_on")
