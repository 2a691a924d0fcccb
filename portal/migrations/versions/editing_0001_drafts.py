"""Drafts, the talk about them, texts to merge, publications."""

import sqlalchemy as sa
from alembic import op

from portal import database

revision = "editing_0001"
down_revision = None
branch_labels = ("editing",)
depends_on = None

OPEN = sa.text("state IN ('writing', 'review', 'approved', 'publishing')")


def upgrade() -> None:
    op.create_table(
        "editing_draft",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("is_new", sa.Boolean(), nullable=False),
        sa.Column("base", sa.String(length=64), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("base_files", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(length=36), nullable=False),
        sa.Column("editor", sa.String(length=36), nullable=False),
        sa.Column("edited_at", database.Instant(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("publish_at", database.Instant(timezone=True), nullable=True),
        sa.Column("reviewer", sa.String(length=36), nullable=False),
        sa.Column("bypass_reason", sa.String(length=500), nullable=False),
        sa.Column("revision", sa.String(length=32), nullable=True),
        sa.Column("created_at", database.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editing_draft")),
    )
    op.create_index(op.f("ix_editing_draft_state"), "editing_draft", ["state"], unique=False)
    op.create_index(
        "uq_editing_draft_open",
        "editing_draft",
        ["kind", "slug"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_table(
        "editing_draft_version",
        sa.Column("draft", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft"], ["editing_draft.id"], name=op.f("fk_editing_draft_version_draft_editing_draft")
        ),
        sa.PrimaryKeyConstraint("draft", "version", name=op.f("pk_editing_draft_version")),
    )
    op.create_table(
        "editing_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft", sa.String(length=32), nullable=False),
        sa.Column("author", sa.String(length=36), nullable=False),
        sa.Column("at", database.Instant(timezone=True), nullable=False),
        sa.Column("field", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["draft"], ["editing_draft.id"], name=op.f("fk_editing_note_draft_editing_draft")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editing_note")),
    )
    op.create_index(op.f("ix_editing_note_draft"), "editing_note", ["draft"], unique=False)
    op.create_table(
        "editing_presence",
        sa.Column("draft", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=36), nullable=False),
        sa.Column("since", database.Instant(timezone=True), nullable=False),
        sa.Column("seen_at", database.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["draft"], ["editing_draft.id"], name=op.f("fk_editing_presence_draft_editing_draft")),
        sa.PrimaryKeyConstraint("draft", "person", name=op.f("pk_editing_presence")),
    )
    op.create_table(
        "editing_publication",
        sa.Column("revision", sa.String(length=32), nullable=False),
        sa.Column("draft", sa.String(length=32), nullable=True),
        sa.Column("author", sa.String(length=36), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("paths", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("started_at", database.Instant(timezone=True), nullable=False),
        sa.Column("finished_at", database.Instant(timezone=True), nullable=True),
        sa.Column("commit", sa.String(length=64), nullable=True),
        sa.Column("pushed_at", database.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["draft"], ["editing_draft.id"], name=op.f("fk_editing_publication_draft_editing_draft")
        ),
        sa.PrimaryKeyConstraint("revision", name=op.f("pk_editing_publication")),
    )
    op.create_index(op.f("ix_editing_publication_draft"), "editing_publication", ["draft"], unique=False)
    op.create_index(op.f("ix_editing_publication_state"), "editing_publication", ["state"], unique=False)
    op.create_table(
        "editing_unmerged",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("draft", sa.String(length=32), nullable=False),
        sa.Column("author", sa.String(length=36), nullable=False),
        sa.Column("at", database.Instant(timezone=True), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("base_files", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["draft"], ["editing_draft.id"], name=op.f("fk_editing_unmerged_draft_editing_draft")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editing_unmerged")),
    )
    op.create_index(op.f("ix_editing_unmerged_draft"), "editing_unmerged", ["draft"], unique=False)


def downgrade() -> None:

    op.drop_index(op.f("ix_editing_unmerged_draft"), table_name="editing_unmerged")
    op.drop_table("editing_unmerged")
    op.drop_index(op.f("ix_editing_publication_state"), table_name="editing_publication")
    op.drop_index(op.f("ix_editing_publication_draft"), table_name="editing_publication")
    op.drop_table("editing_publication")
    op.drop_table("editing_presence")
    op.drop_index(op.f("ix_editing_note_draft"), table_name="editing_note")
    op.drop_table("editing_note")
    op.drop_table("editing_draft_version")
    op.drop_index("uq_editing_draft_open", table_name="editing_draft", sqlite_where=OPEN, postgresql_where=OPEN)
    op.drop_index(op.f("ix_editing_draft_state"), table_name="editing_draft")
    op.drop_table("editing_draft")
