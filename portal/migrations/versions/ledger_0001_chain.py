"""The chain of digests over actions and publications; rows of before are chained after a marked start."""

import sqlalchemy as sa
from alembic import op

from portal import database
from portal.ledger.chain import BEGINNING, START, content_digest, entry_digest

revision = "ledger_0001"
down_revision = None
branch_labels = ("ledger",)
depends_on = None

REFUSAL = "the ledger only grows"
ENTRY = sa.table("ledger_entry", *map(sa.column, ("position", "source", "key", "content", "digest")))
END = sa.table("ledger_end", *map(sa.column, ("id", "position", "digest")))
BEGIN = ("revision", "draft", "author", "reason", "paths", "started_at")
OUTCOME = ("revision", "state", "commit", "finished_at")
INSTANT = database.Instant(timezone=True)
AUDIT = sa.table(
    "accounts_audit",
    sa.column("id", sa.Integer()),
    sa.column("at", INSTANT),
    *(sa.column(name, sa.String()) for name in ("who", "deed", "subject", "network_class")),
)
PUBLICATION = sa.table(
    "editing_publication",
    *(sa.column(name, sa.String()) for name in ("revision", "draft", "author", "reason", "state", "commit")),
    sa.column("paths", sa.JSON()),
    sa.column("started_at", INSTANT),
    sa.column("finished_at", INSTANT),
)


def upgrade() -> None:
    op.create_table(
        "ledger_entry",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_ledger_entry")),
    )
    op.create_index("ix_ledger_entry_row", "ledger_entry", ["source", "key"], unique=False)
    op.create_table(
        "ledger_end",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_end")),
    )
    _chain_rows_of_before(op.get_bind())
    for statement in _guards(op.get_bind().dialect.name):
        op.execute(statement)


def _chain_rows_of_before(bind: sa.Connection) -> None:
    rows = _rows(bind)
    if not rows:
        return
    digest = BEGINNING
    start: dict[str, object] = {"rows": len(rows)}
    marked = [(START, str(len(rows) + 1), start), *rows]
    entries = []
    for position, (source, key, row) in enumerate(marked, 1):
        content = content_digest(row)
        digest = entry_digest(digest, position, source, key, content)
        entries.append(
            {"position": position, "source": source, "key": key, "content": content, "digest": digest}
        )
    for begin in range(0, len(entries), 500):
        bind.execute(ENTRY.insert(), entries[begin : begin + 500])
    bind.execute(END.insert().values(id=1, position=len(entries), digest=digest))


def _rows(bind: sa.Connection) -> list[tuple[str, str, dict[str, object]]]:
    rows: list[tuple[str, str, dict[str, object]]] = []
    if not (sa.inspect(bind).has_table(AUDIT.name) and sa.inspect(bind).has_table(PUBLICATION.name)):
        # A new database: packages bring their tables in any order, and none has rows yet.
        return rows
    for row in bind.execute(sa.select(AUDIT).order_by(AUDIT.c.id)).mappings():
        plain = {"action" if name == "deed" else name: value for name, value in row.items()}
        rows.append(("audit", str(row["id"]), plain))
    query = sa.select(PUBLICATION).order_by(PUBLICATION.c.started_at, PUBLICATION.c.revision)
    for row in bind.execute(query).mappings():
        key = row["revision"]
        rows.append(("publication", key, {name: row[name] for name in BEGIN}))
        if row["state"] != "publishing":
            rows.append(("outcome", key, {name: row[name] for name in OUTCOME}))
    return rows


def _guards(dialect: str) -> list[str]:
    if dialect == "sqlite":
        made = [
            f"CREATE TRIGGER ledger_entry_{name.lower()} BEFORE {name} ON ledger_entry "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            for name in ("UPDATE", "DELETE")
        ]
        # INSERT OR REPLACE deletes without asking the trigger of deletes.
        made.append(
            "CREATE TRIGGER ledger_entry_replace BEFORE INSERT ON ledger_entry "
            "WHEN EXISTS (SELECT 1 FROM ledger_entry WHERE position = NEW.position) "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
        return made
    return [
        "CREATE FUNCTION ledger_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$",
        "CREATE TRIGGER ledger_entry_change BEFORE UPDATE OR DELETE ON ledger_entry "
        "FOR EACH ROW EXECUTE FUNCTION ledger_entry_refuse()",
        "CREATE TRIGGER ledger_entry_truncate BEFORE TRUNCATE ON ledger_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION ledger_entry_refuse()",
    ]


def downgrade() -> None:
    op.drop_table("ledger_end")
    op.drop_table("ledger_entry")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION ledger_entry_refuse()")
