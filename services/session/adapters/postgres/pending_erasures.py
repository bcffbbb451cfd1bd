"""Erasures that have not reached the gateway: stored with the erasure itself, so that no crash loses one.

The addresses that are to be forgotten elsewhere have to be told until then. They are sealed under a key of the
erasure's own, since the guest's is destroyed, and it goes with the row.
"""

from __future__ import annotations

import json

from mesh.store.postgres import Connection
from mesh.store.vault import Vault, WrappedKey

from services.session.domain.document import dumps, identity_document, read_identity
from services.session.domain.erasure import PendingErasure

_KEEP = """
    INSERT INTO pending_erasures (receipt_id, erase_time, session_ids, key_id, master, wrapped, sealed)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
_PENDING = """
    SELECT receipt_id, erase_time, session_ids, key_id, master, wrapped, sealed FROM pending_erasures
    ORDER BY erase_time, receipt_id LIMIT $1
"""
_SETTLE = "DELETE FROM pending_erasures WHERE receipt_id = $1 RETURNING key_id"


async def keep_pending(db: Connection, vault: Vault, erasure: PendingErasure) -> None:
    """Stores whom others have to forget. In the transaction of the erasure."""
    key, stored = vault.new_key()
    told = dumps([identity_document(identity) for identity in erasure.identities])
    await db.execute(
        _KEEP,
        erasure.receipt_id,
        erasure.erase_time,
        list(erasure.session_ids),
        stored.key_id,
        stored.master,
        stored.wrapped,
        key.seal(told.encode(), _place(erasure.receipt_id)),
    )


async def pending(db: Connection, vault: Vault, *, limit: int) -> tuple[PendingErasure, ...]:
    """The oldest ones. Raises KeyMissing."""
    found = []
    for row in await db.fetch(_PENDING, limit):
        vault.learn(WrappedKey(key_id=row["key_id"], master=row["master"], wrapped=row["wrapped"]))
        told = json.loads(vault.open(row["sealed"], _place(row["receipt_id"])))
        erasure = PendingErasure(
            receipt_id=row["receipt_id"],
            erase_time=row["erase_time"],
            identities=tuple(map(read_identity, told)),
            session_ids=tuple(row["session_ids"]),
        )
        found.append(erasure)
    return tuple(found)


async def settle(db: Connection, vault: Vault, receipt_id: str) -> None:
    """The row goes, and with it the key."""
    key_id = await db.fetchval(_SETTLE, receipt_id)
    if key_id is not None:
        vault.forget(key_id)


def _place(receipt_id: str) -> str:
    return f"erasure:{receipt_id}"
