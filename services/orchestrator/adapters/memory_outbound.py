"""The way out and the arrivals in memory: for tests of what we start ourselves."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from mesh.errors import Down

from services.orchestrator.ports import Arrival


@dataclass(slots=True, kw_only=True)
class MemoryMessenger:
    """Stored events by request id, each kept once, in the order in which they came. `away`: nobody answers."""

    taken: dict[str, bytes] = field(default_factory=dict)
    away: bool = False

    async def send(self, stored: bytes, *, property_id: str, request_id: str) -> None:
        del property_id  # one way out for all
        if self.away:
            raise Down("UNAVAILABLE", "the gateway is away")
        self.taken.setdefault(request_id, stored)


@dataclass(slots=True, kw_only=True)
class MemoryStays:
    """Arrivals as they were put in."""

    known: Sequence[Arrival] = ()

    async def properties(self) -> Sequence[str]:
        return tuple(dict.fromkeys(item.property_id for item in self.known))

    async def arrivals(self, property_id: str, first: date, last: date) -> AsyncIterator[Arrival]:
        for item in self.known:
            if item.property_id == property_id and first <= item.check_in <= last:
                yield item
