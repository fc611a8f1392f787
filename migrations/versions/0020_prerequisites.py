"""What a course asks first, in alternatives of conditions.

{"completed": slug, "conferences": n} becomes {"any": [[{"completed": slug}, {"at_least": n, "of": "conferences"}]]}."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

courses = sa.table("courses", sa.column("id", sa.Integer()), sa.column("requires", sa.JSON()))
Requires = dict[str, Any]


def upgrade() -> None:
    _rewrite(_in_alternatives)


def downgrade() -> None:
    _rewrite(_plain)


def _rewrite(as_it_becomes: Callable[[Requires], Requires]) -> None:
    connection = op.get_bind()
    for row in connection.execute(sa.select(courses.c.id, courses.c.requires)).all():
        becomes = as_it_becomes(row.requires or {})
        if becomes != row.requires:
            connection.execute(sa.update(courses).where(courses.c.id == row.id).values(requires=becomes))


def _in_alternatives(requires: Requires) -> Requires:
    if "any" in requires:
        return requires
    conditions: list[Requires] = []
    if requires.get("completed"):
        conditions.append({"completed": requires["completed"]})
    if requires.get("conferences"):
        conditions.append({"at_least": requires["conferences"], "of": "conferences"})
    return {"any": [conditions]} if conditions else {}


def _plain(requires: Requires) -> Requires:
    """The first alternative, of which the old form knows one course and a number of conferences; the rest is lost."""
    plain: Requires = {}
    for condition in requires.get("any", [[]])[0]:
        if "completed" in condition:
            plain.setdefault("completed", condition["completed"])
        elif condition.get("of") == "conferences":
            plain.setdefault("conferences", condition["at_least"])
    return plain
