"""Groups of people who are enrolled together, and drafts of them."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

Instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "group_bookings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("employer", sa.String(length=200), nullable=False),
        sa.Column("module_ids", sa.JSON(), nullable=True),
        sa.Column("order_reference", sa.String(length=60), nullable=False),
        sa.Column("terms_version_id", sa.Integer(), nullable=False),
        sa.Column("price_cents", sa.Integer(), nullable=False),
        sa.Column("booked_at", Instant, nullable=False),
        sa.Column("name_until", Instant, nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_group_bookings_edition_id_editions")),
        sa.ForeignKeyConstraint(["contact_id"], ["persons.id"], name=op.f("fk_group_bookings_contact_id_persons")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_group_bookings_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["terms_version_id"], ["terms_versions.id"], name=op.f("fk_group_bookings_terms_version_id_terms_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_bookings")),
    )
    for column in ("edition_id", "contact_id", "organisation_id"):
        op.create_index(op.f(f"ix_group_bookings_{column}"), "group_bookings", [column])
    op.create_table(
        "group_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_group_drafts_edition_id_editions")),
        sa.ForeignKeyConstraint(["owner_id"], ["persons.id"], name=op.f("fk_group_drafts_owner_id_persons")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["group_bookings.id"], name=op.f("fk_group_drafts_group_id_group_bookings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_drafts")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_group_drafts_token_hash")),
    )
    op.create_table(
        "reserved_places",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=True),
        sa.Column("fill_token_hash", sa.String(length=64), nullable=True),
        sa.Column("named_at", Instant, nullable=True),
        sa.Column("released_at", Instant, nullable=True),
        sa.ForeignKeyConstraint(
            ["group_id"], ["group_bookings.id"], name=op.f("fk_reserved_places_group_id_group_bookings")
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name=op.f("fk_reserved_places_enrolment_id_enrolments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reserved_places")),
        sa.UniqueConstraint("enrolment_id", name=op.f("uq_reserved_places_enrolment_id")),
        sa.UniqueConstraint("fill_token_hash", name=op.f("uq_reserved_places_fill_token_hash")),
    )
    op.create_index(op.f("ix_reserved_places_group_id"), "reserved_places", ["group_id"])


def downgrade() -> None:
    op.drop_table("reserved_places")
    op.drop_table("group_drafts")
    op.drop_table("group_bookings")
