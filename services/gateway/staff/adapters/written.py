"""Who wrote some words, or under what name: out of the messages the inbox still keeps (`RETENTION_INBOX_DAYS`).

They are sealed, so each is opened to be looked at, the latest first.
"""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Sequence

import asyncpg
from mesh.errors import Down
from mesh.store.postgres import Pool, connection

from services.gateway.adapters.postgres_conversations import CONVERSATION_COLUMNS, conversation_of
from services.gateway.adapters.rows import message_from_text
from services.gateway.adapters.sealing import MESSAGE, Sealing
from services.gateway.domain.message import Identity
from services.gateway.staff.domain.dead_letter import words_of

_EARLIER = f"""
    SELECT m.sequence, m.external_id, m.payload, {CONVERSATION_COLUMNS}
    FROM inbound_messages m JOIN conversations c USING (conversation_id)
    WHERE m.sequence < $1 ORDER BY m.sequence DESC LIMIT $2
"""  # noqa: S608 (constants only)
# Some 5 ms of the event loop at a time: the guests' messages come in between.
_AT_ONCE = 200
# Every message that is kept is read: on a machine that is busy the search gives way, not the guests.
_LONGEST_SECONDS = 4.0
_LATEST = 2**62


class PostgresWritten:
    """On a pool whose search path is the gateway's schema."""

    def __init__(self, *, pool: Pool, sealing: Sealing) -> None:
        self._pool = pool
        self._sealing = sealing

    async def by(self, words: str, *, limit: int = 20) -> Sequence[Identity]:
        """Whose messages or name have these words, the latest first. Raises Down, also where it takes too long."""
        wanted, found, before = _plain(words), dict[str, Identity](), _LATEST
        deadline = asyncio.get_running_loop().time() + _LONGEST_SECONDS
        while len(found) < limit:
            async with connection(self._pool) as conn:
                rows = await conn.fetch(_EARLIER, before, _AT_ONCE)
            for row in rows:
                if row["conversation_id"] not in found and len(found) < limit and self._has(row, wanted):
                    found[row["conversation_id"]] = conversation_of(row, self._sealing).identity
            if len(rows) < _AT_ONCE:
                break
            before = rows[-1]["sequence"]
            if asyncio.get_running_loop().time() > deadline:
                raise Down("UNAVAILABLE", "a search for words took too long")
        return list(found.values())

    def _has(self, row: asyncpg.Record, wanted: str) -> bool:
        self._sealing.learn(row)
        message = message_from_text(self._sealing.open(row["payload"], f"{MESSAGE}:{row['external_id']}"))
        return wanted in _plain(f"{message.display_name} {words_of(message.body)}")


def _plain(words: str) -> str:
    """Case and accents make no difference."""
    parts = unicodedata.normalize("NFD", words.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))
