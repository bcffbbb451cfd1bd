"""Marks of mailboxes and threads of mails in PostgreSQL; a thread is sealed, and found by its guest's hash."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime, timedelta

from mesh.errors import Conflict
from mesh.store.postgres import Pool, connection

from services.gateway.adapters.sealing import Sealing
from services.gateway.channels.email.ports import Reading, Thread
from services.gateway.domain.message import Channel

# Of two marks that were told of the longer number is the later one; other marks replace each other.
_TELL = """
    INSERT INTO mailboxes AS known (address, told) VALUES ($1, $2)
    ON CONFLICT (address) DO UPDATE SET told = CASE
        WHEN known.told ~ '^[0-9]+$' AND $2 ~ '^[0-9]+$' THEN greatest(known.told::numeric, $2::numeric)::text
        ELSE $2 END
"""
_CLAIM = """
    INSERT INTO mailboxes AS known (address, lease_until, fence) VALUES ($1, $3, 1)
    ON CONFLICT (address) DO UPDATE SET lease_until = $3, fence = known.fence + 1
        WHERE known.lease_until IS NULL OR known.lease_until <= $2
    RETURNING mark, fence
"""
_MOVE = "UPDATE mailboxes SET mark = $3, lease_until = $4 WHERE address = $1 AND fence = $2 RETURNING fence"
_RELEASE = """
    UPDATE mailboxes SET lease_until = CASE WHEN fence = $2 THEN NULL ELSE lease_until END
    WHERE address = $1 RETURNING told
"""
_CLAIM_WATCH = """
    INSERT INTO mailboxes AS known (address, watch_due) VALUES ($1, $3)
    ON CONFLICT (address) DO UPDATE SET watch_due = $3 WHERE known.watch_due IS NULL OR known.watch_due <= $2
    RETURNING address
"""
_WATCHED = "UPDATE mailboxes SET watch_due = $2 WHERE address = $1"
_ADD = """
    INSERT INTO mail_threads (thread_key, mailbox, guest, sealed, key_id, master, wrapped, create_time)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (thread_key) DO NOTHING
"""
_FIND = """
    SELECT thread_key, sealed, key_id, master, wrapped FROM mail_threads
    WHERE mailbox = $1 AND guest = $2 AND ($3 = '' OR thread_key = $3) ORDER BY create_time DESC LIMIT 1
"""


class PostgresMarks:
    """`Marks` on a pool whose search path is the gateway's schema."""

    def __init__(self, *, pool: Pool) -> None:
        self._pool = pool

    async def tell(self, address: str, mark: str) -> None:
        async with connection(self._pool) as conn:
            await conn.execute(_TELL, address, mark)

    async def claim(self, address: str, *, now: datetime, lease: timedelta) -> Reading | None:
        async with connection(self._pool) as conn:
            row = await conn.fetchrow(_CLAIM, address, now, now + lease)
        return Reading(address=address, mark=row["mark"], fence=row["fence"]) if row is not None else None

    async def move(self, reading: Reading, mark: str, *, now: datetime, lease: timedelta) -> None:
        async with connection(self._pool) as conn:
            if await conn.fetchval(_MOVE, reading.address, reading.fence, mark, now + lease) is None:
                raise Conflict("LOCK_LOST", "another replica reads this mailbox")

    async def release(self, reading: Reading) -> str:
        async with connection(self._pool) as conn:
            return str(await conn.fetchval(_RELEASE, reading.address, reading.fence) or "")

    async def claim_watch(self, address: str, *, now: datetime, again: datetime) -> bool:
        async with connection(self._pool) as conn:
            return await conn.fetchval(_CLAIM_WATCH, address, now, again) is not None

    async def watched(self, address: str, *, until: datetime) -> None:
        async with connection(self._pool) as conn:
            await conn.execute(_WATCHED, address, until)


class PostgresThreads:
    """`Threads` on a pool whose search path is the gateway's schema."""

    def __init__(self, *, pool: Pool, sealing: Sealing) -> None:
        self._pool = pool
        self._sealing = sealing

    async def add(self, key: str, *, mailbox: str, guest: str, thread: Thread, now: datetime) -> None:
        sealed = self._sealing.seal_alone(json.dumps(asdict(thread)), f"thread:{key}")
        async with connection(self._pool) as conn:
            await conn.execute(_ADD, key, mailbox, self._guest(guest), *sealed, now)

    async def find(self, *, mailbox: str, guest: str, key: str) -> Thread | None:
        async with connection(self._pool) as conn:
            row = await conn.fetchrow(_FIND, mailbox, self._guest(guest), key)
        if row is None:
            return None
        told = json.loads(self._sealing.open_alone(row, f"thread:{row['thread_key']}"))
        return Thread(**told | {"references": tuple(told["references"])})

    def _guest(self, address: str) -> str:
        return self._sealing.address(str(Channel.EMAIL), "", address)
