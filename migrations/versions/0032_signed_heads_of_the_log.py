"""Keep the signed heads of the log, the tree below them and the keys that signed, append-only as the log itself.

A later migration that alters one of these tables in batch mode drops its triggers: it must call `create_triggers()` of
this file again."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

REFUSED = "the heads of the audit log are append-only"
# By table its primary key.
TABLES = {
    "audit_keys": ("id",),
    "audit_heads": ("id",),
    "audit_nodes": ("level", "position"),
}


def sqlite_triggers(table: str) -> tuple[str, ...]:
    same = " AND ".join(f"{name} = NEW.{name}" for name in TABLES[table])
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    return (
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
        # INSERT OR REPLACE deletes without firing the trigger above, unless recursive_triggers is on.
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) {refuse}",
    )


def create_triggers() -> None:
    """On the database at hand."""
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    if not on_sqlite:
        op.execute(
            f"""CREATE FUNCTION audit_heads_refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$"""
        )
    for table in TABLES:
        if on_sqlite:
            for statement in sqlite_triggers(table):
                op.execute(statement)
        else:
            op.execute(
                f"""CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION audit_heads_refuse()"""
            )


def upgrade() -> None:
    op.create_table(
        "audit_keys",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("public_pem", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_keys")),
    )
    op.create_table(
        "audit_heads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["audit_keys.id"], name=op.f("fk_audit_heads_key_id_audit_keys")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_heads")),
    )
    op.create_index("ix_audit_heads_size", "audit_heads", ["size"])
    op.create_table(
        "audit_nodes",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("level", "position", name=op.f("pk_audit_nodes")),
    )
    create_triggers()


def downgrade() -> None:
    for table in ("audit_nodes", "audit_heads", "audit_keys"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_heads_refuse()")
