"""Turns that were put aside, out of the gateway's own tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mesh.errors import NotFound
from mesh.store.postgres import Pool, connection

from services.gateway.adapters.rows import messages_from_text
from services.gateway.adapters.sealing import TURN, Sealing
from services.gateway.staff.domain.dead_letter import DeadLetter, OpenedLetter, words_of

_COLUMNS = """
    t.turn_id, t.conversation_id, t.property_id, c.channel, t.tries, t.reason, t.create_time, t.update_time
    FROM turns t JOIN conversations c USING (conversation_id) WHERE t.state = 'parked'
"""
_PAGE = f"SELECT {_COLUMNS} AND t.turn_id > $1 ORDER BY t.turn_id LIMIT $2"
_ONE = f"SELECT t.payload, c.key_id, c.master, c.wrapped, {_COLUMNS} AND t.turn_id = $1"


class PostgresDeadLetters:
    """On a pool whose search path is the gateway's schema. Every method raises Down when it is away."""

    def __init__(self, *, pool: Pool, sealing: Sealing) -> None:
        self._pool = pool
        self._sealing = sealing

    async def page(self, *, after: str, size: int) -> Sequence[DeadLetter]:
        """By id, after one."""
        async with connection(self._pool) as conn:
            return [_letter(dict(row)) for row in await conn.fetch(_PAGE, after, size)]

    async def open(self, turn_id: str) -> OpenedLetter:
        """One with its words. Raises NotFound(RECORD_NOT_FOUND) when it is not put aside, or not any more."""
        async with connection(self._pool) as conn:
            row = await conn.fetchrow(_ONE, turn_id)
        if row is None:
            raise no_letter()
        self._sealing.learn(row)
        values = {name: value for name, value in row.items() if name not in ("payload", "key_id", "master", "wrapped")}
        messages = messages_from_text(self._sealing.open(row["payload"], f"{TURN}:{turn_id}"))
        return OpenedLetter(
            letter=_letter(values),
            sender=messages[-1].sender,
            name=messages[-1].display_name,
            said=tuple(words_of(message.body) for message in messages),
        )


def no_letter() -> NotFound:
    """There is no such turn that is put aside."""
    return NotFound("RECORD_NOT_FOUND", "no such turn is put aside")


def _letter(values: dict[str, Any]) -> DeadLetter:
    return DeadLetter(**values)
