"""Everybody who wrote a draft or a change of a value, and what an approval is about.

An approval of before names no text: what is approved and not yet published waits for review again.
"""

import sqlalchemy as sa
from alembic import op

revision = "editing_0003"
down_revision = "editing_0002"
branch_labels = None
depends_on = None

COLUMNS = (
    ("editing_draft", "writers", sa.JSON(), "[]"),
    ("editing_draft", "approved_digest", sa.String(length=64), ""),
    ("editing_draft_version", "author", sa.String(length=36), ""),
    ("editing_value_change", "writers", sa.JSON(), "[]"),
)


def upgrade() -> None:
    for table, name, kind, default in COLUMNS:
        op.add_column(table, sa.Column(name, kind, nullable=False, server_default=default))
    op.execute("UPDATE editing_draft SET state = 'review', reviewer = '' WHERE state = 'approved'")


def downgrade() -> None:
    for table, name, _kind, _default in reversed(COLUMNS):
        op.drop_column(table, name)
