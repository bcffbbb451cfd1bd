"""Wrapping guests' keys under a new master key, while the service runs. What was sealed stays as it is."""

from __future__ import annotations

from mesh.store.postgres import Pool, transaction

from services.session.adapters.vault import Vault, WrappedKey

# Keys of guests, and of erasures that have yet to reach the gateway.
_TABLES = ("data_keys", "pending_erasures")
_OLD = """
    SELECT key_id, master, wrapped FROM {table} WHERE master <> $1
    ORDER BY key_id LIMIT $2 FOR UPDATE SKIP LOCKED
"""
_STORE = "UPDATE {table} SET master = $2, wrapped = $3 WHERE key_id = $1"
_COUNT = "SELECT count(*) FROM {table} WHERE master <> $1"


async def rewrap_keys(pool: Pool, vault: Vault, *, batch: int = 500) -> int:
    """Wraps every key that is not yet under the current master key; how many. Any number may do so at once.

    Raises KeyMissing when the master key of one is not among the settings; what was done until then stays done.
    """
    return sum([await _rewrap(pool, vault, table, batch) for table in _TABLES])


async def count_old_keys(pool: Pool, vault: Vault) -> int:
    """How many keys another master key wraps: while there are any, that master key is needed."""
    async with transaction(pool) as db:
        return sum([int(await db.fetchval(_COUNT.format(table=table), vault.current_master)) for table in _TABLES])


async def _rewrap(pool: Pool, vault: Vault, table: str, batch: int) -> int:
    total = 0
    while True:
        async with transaction(pool) as db:
            rows = await db.fetch(_OLD.format(table=table), vault.current_master, batch)
            changed = [vault.rewrapped(WrappedKey(**dict(row))) for row in rows]
            await db.executemany(_STORE.format(table=table), [(key.key_id, key.master, key.wrapped) for key in changed])
        total += len(rows)
        if not rows:
            return total
