"""Wrapping guests' keys under a new master key, while the service runs. What was sealed stays as it is."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence

from mesh.errors import Down
from mesh.process import EX_UNAVAILABLE, EX_USAGE, load_or_exit
from mesh.store import postgres
from mesh.store.vault import KeyMissing, Vault, WrappedKey
from mesh.store.vault_settings import VaultSettings

_OLD = """
    SELECT key_id, master, wrapped FROM {table} WHERE master <> $1
    ORDER BY key_id LIMIT $2 FOR UPDATE SKIP LOCKED
"""
_STORE = "UPDATE {table} SET master = $2, wrapped = $3 WHERE key_id = $1"
_COUNT = "SELECT count(*) FROM {table} WHERE master <> $1"


def rotate_keys(settings_class: type[VaultSettings], *, tables: Sequence[str]) -> int:
    """The command `rotate-keys` of a service whose schema has its name: wraps the keys of these tables under the first
    of DATA_MASTER_KEYS.

    Returns the exit code: 0 when all are under it, 2 when one does not open, 69 without a store.
    """
    settings = load_or_exit(settings_class)
    try:
        asyncio.run(_rotate(settings, tables))
    except KeyMissing as error:
        print(f"not rotated: {error}", file=sys.stderr)  # noqa: T201
        return EX_USAGE
    except Down as error:
        print(f"not rotated: {error}", file=sys.stderr)  # noqa: T201
        return EX_UNAVAILABLE
    return 0


async def rewrap_keys(pool: postgres.Pool, vault: Vault, tables: Sequence[str], *, batch: int = 500) -> int:
    """Wraps every key that is not yet under the current master key; how many. Any number may do so at once.

    Raises KeyMissing when the master key of one is not among the settings; what was done until then stays done.
    """
    return sum([await _rewrap(pool, vault, table, batch) for table in tables])


async def count_old_keys(pool: postgres.Pool, vault: Vault, tables: Sequence[str]) -> int:
    """How many keys another master key wraps: while there are any, that master key is needed."""
    async with postgres.transaction(pool) as db:
        return sum([int(await db.fetchval(_COUNT.format(table=table), vault.current_master)) for table in tables])


async def _rewrap(pool: postgres.Pool, vault: Vault, table: str, batch: int) -> int:
    total = 0
    while True:
        async with postgres.transaction(pool) as db:
            rows = await db.fetch(_OLD.format(table=table), vault.current_master, batch)
            changed = [vault.rewrapped(WrappedKey(**dict(row))) for row in rows]
            await db.executemany(_STORE.format(table=table), [(key.key_id, key.master, key.wrapped) for key in changed])
        total += len(rows)
        if not rows:
            return total


async def _rotate(settings: VaultSettings, tables: Sequence[str]) -> None:
    url, schema = settings.postgres_url.get_secret_value(), settings.vault_of
    pool = await postgres.connect_pool(url, application_name="rotate-keys", schema=schema, size=1, overflow=0)
    try:
        vault = settings.vault()
        wrapped, left = await rewrap_keys(pool, vault, tables), await count_old_keys(pool, vault, tables)
    finally:
        await pool.close()
    print(f"{schema}: {wrapped} keys wrapped under {vault.current_master}, {left} under others")  # noqa: T201
