"""Seats, registrations, counts, purges and requests for outreach."""

import sqlalchemy as sa
from alembic import op

from portal import database

revision = "events_0001"
down_revision = None
branch_labels = ("events",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "event_counts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(length=100), nullable=False),
        sa.Column("district", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attendance", sa.String(length=10), nullable=False),
        sa.Column("parties", sa.Integer(), nullable=False),
        sa.Column("heads", sa.Integer(), nullable=False),
        sa.Column("attended_heads", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_counts")),
    )
    op.create_index(op.f("ix_event_counts_event"), "event_counts", ["event"], unique=False)
    op.create_table(
        "event_places",
        sa.Column("event", sa.String(length=100), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("walked_in", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("joined", sa.Integer(), nullable=False),
        sa.Column("last_fits", sa.Boolean(), nullable=False),
        sa.Column("announced", sa.String(length=300), nullable=False),
        sa.Column("delete_on", database.Instant(timezone=True), nullable=True),
        sa.CheckConstraint("taken >= 0", name=op.f("ck_event_places_taken")),
        sa.CheckConstraint("waiting >= 0", name=op.f("ck_event_places_waiting")),
        sa.CheckConstraint("walked_in >= 0", name=op.f("ck_event_places_walked_in")),
        sa.PrimaryKeyConstraint("event", name=op.f("pk_event_places")),
        postgresql_with={"fillfactor": 50},
    )
    op.create_table(
        "outreach_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("form_token", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("host", sa.String(length=150), nullable=False),
        sa.Column("person", sa.String(length=100), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("district", sa.String(length=60), nullable=False),
        sa.Column("audience", sa.String(length=60), nullable=False),
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.Column("heads", sa.Integer(), nullable=False),
        sa.Column("wishes", sa.String(length=200), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("event", sa.String(length=100), nullable=False),
        sa.Column("created_at", database.Instant(timezone=True), nullable=False),
        sa.Column("changed_at", database.Instant(timezone=True), nullable=False),
        sa.Column("purged_at", database.Instant(timezone=True), nullable=True),
        sa.CheckConstraint("heads > 0", name=op.f("ck_outreach_requests_heads")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outreach_requests")),
        sa.UniqueConstraint("code", name=op.f("uq_outreach_requests_code")),
        sa.UniqueConstraint("form_token", name=op.f("uq_outreach_requests_form_token")),
    )
    op.create_index(op.f("ix_outreach_requests_district"), "outreach_requests", ["district"], unique=False)
    op.create_index(op.f("ix_outreach_requests_state"), "outreach_requests", ["state"], unique=False)
    op.create_table(
        "purges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(length=120), nullable=False),
        sa.Column("at", database.Instant(timezone=True), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("scrubbed_at", database.Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purges")),
    )
    op.create_index(op.f("ix_purges_about"), "purges", ["about"], unique=False)
    op.create_table(
        "outreach_request_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("at", database.Instant(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["outreach_requests.id"],
            name=op.f("fk_outreach_request_notes_request_id_outreach_requests"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outreach_request_notes")),
    )
    op.create_index(
        op.f("ix_outreach_request_notes_request_id"), "outreach_request_notes", ["request_id"], unique=False
    )
    op.create_table(
        "registrations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(length=100), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("form_token", sa.String(length=64), nullable=False),
        sa.Column("form_digest", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("joined", sa.Integer(), nullable=False),
        sa.Column("seat", sa.String(length=10), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("heads", sa.Integer(), nullable=False),
        sa.Column("district", sa.String(length=60), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("created_at", database.Instant(timezone=True), nullable=False),
        sa.Column("changed_at", database.Instant(timezone=True), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("hold_until", database.Instant(timezone=True), nullable=True),
        sa.Column("attendance", sa.String(length=10), nullable=False),
        sa.Column("attended_heads", sa.Integer(), nullable=False),
        sa.Column("called_at", database.Instant(timezone=True), nullable=True),
        sa.CheckConstraint("heads > 0", name=op.f("ck_registrations_heads")),
        sa.ForeignKeyConstraint(["event"], ["event_places.event"], name=op.f("fk_registrations_event_event_places")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registrations")),
        sa.UniqueConstraint("code", name=op.f("uq_registrations_code")),
        sa.UniqueConstraint("event", "joined", name=op.f("uq_registrations_event")),
        sa.UniqueConstraint("form_token", name=op.f("uq_registrations_form_token")),
    )
    op.create_index(op.f("ix_registrations_email"), "registrations", ["email"], unique=False)
    op.create_index(op.f("ix_registrations_event"), "registrations", ["event"], unique=False)
    op.create_index(op.f("ix_registrations_phone"), "registrations", ["phone"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_registrations_phone"), table_name="registrations")
    op.drop_index(op.f("ix_registrations_event"), table_name="registrations")
    op.drop_index(op.f("ix_registrations_email"), table_name="registrations")
    op.drop_table("registrations")
    op.drop_index(op.f("ix_outreach_request_notes_request_id"), table_name="outreach_request_notes")
    op.drop_table("outreach_request_notes")
    op.drop_index(op.f("ix_purges_about"), table_name="purges")
    op.drop_table("purges")
    op.drop_index(op.f("ix_outreach_requests_state"), table_name="outreach_requests")
    op.drop_index(op.f("ix_outreach_requests_district"), table_name="outreach_requests")
    op.drop_table("outreach_requests")
    op.drop_table("event_places")
    op.drop_index(op.f("ix_event_counts_event"), table_name="event_counts")
    op.drop_table("event_counts")
