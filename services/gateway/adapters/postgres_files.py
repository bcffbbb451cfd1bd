"""Files of messages in PostgreSQL: in a table of their own, so that claiming a message does not read its file."""

from __future__ import annotations

from mesh.errors import NotFound
from mesh.store.postgres import Pool, connection

from services.gateway.adapters.rows import outbound_from_text
from services.gateway.adapters.sealing import FILE, REPLY, Sealing
from services.gateway.domain.attachment import Attachment

_READ = """
    SELECT o.content AS message, f.content, c.conversation_id, c.key_id, c.master, c.wrapped
    FROM outbox o JOIN outbox_files f USING (message_id) JOIN conversations c USING (conversation_id)
    WHERE message_id = $1
"""


class PostgresFiles:
    """`FileStore` on a pool whose search path is the gateway's schema."""

    def __init__(self, *, pool: Pool, sealing: Sealing) -> None:
        self._pool = pool
        self._sealing = sealing

    async def read(self, message_id: str) -> tuple[Attachment, bytes]:
        async with connection(self._pool) as conn:
            row = await conn.fetchrow(_READ, message_id)
        if row is None:
            raise _no_file()
        self._sealing.learn(row)
        attachment = outbound_from_text(self._sealing.open(row["message"], f"{REPLY}:{message_id}")).attachment
        if attachment is None:
            raise _no_file()
        return attachment, self._sealing.vault.open(row["content"], f"{FILE}:{message_id}")


def _no_file() -> NotFound:
    return NotFound("MESSAGE_NOT_FOUND", "no file of a message with this id")
