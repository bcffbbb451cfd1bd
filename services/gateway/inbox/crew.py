"""A bounded number of tasks at work for one claimer, ended cleanly when the claimer is cancelled."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Crew:
    """At most `size` tasks at once. Tasks must not raise: what they work on has its own way of failing."""

    def __init__(self, *, size: int) -> None:
        self._slots = asyncio.Semaphore(size)
        self._tasks: set[asyncio.Task[None]] = set()

    async def work_off(
        self, claim: Callable[[], Awaitable[T | None]], work: Callable[[T], Coroutine[Any, Any, None]]
    ) -> None:
        """Starts work on what `claim` gives, one claim after the other, until it gives None. Raises what it raises.

        One at a time on purpose: what waits for its claim holds up nobody, and several begun at once hold up the
        webhooks that come in beside them (docs/adr/0012).
        """
        while True:
            await self._slots.acquire()
            item = None
            try:
                item = await claim()
            finally:
                if item is None:
                    self._slots.release()
            if item is None:
                return
            self._start(work(item))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
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
