"""Publications that went out at once and wait for a second reader; those of before wait for nobody."""

import sqlalchemy as sa
from alembic import op

revision = "editing_0004"
down_revision = "editing_0003"
branch_labels = None
depends_on = None

TABLE = "editing_publication"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("unread", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column(TABLE, sa.Column("reader", sa.String(length=36), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column(TABLE, "reader")
    op.drop_column(TABLE, "unread")
