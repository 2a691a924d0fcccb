"""An address registers once for an event; unconfirmed registrations keep a digest of their network.

Of live registrations that share an address already the first takes it, the others stay as they are.
"""

import sqlalchemy as sa
from alembic import op

revision = "events_0002"
down_revision = "events_0001"
branch_labels = None
depends_on = None

LIVE = "state IN ('confirmed', 'offered', 'waiting')"
NAME = "uq_registrations_live_email"


def upgrade() -> None:
    op.add_column("registrations", sa.Column("email_key", sa.String(length=254), nullable=False, server_default=""))
    op.add_column("registrations", sa.Column("network", sa.String(length=32), nullable=False, server_default=""))
    op.execute(
        f"UPDATE registrations SET email_key = lower(email) WHERE id IN (SELECT min(id) FROM registrations "  # noqa: S608
        f"WHERE email <> '' AND {LIVE} GROUP BY event, lower(email))"
    )
    is_live = sa.text(f"email_key <> '' AND {LIVE}")
    op.create_index(
        NAME, "registrations", ["event", "email_key"], unique=True, sqlite_where=is_live, postgresql_where=is_live
    )


def downgrade() -> None:
    op.drop_index(NAME, table_name="registrations")
    op.drop_column("registrations", "network")
    op.drop_column("registrations", "email_key")
