"""Which properties there are and which backend keeps each; read once, remembered for a while, told with its age."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from mesh.clock import Clock
from mesh.errors import Down, NotFound

from services.pms.domain.hold import Hold
from services.pms.domain.property import Property
from services.pms.domain.reservation import Reservation
from services.pms.metrics import PROPERTY_READS
from services.pms.ports import Backend

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A property and when it was read."""

    hotel: Property
    read_time: datetime


class Catalogue:
    """Properties over all backends. With a backend away, what was last known of its properties."""

    def __init__(self, *, backends: Mapping[str, Backend], clock: Clock, keep: timedelta) -> None:
        self._backends = backends
        self._clock = clock
        self._keep = keep
        self._known: dict[str, Known] = {}
        self._owners: dict[str, Backend] = {}
        self._read_at: datetime | None = None
        self._one_reader = asyncio.Lock()

    async def properties(self) -> list[Known]:
        """Every property, by id."""
        await self._refresh()
        return [self._known[key] for key in sorted(self._known)]

    async def known(self, property_id: str) -> Known:
        """A property and its age; raises NotFound PROPERTY_NOT_FOUND."""
        await self._refresh()
        if property_id not in self._known:
            raise NotFound("PROPERTY_NOT_FOUND", f"no property {property_id!r}")
        return self._known[property_id]

    async def hotel(self, property_id: str) -> Property:
        """A property; raises NotFound PROPERTY_NOT_FOUND."""
        return (await self.known(property_id)).hotel

    async def backend(self, property_id: str) -> Backend:
        """Who keeps a property's books; raises NotFound PROPERTY_NOT_FOUND."""
        await self.known(property_id)
        return self._owners[property_id]

    def backends(self) -> tuple[Backend, ...]:
        """Whoever keeps books."""
        return tuple(self._backends.values())

    async def reservation(self, reservation_id: str) -> tuple[Backend, Reservation]:
        """A reservation by id, and who keeps it; raises NotFound RESERVATION_NOT_FOUND."""
        return await self._first(lambda backend: backend.reservation(reservation_id))

    async def hold(self, hold_id: str) -> tuple[Backend, Hold]:
        """A hold by id, and who keeps it; raises NotFound HOLD_NOT_FOUND."""
        return await self._first(lambda backend: backend.hold(hold_id))

    def forget(self) -> None:
        """Reads anew at the next question: something about a property changed."""
        self._read_at = None

    async def _first(self, ask: Callable[[Backend], Awaitable[T]]) -> tuple[Backend, T]:
        """The first backend that has it. One that is away matters only when no other has it."""
        failure: Exception | None = None
        for backend in self._backends.values():
            try:
                return backend, await ask(backend)
            except NotFound as error:
                failure = failure or error
            except Down as error:
                failure = error
        assert failure is not None
        raise failure

    async def _refresh(self) -> None:
        if self._is_fresh():
            PROPERTY_READS.labels("memory").inc()
            return
        async with self._one_reader:
            if self._is_fresh():
                return
            away = [await self._read(backend) for backend in self._backends.values()]
            if not any(away):
                self._read_at = self._clock.now()

    def _is_fresh(self) -> bool:
        return self._read_at is not None and self._clock.now() - self._read_at < self._keep

    async def _read(self, backend: Backend) -> bool:
        """Reads one backend's properties; True when it is away and something is known of it. Raises Down else."""
        try:
            found = await backend.properties()
        except Down:
            if backend not in self._owners.values():
                raise
            PROPERTY_READS.labels("stale").inc()
            return True
        PROPERTY_READS.labels("backend").inc()
        for gone in [key for key, owner in self._owners.items() if owner is backend]:
            del self._known[gone], self._owners[gone]
        for hotel in found:
            self._known[hotel.property_id] = Known(hotel=hotel, read_time=self._clock.now())
            self._owners[hotel.property_id] = backend
        return False
