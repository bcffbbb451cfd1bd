"""Leases on what is in work are short and renewed every so often: when a replica dies, others wait for seconds only."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import timedelta
from typing import Generic, TypeVar

from mesh.errors import DomainError
from mesh.telemetry import get_logger

Held = TypeVar("Held")
# Three beats may fail in a row before a lease runs out.
_BEATS_PER_LEASE = 4
log = get_logger(__name__)


class Heartbeat(Generic[Held]):
    """`renew` is told what is in work. A lease that cannot be renewed runs out, and the fence refuses its holder."""

    def __init__(self, *, renew: Callable[[Sequence[Held]], Awaitable[None]], lease: timedelta) -> None:
        self._renew = renew
        self._seconds = lease.total_seconds() / _BEATS_PER_LEASE
        self._held: dict[int, Held] = {}

    @contextmanager
    def holding(self, held: Held) -> Iterator[None]:
        """While this lasts, the lease of `held` is renewed."""
        self._held[id(held)] = held
        try:
            yield
        finally:
            del self._held[id(held)]

    @asynccontextmanager
    async def beating(self) -> AsyncIterator[None]:
        """Beats in the background while this lasts."""
        beating = asyncio.create_task(self._beat())
        try:
            yield
        finally:
            beating.cancel()
            with suppress(asyncio.CancelledError):
                await beating

    async def beat_once(self) -> None:
        """Renews what is held now."""
        if self._held:
            try:
                await self._renew(list(self._held.values()))
            except DomainError as error:
                log.warning("leases_not_renewed", held=len(self._held), reason=error.reason)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self._seconds)
            try:
                await self.beat_once()
            except Exception:
                log.exception("heartbeat_raised")
