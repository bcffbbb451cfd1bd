"""A bounded number of tasks at work for one claimer, ended cleanly when the claimer is cancelled."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
# So that one replica does not take all that is due while others have hands free.
_MOST_AT_ONCE = 8


class Crew:
    """At most `size` tasks at once. Tasks must not raise: what they work on has its own way of failing."""

    def __init__(self, *, size: int) -> None:
        self._slots = asyncio.Semaphore(size)
        self._tasks: set[asyncio.Task[None]] = set()

    async def work_off(
        self, claim: Callable[[int], Awaitable[Sequence[T]]], work: Callable[[T], Coroutine[Any, Any, None]]
    ) -> None:
        """Starts work on what `claim(most)` gives until that is less than was asked for. Raises what `claim` raises."""
        while True:
            asked = await self._places()
            given = 0
            try:
                for item in await claim(asked):
                    self._start(work(item))
                    given += 1
            finally:
                for _ in range(asked - given):
                    self._slots.release()
            if given < asked:
                return

    async def _places(self) -> int:
        """Waits for a free place and takes it, and others that are free as well; how many."""
        await self._slots.acquire()
        taken = 1
        while taken < _MOST_AT_ONCE and not self._slots.locked():
            await self._slots.acquire()
            taken += 1
        return taken

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
