"""What was searched, as counts per day."""

import sqlalchemy as sa
from alembic import op

revision = "search_0001"
down_revision = None
branch_labels = ("search",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_counts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("query", sa.String(length=100), nullable=False),
        sa.Column("tier", sa.String(length=10), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_counts")),
        sa.UniqueConstraint("day", "language", "query", "tier", name=op.f("uq_search_counts_day")),
    )
    op.create_index(op.f("ix_search_counts_day"), "search_counts", ["day"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_search_counts_day"), table_name="search_counts")
    op.drop_table("search_counts")
