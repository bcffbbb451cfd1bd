"""Who wrote some words, or under what name: out of the messages the inbox still keeps (`RETENTION_INBOX_DAYS`)."""

from __future__ import annotations

from collections.abc import Sequence

from mesh.store.postgres import Pool, transaction

from services.gateway.domain.message import Channel, Identity

# Case and accents make no difference; PostgreSQL's own unaccent is an extension that not every server has.
_PLAIN = "translate(lower({}), 'áàâãéèêíìóòôõúùüñç', 'aaaaeeeiioooouuunc')"
_SAID = "concat_ws(' ', m.doc ->> 'display_name', m.doc #>> '{body,text}', m.doc #>> '{body,caption}')"
_FIND = f"""
    SELECT c.channel, c.channel_name, c.address FROM (
        SELECT m.conversation_id, max(m.sequence) AS latest
        FROM (SELECT conversation_id, sequence, payload::jsonb AS doc FROM inbound_messages) m
        WHERE position({_PLAIN.format("$1::text")} IN {_PLAIN.format(_SAID)}) > 0
        GROUP BY m.conversation_id ORDER BY latest DESC LIMIT $2
    ) found JOIN conversations c USING (conversation_id) ORDER BY found.latest DESC
"""  # noqa: S608 (constants only)
# Every message that is kept is read: on a server that is busy the search gives way, not the guests.
_LONGEST = "SET LOCAL statement_timeout = '4s'"


class PostgresWritten:
    """On a pool whose search path is the gateway's schema."""

    def __init__(self, *, pool: Pool) -> None:
        self._pool = pool

    async def by(self, words: str, *, limit: int = 20) -> Sequence[Identity]:
        """Whose messages or name have these words, the latest first. Raises Down, also where it takes too long."""
        async with transaction(self._pool, readonly=True) as conn:
            await conn.execute(_LONGEST)
            rows = await conn.fetch(_FIND, words, limit)
        return [Identity(channel=Channel(row[0]), channel_name=row[1], address=row[2]) for row in rows]
