"""The sweeper on the stores in memory."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from mesh.clock import ManualClock
from prometheus_client import REGISTRY

from services.session.adapters.memory import MemoryHousekeeping, MemorySessions, Tables
from services.session.domain.identity import Channel, ChannelIdentity
from services.session.ports import Opening, SessionQuery
from services.session.sweeper import Sweeper

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
DAY = timedelta(days=1)


async def test_a_sweep_ends_deletes_and_counts_in_batches_until_nothing_is_left() -> None:
    tables, clock = Tables(), ManualClock(NOW)
    sessions = MemorySessions(tables)
    sweeper = Sweeper(
        store=MemoryHousekeeping(tables),
        clock=clock,
        pause=timedelta(minutes=1),
        batch=2,
        session_retention=30 * DAY,
        request_retention=7 * DAY,
    )

    async def open_one(number: int) -> None:
        identity = ChannelIdentity(channel=Channel.WEBCHAT, address=f"s{number}")
        await sessions.open(
            Opening(property_id="alameda", identity=identity, display_name="", now=clock.now(), silence=DAY)
        )

    for number in range(5):
        await open_one(number)
    await sweeper.sweep()
    assert REGISTRY.get_sample_value("active_sessions_count") == 5

    clock.advance(DAY)
    await open_one(9)
    await sweeper.sweep()
    assert REGISTRY.get_sample_value("active_sessions_count") == 1
    listed = await sessions.list(SessionQuery(now=clock.now(), limit=99))
    assert [session.live for session in listed] == [True, *[False] * 5]

    clock.advance(30 * DAY + timedelta(minutes=1))
    await sweeper.sweep()
    assert len(await sessions.list(SessionQuery(now=clock.now(), limit=99))) == 1, "ended long ago, or only now"
    assert len(tables.guests) == 6
