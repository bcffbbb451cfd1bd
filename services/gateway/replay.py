"""`python -m services.gateway replay`: opens turns that were parked, once what was wrong is put right."""

from __future__ import annotations

import asyncio

from mesh.clock import SystemClock
from mesh.store.postgres import connect_pool

from services.gateway.adapters.postgres_inbox import PostgresInbox
from services.gateway.settings import Settings

_AT_ONCE = 100


def replay(settings: Settings) -> int:
    """Opens parked turns, at most one of each conversation at a time; returns how many. A running gateway takes them.

    Raises Down when PostgreSQL is away.
    """
    return asyncio.run(_replay(settings))


async def _replay(settings: Settings) -> int:
    url = settings.postgres_url.get_secret_value()
    pool = await connect_pool(url, application_name="gateway-replay", schema="gateway", size=1, overflow=0)
    try:
        inbox = PostgresInbox(pool=pool, policy=settings.inbox_policy)
        return await inbox.replay_parked(now=SystemClock().now(), limit=_AT_ONCE)
    finally:
        await pool.close()
