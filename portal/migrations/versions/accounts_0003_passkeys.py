"""Passkeys of members of staff."""

import sqlalchemy as sa
from alembic import op

from portal import database

revision = "accounts_0003"
down_revision = "accounts_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts_passkey",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("staff", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("credential", sa.String(length=1400), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("added_at", database.Instant(timezone=True), nullable=False),
        sa.Column("used_at", database.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff"],
            ["accounts_staff.id"],
            name=op.f("fk_accounts_passkey_staff_accounts_staff"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_passkey")),
        sa.UniqueConstraint("credential", name=op.f("uq_accounts_passkey_credential")),
    )
    op.create_index(op.f("ix_accounts_passkey_staff"), "accounts_passkey", ["staff"], unique=False)


def downgrade() -> None:
    op.drop_table("accounts_passkey")
