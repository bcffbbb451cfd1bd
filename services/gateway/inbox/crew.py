"""A bounded number of tasks at work for one claimer, ended cleanly when the claimer is cancelled."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any


class Crew:
    """At most `size` tasks at once. Tasks must not raise: what they work on has its own way of failing."""

    def __init__(self, *, size: int) -> None:
        self._slots = asyncio.Semaphore(size)
        self._tasks: set[asyncio.Task[None]] = set()

    async def place(self) -> None:
        """Waits for a free place and takes it. Every place is either used by `start` or given back by `leave`."""
        await self._slots.acquire()

    def leave(self) -> None:
        """Gives back a place that was not used."""
        self._slots.release()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Begins work on a place taken before."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._slots.release()
        if not task.cancelled() and (error := task.exception()) is not None:
            asyncio.get_running_loop().call_exception_handler(
                {"message": "a task of a crew raised", "exception": error, "task": task}
            )

    async def rest(self) -> None:
        """Returns when nobody works."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def dismiss(self, *, seconds: float) -> None:
        """Lets the tasks finish for `seconds`, then cancels what is left and waits for it."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        left = list(self._tasks)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
