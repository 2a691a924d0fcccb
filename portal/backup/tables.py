"""The tables as lines of JSON, the same for every database: equal rows give equal bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import JSON, Column, Connection, MetaData, Table, func, insert, literal, select, text
from sqlalchemy.types import TypeDecorator

ROWS_AT_ONCE = 500


class UnlikeTable(Exception):
    """The lines do not fit the table: they come from another version of the site, or are damaged."""


def lines_of(connection: Connection, table: Table) -> Iterator[bytes]:
    """Give the table as lines: the names of its columns, then each row in the order of its key."""
    # A column named by a keyword of SQL has a name of a class of its own.
    yield _line([str(column.name) for column in table.columns])
    query = select(*(literal("") if _is_blank(column) else column for column in table.columns))
    query = query.select_from(table).order_by(*table.primary_key.columns)
    for row in connection.execute(query.execution_options(yield_per=ROWS_AT_ONCE)):
        yield _line(list(row))


def is_backed_up(table: Table) -> bool:
    """Whether the table is in backups: what signs people in and what tells networks apart is not."""
    return "backup" not in table.info


def _is_blank(column: Column[Any]) -> bool:
    return "backup" in column.info


def as_written(table: Table, names: Sequence[str]) -> Table:
    """The table with these columns alone, as an older version had them; raises UnlikeTable for an unknown one."""
    known = {str(column.name): column for column in table.columns}
    if unknown := [name for name in names if name not in known]:
        raise UnlikeTable(f"{table.name} has the columns {unknown}, which this version of the site does not have")
    columns = [known[name] for name in names]
    copies = [Column(column.name, column.type, primary_key=column.primary_key, info=column.info) for column in columns]
    return Table(table.name, MetaData(), *copies)


def load(connection: Connection, table: Table, lines: Iterable[bytes]) -> Table:
    """Insert the rows of those lines and give the table with the columns that they have; raises UnlikeTable."""
    pending = iter(lines)
    table = as_written(table, msgspec.json.decode(next(pending, b"[]"), type=list[str]))
    rows: list[dict[str, Any]] = []
    for line in pending:
        rows.append(_row(table, line))
        if len(rows) == ROWS_AT_ONCE:
            connection.execute(insert(table), rows)
            rows = []
    if rows:
        connection.execute(insert(table), rows)
    return table


def set_counters(connection: Connection, metadata: MetaData) -> None:
    """Let numbers that PostgreSQL gives continue after the greatest that was loaded; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in metadata.sorted_tables:
        column = table.autoincrement_column
        if column is None:
            continue
        sequence = connection.scalar(
            text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": table.name, "column": column.name}
        )
        greatest = connection.scalar(select(func.max(column)))
        if sequence and greatest:
            connection.execute(text("SELECT setval(:sequence, :value)"), {"sequence": sequence, "value": greatest})


def filled(connection: Connection, metadata: MetaData) -> list[str]:
    """The names of the tables that hold rows."""
    return [
        table.name
        for table in metadata.sorted_tables
        if connection.dialect.has_table(connection, table.name)
        and connection.execute(select(table.primary_key.columns[0]).limit(1)).first() is not None
    ]


def _line(values: list[Any]) -> bytes:
    return msgspec.json.encode(values) + b"\n"


def _row(table: Table, line: bytes) -> dict[str, Any]:
    values = msgspec.json.decode(line)
    if not isinstance(values, list) or len(values) != len(table.columns):
        raise UnlikeTable(f"a line of {table.name} does not hold {len(table.columns)} values")
    try:
        return {column.name: _value(column, value) for column, value in zip(table.columns, values, strict=True)}
    except msgspec.ValidationError as error:
        raise UnlikeTable(f"a line of {table.name}: {error}") from None


def _value(column: Column[Any], value: Any) -> Any:
    kind = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    if value is None or isinstance(kind, JSON):
        return value
    return msgspec.convert(value, type=kind.python_type)
