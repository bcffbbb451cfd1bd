"""The stream of what happens to a property's reservations."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator

from mesh.errors import Busy, Invalid

from services.pms.desk.bell import Bell
from services.pms.desk.catalogue import Catalogue
from services.pms.domain.event import ReservationEvent
from services.pms.metrics import WATCHERS

BATCH = 100


class Watching:
    """Follows events without end: at least once each, in order, from any point on."""

    def __init__(self, *, catalogue: Catalogue, bell: Bell, poll_seconds: float, most: int) -> None:
        """`poll_seconds`: how often other replicas' writes are looked for; `most` streams at once."""
        self._catalogue = catalogue
        self._bell = bell
        self._poll_seconds = poll_seconds
        self._most = most
        self._open = 0

    async def events(self, property_id: str, after: int | None) -> AsyncIterator[ReservationEvent]:
        """Events after a number, or from now on. Raises Busy OVERLOADED, Invalid INVALID_PAGE_TOKEN for a number not
        reached yet, NotFound."""
        backend = await self._catalogue.backend(property_id)
        last = await backend.last_sequence(property_id)
        if after is not None and after > last:
            raise Invalid("the resume token was not issued here", reason="INVALID_PAGE_TOKEN")
        seen = last if after is None else after
        with self._place():
            while True:
                ring = self._bell.listen()
                batch = await backend.events(property_id, after=seen, limit=BATCH)
                for event in batch:
                    yield event
                    seen = event.sequence
                if len(batch) < BATCH:
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(ring.wait(), self._poll_seconds)

    @contextlib.contextmanager
    def _place(self) -> Iterator[None]:
        if self._open >= self._most:
            raise Busy("OVERLOADED", "too many watchers", retry_after=30)
        self._open += 1
        WATCHERS.inc()
        try:
            yield
        finally:
            self._open -= 1
            WATCHERS.dec()
