"""Votes, reasons and questions of readers."""

import sqlalchemy as sa
from alembic import op

from portal import database

revision = "feedback_0001"
down_revision = None
branch_labels = ("feedback",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feedback_votes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("helpful", sa.Integer(), nullable=False),
        sa.Column("unhelpful", sa.Integer(), nullable=False),
        sa.CheckConstraint("helpful >= 0", name=op.f("ck_feedback_votes_helpful")),
        sa.CheckConstraint("unhelpful >= 0", name=op.f("ck_feedback_votes_unhelpful")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_votes")),
        sa.UniqueConstraint("page", "language", "day", name=op.f("uq_feedback_votes_page")),
    )
    op.create_index(op.f("ix_feedback_votes_day"), "feedback_votes", ["day"], unique=False)
    op.create_table(
        "feedback_reasons",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_token", sa.String(length=64), nullable=False),
        sa.Column("page", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_reasons")),
        sa.UniqueConstraint("form_token", name=op.f("uq_feedback_reasons_form_token")),
    )
    op.create_index(op.f("ix_feedback_reasons_day"), "feedback_reasons", ["day"], unique=False)
    op.create_index(op.f("ix_feedback_reasons_page"), "feedback_reasons", ["page"], unique=False)
    op.create_table(
        "feedback_questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_token", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("page", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("contact", sa.String(length=254), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("draft", sa.String(length=120), nullable=False),
        sa.Column("created_at", database.Instant(timezone=True), nullable=False),
        sa.Column("changed_at", database.Instant(timezone=True), nullable=False),
        sa.Column("emptied_at", database.Instant(timezone=True), nullable=True),
        sa.Column("scrubbed_at", database.Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_questions")),
        sa.UniqueConstraint("form_token", name=op.f("uq_feedback_questions_form_token")),
    )
    op.create_index(op.f("ix_feedback_questions_state"), "feedback_questions", ["state"], unique=False)


def downgrade() -> None:
    for table in ("feedback_questions", "feedback_reasons", "feedback_votes"):
        op.drop_table(table)
