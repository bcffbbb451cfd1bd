"""`python -m services.gateway replay [--turn ID]`: opens turns that were parked, once what was wrong is put right."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence

from mesh.clock import SystemClock
from mesh.store.postgres import connect_pool

from services.gateway.adapters.postgres_inbox import PostgresInbox
from services.gateway.adapters.sealing import Sealing
from services.gateway.settings import Settings

_AT_ONCE = 100


def replay(settings: Settings, arguments: Sequence[str] = ()) -> int:
    """Opens the turn that is named, else parked turns, at most one of each conversation at a time; returns how many.
    A running gateway takes them.

    Raises Down when PostgreSQL is away, SystemExit for arguments that make no sense and a turn that cannot be opened.
    """
    parser = argparse.ArgumentParser(prog="python -m services.gateway replay", description=__doc__)
    parser.add_argument("--turn", default="", metavar="ID", help="one turn, by its id")
    turn_id: str = parser.parse_args(arguments).turn
    opened = asyncio.run(_replay(settings, turn_id))
    if turn_id and not opened:
        raise SystemExit(f"gateway: {turn_id} is not parked, or its conversation is at work; nothing was opened")
    return opened


async def _replay(settings: Settings, turn_id: str) -> int:
    url = settings.postgres_url.get_secret_value()
    pool = await connect_pool(url, application_name="gateway-replay", schema="gateway", size=1, overflow=0)
    try:
        inbox = PostgresInbox(pool=pool, policy=settings.inbox_policy, sealing=Sealing(vault=settings.vault()))
        return await inbox.replay_parked(now=SystemClock().now(), limit=_AT_ONCE, turn_id=turn_id)
    finally:
        await pool.close()
