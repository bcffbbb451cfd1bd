"""How each channel is, out of the gateway's own tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mesh.store.postgres import Pool, connection

# What a channel did lately; `oldest` is when its longest waiting message was to go.
_CHANNELS = """
    SELECT channel, count(*) FILTER (WHERE state = 'queued') AS queued,
           count(*) FILTER (WHERE state IN ('sent', 'delivered', 'read') AND update_time > $1) AS sent,
           count(*) FILTER (WHERE state = 'failed' AND update_time > $1) AS failed,
           min(due_time) FILTER (WHERE state = 'queued') AS oldest
    FROM outbox WHERE state = 'queued' OR update_time > $1 GROUP BY channel
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelState:
    """What waits in a channel's outbox, and what came of the last hour's messages."""

    channel: str
    queued: int = 0
    sent: int = 0
    failed: int = 0
    oldest: datetime | None = None


class PostgresOperations:
    """On a pool whose search path is the gateway's schema. `open_channels` are told also when they did nothing."""

    def __init__(self, *, pool: Pool, open_channels: Sequence[str]) -> None:
        self._pool = pool
        self._open_channels = open_channels

    async def channels(self, *, now: datetime) -> Sequence[ChannelState]:
        """Every open channel. Raises Down."""
        async with connection(self._pool) as conn:
            rows = await conn.fetch(_CHANNELS, now - timedelta(hours=1))
        known = {row["channel"]: ChannelState(**dict(row)) for row in rows}
        names = dict.fromkeys([*self._open_channels, *known])
        return [known.get(name, ChannelState(channel=name)) for name in names]
