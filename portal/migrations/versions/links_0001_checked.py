"""Outside links and what the last look found."""

import sqlalchemy as sa
from alembic import op

from portal import database

revision = "links_0001"
down_revision = None
branch_labels = ("links",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "links_checked",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=1000), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("location", sa.String(length=300), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_since", database.Instant(timezone=True), nullable=True),
        sa.Column("checked_at", database.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links_checked")),
        sa.UniqueConstraint("address", name=op.f("uq_links_checked_address")),
    )
    op.create_index(op.f("ix_links_checked_state"), "links_checked", ["state"], unique=False)
    op.create_index(op.f("ix_links_checked_checked_at"), "links_checked", ["checked_at"], unique=False)


def downgrade() -> None:
    op.drop_table("links_checked")
