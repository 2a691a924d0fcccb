"""The language of a person's mail, a first password that was used, the kind of device of a session, notices."""

import sqlalchemy as sa
from alembic import op

from portal import database

revision = "accounts_0002"
down_revision = "accounts_0001"
branch_labels = None
depends_on = None

COLUMNS = (
    ("accounts_staff", "language", sa.String(length=10), ""),
    ("accounts_staff", "first_password_used", sa.Boolean(), sa.false()),
    ("accounts_session", "device", sa.String(length=20), ""),
)


def upgrade() -> None:
    for table, name, kind, default in COLUMNS:
        op.add_column(table, sa.Column(name, kind, nullable=False, server_default=default))
    op.create_table(
        "accounts_notice",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("staff", sa.String(length=32), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=False),
        sa.Column("made_at", database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff"],
            ["accounts_staff.id"],
            name=op.f("fk_accounts_notice_staff_accounts_staff"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_notice")),
    )
    op.create_index(op.f("ix_accounts_notice_staff"), "accounts_notice", ["staff"], unique=False)


def downgrade() -> None:
    op.drop_table("accounts_notice")
    for table, name, _kind, _default in reversed(COLUMNS):
        op.drop_column(table, name)
