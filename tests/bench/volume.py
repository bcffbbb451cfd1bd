"""Fills tables with many rows like one that a service wrote: what a store looks like after years."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import asyncpg

_CHUNK = 50_000
# By table: which row is the pattern, and what differs from row to row; see `multiply`.
Patterns: TypeAlias = Mapping[str, tuple[str, Mapping[str, str]]]
_COLUMNS = """
    SELECT attname FROM pg_attribute
    WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attidentity = ''
    ORDER BY attnum
"""


async def connect(url: str) -> asyncpg.Connection[asyncpg.Record]:
    """A connection that fills fast: what is written is known to be right, and may be lost."""
    connection = await asyncpg.connect(url)
    await connection.execute("SET session_replication_role = replica")  # no look at foreign keys
    await connection.execute("SET synchronous_commit = off")
    return connection


async def multiply(
    db: asyncpg.Connection[asyncpg.Record], table: str, *, like: str, but: Mapping[str, str], first: int, last: int
) -> None:
    """Rows number `first` … `last`, each like the one row where `like` holds, `but` for these columns.

    `but` maps a column to an SQL expression in which `n` is the number and `t` the row.
    """
    columns = [row["attname"] for row in await db.fetch(_COLUMNS, table)]
    values = ", ".join(but.get(name, f't."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    statement = (
        f"INSERT INTO {table} ({names}) SELECT {values} "
        f"FROM (SELECT * FROM {table} WHERE {like} LIMIT 1) t CROSS JOIN generate_series($1::bigint, $2::bigint) n"
    )
    for start in range(first, last + 1, _CHUNK):
        await db.execute(statement, start, min(last, start + _CHUNK - 1), timeout=600)


async def fill(url: str, patterns: Patterns, *, first: int, last: int) -> None:
    """Rows number `first` … `last` in each table of `patterns`, which says `like` and `but` of it; then `settle`."""
    db = await connect(url)
    try:
        for table, (like, but) in patterns.items():
            await multiply(db, table, like=like, but=but, first=first, last=last)
    finally:
        await db.close()
    await settle(url, *patterns)


async def settle(url: str, *tables: str) -> None:
    """Statistics and visibility as autovacuum leaves them."""
    connection = await asyncpg.connect(url)
    try:
        for table in tables:
            await connection.execute(f"VACUUM (ANALYZE) {table}", timeout=600)
        await connection.execute("CHECKPOINT", timeout=600)
    finally:
        await connection.close()
