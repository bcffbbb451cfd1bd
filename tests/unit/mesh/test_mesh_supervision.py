"""Background work is begun again when it falls, and ends when it is told to."""

import asyncio

from mesh.supervision import Supervisor


async def test_work_that_falls_or_returns_is_begun_again() -> None:
    runs: list[int] = []
    again = asyncio.Event()

    async def work() -> None:
        runs.append(1)
        if len(runs) == 1:
            raise ValueError("falls once")
        if len(runs) == 3:
            again.set()
            await asyncio.Event().wait()

    supervisor = Supervisor("test")
    supervisor.add("work", work)
    supervisor.start()
    async with asyncio.timeout(5):
        await again.wait()
    await supervisor.stop()
    assert len(runs) == 3


async def test_stop_waits_until_the_work_has_cleaned_up() -> None:
    started, cleaned = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.to_thread(lambda: None)
            cleaned.set()

    supervisor = Supervisor("test")
    supervisor.add("work", work)
    supervisor.start()
    await started.wait()
    await supervisor.stop()
    assert cleaned.is_set()
