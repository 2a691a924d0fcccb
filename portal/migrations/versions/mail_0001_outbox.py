"""The outbox."""

import sqlalchemy as sa
from alembic import op

from portal import database

revision = "mail_0001"
down_revision = None
branch_labels = ("mail",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("about", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("message_token", sa.String(length=40), nullable=False),
        sa.Column("recipient", sa.String(length=320), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("calendar", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", database.Instant(timezone=True), nullable=False),
        sa.Column("due_at", database.Instant(timezone=True), nullable=False),
        sa.Column("stale_at", database.Instant(timezone=True), nullable=True),
        sa.Column("claimed_until", database.Instant(timezone=True), nullable=True),
        sa.Column("sent_at", database.Instant(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.create_index(op.f("ix_outbox_about"), "outbox", ["about"], unique=False)
    op.create_index(op.f("ix_outbox_due_at"), "outbox", ["due_at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_outbox_due_at"), table_name="outbox")
    op.drop_index(op.f("ix_outbox_about"), table_name="outbox")
    op.drop_table("outbox")
