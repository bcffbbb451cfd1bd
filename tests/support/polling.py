"""Waiting for what another process does: asked again until it holds, never longer than a deadline."""

import asyncio
import time
from collections.abc import Callable

_PAUSE_SECONDS = 0.02


def wait_until(condition: Callable[[], bool], *, seconds: float = 20.0, what: str = "the condition") -> None:
    """Returns once `condition()` holds. Raises TimeoutError after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not come true within {seconds} s")
        time.sleep(_PAUSE_SECONDS)


async def until(condition: Callable[[], bool], *, seconds: float = 20.0, what: str = "the condition") -> None:
    """The same, leaving the event loop free meanwhile."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not come true within {seconds} s")
        await asyncio.sleep(_PAUSE_SECONDS)
