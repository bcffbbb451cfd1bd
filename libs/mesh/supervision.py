"""Background work that must not end: started again when it falls, and seen when it does."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from prometheus_client import Counter

from mesh.telemetry import SERVICE, get_logger

FALLS = Counter("mesh_background_falls_total", "Background tasks that raised or returned.", ["service", "task"])
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 10.0

Work = Callable[[], Awaitable[None]]
log = get_logger(__name__)


class Supervisor:
    """Keeps named coroutine functions running until it is stopped."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._work: list[tuple[str, Work]] = []
        self._tasks: list[asyncio.Task[None]] = []

    def add(self, name: str, work: Work) -> None:
        self._work.append((name, work))

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._keep(name, work), name=name) for name, work in self._work]

    async def stop(self) -> None:
        """Cancels everything and waits until it has ended."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self._tasks.clear()

    async def _keep(self, name: str, work: Work) -> None:
        SERVICE.set(self._service)
        loop = asyncio.get_running_loop()
        pause = FIRST_PAUSE_SECONDS
        while True:
            started = loop.time()
            try:
                await work()
                log.error("background_task_returned", task=name)
            except Exception:
                log.exception("background_task_fell", task=name)
            FALLS.labels(self._service, name).inc()
            # Work that ran for a while begins again at once; work that falls at once waits longer each time.
            pause = FIRST_PAUSE_SECONDS if loop.time() - started > LONGEST_PAUSE_SECONDS else pause
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
