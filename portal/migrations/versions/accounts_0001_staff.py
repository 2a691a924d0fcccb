"""Staff, their roles, sessions and tries; the audit log, which the database only lets grow."""

import sqlalchemy as sa
from alembic import op

from portal import database

revision = "accounts_0001"
down_revision = None
branch_labels = ("accounts",)
depends_on = None

REFUSAL = "the audit log only grows"


def upgrade() -> None:
    op.create_table(
        "accounts_staff",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("password_changed_at", database.Instant(timezone=True), nullable=True),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("tf_primary_method", sa.String(length=20), nullable=True),
        sa.Column("tf_totp_secret", sa.Text(), nullable=True),
        sa.Column("tf_last_counter", sa.Integer(), nullable=True),
        sa.Column("mf_recovery_codes", sa.JSON(), nullable=False),
        sa.Column("created_at", database.Instant(timezone=True), nullable=False),
        sa.Column("signed_in_at", database.Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_staff")),
        sa.UniqueConstraint("email", name=op.f("uq_accounts_staff_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_accounts_staff_fs_uniquifier")),
    )
    op.create_table(
        "accounts_staff_role",
        sa.Column("staff", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff"],
            ["accounts_staff.id"],
            name=op.f("fk_accounts_staff_role_staff_accounts_staff"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("staff", "name", name=op.f("pk_accounts_staff_role")),
    )
    op.create_table(
        "accounts_session",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("staff", sa.String(length=32), nullable=False),
        sa.Column("began_at", database.Instant(timezone=True), nullable=False),
        sa.Column("seen_at", database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff"],
            ["accounts_staff.id"],
            name=op.f("fk_accounts_session_staff_accounts_staff"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_session")),
    )
    op.create_index(op.f("ix_accounts_session_staff"), "accounts_session", ["staff"], unique=False)
    op.create_index(op.f("ix_accounts_session_seen_at"), "accounts_session", ["seen_at"], unique=False)
    op.create_table(
        "accounts_attempt",
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", database.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_accounts_attempt")),
    )
    op.create_index(op.f("ix_accounts_attempt_last_at"), "accounts_attempt", ["last_at"], unique=False)
    op.create_table(
        "accounts_audit",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", database.Instant(timezone=True), nullable=False),
        sa.Column("who", sa.String(length=32), nullable=False),
        sa.Column("deed", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("network_class", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_audit")),
    )
    op.create_index("ix_accounts_audit_at", "accounts_audit", ["at"], unique=False)
    op.create_index("ix_accounts_audit_who", "accounts_audit", ["who"], unique=False)
    for statement in _guards(op.get_bind().dialect.name):
        op.execute(statement)


def _guards(dialect: str) -> list[str]:
    if dialect == "sqlite":
        made = [
            f"CREATE TRIGGER accounts_audit_{deed.lower()} BEFORE {deed} ON accounts_audit "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            for deed in ("UPDATE", "DELETE")
        ]
        # INSERT OR REPLACE deletes without asking the trigger of deletes.
        made.append(
            "CREATE TRIGGER accounts_audit_replace BEFORE INSERT ON accounts_audit "
            "WHEN EXISTS (SELECT 1 FROM accounts_audit WHERE id = NEW.id) "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
        return made
    return [
        "CREATE FUNCTION accounts_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$",
        "CREATE TRIGGER accounts_audit_change BEFORE UPDATE OR DELETE ON accounts_audit "
        "FOR EACH ROW EXECUTE FUNCTION accounts_audit_refuse()",
        "CREATE TRIGGER accounts_audit_truncate BEFORE TRUNCATE ON accounts_audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION accounts_audit_refuse()",
    ]


def downgrade() -> None:
    op.drop_table("accounts_audit")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION accounts_audit_refuse()")
    for table in ("accounts_attempt", "accounts_session", "accounts_staff_role", "accounts_staff"):
        op.drop_table(table)
