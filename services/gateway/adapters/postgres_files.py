"""Files of messages in PostgreSQL: in a table of their own, so that claiming a message does not read its file."""

from __future__ import annotations

from mesh.errors import NotFound
from mesh.store.postgres import Pool, connection

from services.gateway.adapters.rows import outbound_from_text
from services.gateway.domain.attachment import Attachment

_READ = """
    SELECT o.content AS message, f.content FROM outbox o JOIN outbox_files f USING (message_id) WHERE message_id = $1
"""


class PostgresFiles:
    """`FileStore` on a pool whose search path is the gateway's schema."""

    def __init__(self, *, pool: Pool) -> None:
        self._pool = pool

    async def read(self, message_id: str) -> tuple[Attachment, bytes]:
        async with connection(self._pool) as conn:
            row = await conn.fetchrow(_READ, message_id)
        attachment = outbound_from_text(row["message"]).attachment if row is not None else None
        if row is None or attachment is None:
            raise NotFound("MESSAGE_NOT_FOUND", "no file of a message with this id")
        return attachment, row["content"]
