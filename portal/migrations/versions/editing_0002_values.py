"""Changes of reference values, and closings that can be undone."""

import sqlalchemy as sa
from alembic import op

from portal import database

revision = "editing_0002"
down_revision = "editing_0001"
branch_labels = None
depends_on = None

OPEN = sa.text("state IN ('writing', 'review', 'approved', 'publishing')")


def upgrade() -> None:
    op.create_table(
        "editing_value_change",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("record", sa.String(length=100), nullable=False),
        sa.Column("change", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(length=36), nullable=False),
        sa.Column("editor", sa.String(length=36), nullable=False),
        sa.Column("reviewer", sa.String(length=36), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.String(length=32), nullable=True),
        sa.Column("edited_at", database.Instant(timezone=True), nullable=False),
        sa.Column("created_at", database.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editing_value_change")),
    )
    op.create_index(op.f("ix_editing_value_change_state"), "editing_value_change", ["state"], unique=False)
    op.create_index(
        "uq_editing_value_change_open",
        "editing_value_change",
        ["reference", "record"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_table(
        "editing_closed_time",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("author", sa.String(length=36), nullable=False),
        sa.Column("starts", database.Instant(timezone=True), nullable=False),
        sa.Column("ends", database.Instant(timezone=True), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("revision", sa.String(length=32), nullable=False),
        sa.Column("undone", sa.String(length=32), nullable=False),
        sa.Column("created_at", database.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editing_closed_time")),
    )
    op.create_index(op.f("ix_editing_closed_time_created_at"), "editing_closed_time", ["created_at"], unique=False)


def downgrade() -> None:
    op.drop_table("editing_closed_time")
    op.drop_table("editing_value_change")
