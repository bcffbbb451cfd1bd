"""Equal reads at the same time are one read."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")


class SingleFlight:
    """Shares the answer of a read among all who ask while it is under way; nothing is remembered after it."""

    def __init__(self) -> None:
        self._flights: dict[Hashable, asyncio.Task[Any]] = {}

    async def do(self, key: Hashable, work: Callable[[], Awaitable[T]]) -> T:
        """The answer of `work()`, begun by the first who asks. A caller who leaves does not take the others' answer."""
        task = self._flights.get(key)
        if task is None:
            task = asyncio.ensure_future(_coroutine(work))
            self._flights[key] = task
            task.add_done_callback(lambda _: self._flights.pop(key, None))
            task.add_done_callback(_look)
        return await asyncio.shield(task)


async def _coroutine(work: Callable[[], Awaitable[T]]) -> T:
    return await work()


def _look(task: asyncio.Task[Any]) -> None:
    """Takes note of a failure that nobody waits for any more."""
    if not task.cancelled():
        task.exception()
