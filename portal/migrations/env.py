"""What Alembic runs for each command: the given connection, the tables of every package."""

from __future__ import annotations

from alembic import context

from portal.migrations import all_tables


def run() -> None:
    """Run the revisions that the command names on the connection that it was given."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=all_tables(),
        # SQLite changes a table by writing it anew.
        render_as_batch=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


# Alembic sets the proxy before it executes this file; an ordinary import does nothing.
if getattr(context, "_proxy", None) is not None:
    run()
