"""what participants think of an edition"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evaluations",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False, server_default="0"),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_evaluations_edition_id_editions")),
        sa.PrimaryKeyConstraint("edition_id", name=op.f("pk_evaluations")),
    )
    op.create_index(op.f("ix_evaluations_closes_at"), "evaluations", ["closes_at"])
    op.create_table(
        "evaluation_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("used", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["evaluations.edition_id"], name=op.f("fk_evaluation_requests_edition_id_evaluations")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_evaluation_requests_person_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_requests")),
        sa.UniqueConstraint("edition_id", "person_id", name=op.f("uq_evaluation_requests_edition_id_person_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_evaluation_requests_token_hash")),
    )
    op.create_index(op.f("ix_evaluation_requests_person_id"), "evaluation_requests", ["person_id"])
    grades = ("content", "trainer", "place", "usefulness")
    op.create_table(
        "evaluation_answers",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        *[sa.Column(grade, sa.Integer(), nullable=False) for grade in grades],
        sa.Column("remark", sa.Text(), nullable=False, server_default=""),
        *[
            sa.CheckConstraint(f"{grade} BETWEEN 1 AND 10", name=op.f(f"ck_evaluation_answers_{grade}"))
            for grade in grades
        ],
        sa.ForeignKeyConstraint(
            ["edition_id"], ["evaluations.edition_id"], name=op.f("fk_evaluation_answers_edition_id_evaluations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_answers")),
        # In the order of its numbers, which chance drew: rows in the order in which they came would tell who was first.
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_evaluation_answers_edition_id"), "evaluation_answers", ["edition_id"])


def downgrade() -> None:
    op.drop_table("evaluation_answers")
    op.drop_table("evaluation_requests")
    op.drop_table("evaluations")
