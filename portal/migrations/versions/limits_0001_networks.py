"""Counts per network and their daily keys."""

import sqlalchemy as sa
from alembic import op

from portal import database

revision = "limits_0001"
down_revision = None
branch_labels = ("limits",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "network_counts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("network", sa.String(length=32), nullable=False),
        sa.Column("hour", database.Instant(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network_counts")),
        sa.UniqueConstraint("purpose", "network", "hour", name=op.f("uq_network_counts_purpose")),
    )
    op.create_index(op.f("ix_network_counts_hour"), "network_counts", ["hour"], unique=False)
    op.create_table(
        "network_keys",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_network_keys")),
    )


def downgrade() -> None:
    op.drop_table("network_keys")
    op.drop_index(op.f("ix_network_counts_hour"), table_name="network_counts")
    op.drop_table("network_counts")
