"""Files that wait for a second reader.

What the content holds already counts as approved: it has no row here, and the page of such a file says that it was
taken over from before uploads were looked at by a second person.
"""

import sqlalchemy as sa
from alembic import op

from portal import database

revision = "media_0001"
down_revision = None
branch_labels = ("media",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "media_proposal",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("media_id", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=10), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("base", sa.String(length=64), nullable=False),
        sa.Column("author", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reviewer", sa.String(length=36), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("created_at", database.Instant(timezone=True), nullable=False),
        sa.Column("decided_at", database.Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_proposal")),
    )
    for name in ("media_id", "state", "created_at"):
        op.create_index(op.f(f"ix_media_proposal_{name}"), "media_proposal", [name], unique=False)
    waits = sa.text("state = 'waiting'")
    op.create_index(
        "uq_media_proposal_waiting",
        "media_proposal",
        ["media_id"],
        unique=True,
        sqlite_where=waits,
        postgresql_where=waits,
    )


def downgrade() -> None:
    op.drop_table("media_proposal")
