"""Nights of our own books, remembered by this process for looking. Nothing is ever sold from here.

A month of a property at a time. What this process writes is forgotten the moment it is written; what other replicas
write, and rooms of holds that run out, are seen once `keep` is over.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mesh.clock import Clock

from services.pms.adapters.ledger import Ledger
from services.pms.domain.availability import InventoryNight
from services.pms.domain.stay import Stay
from services.pms.metrics import NIGHT_READS

MOST_MONTHS = 1_000


@dataclass(frozen=True, slots=True)
class _Month:
    nights: tuple[InventoryNight, ...]
    read_time: datetime


class RememberedNights:
    """The ledger's nights, at most `keep` old."""

    def __init__(self, *, ledger: Ledger, clock: Clock, keep: timedelta) -> None:
        self._ledger = ledger
        self._clock = clock
        self._keep = keep
        self._months: OrderedDict[tuple[str, date], _Month] = OrderedDict()
        # Counts what was forgotten, so that a read that began before a write is not kept after it.
        self._writes: defaultdict[str, int] = defaultdict(int)
        self._readers: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def nights(self, property_id: str, span: Stay) -> Sequence[InventoryNight]:
        """The nights of a span by date and room type. Raises Down when they are not remembered and not to be read."""
        firsts = _months(span)
        months = self._fresh(property_id, firsts)
        if months is None:
            # One reader a property: who waited finds what the one before has read.
            async with self._readers[property_id]:
                months = self._fresh(property_id, firsts)
                if months is None:
                    NIGHT_READS.labels("books").inc()
                    months = await self._read(property_id, firsts)
                else:
                    NIGHT_READS.labels("memory").inc()
        else:
            NIGHT_READS.labels("memory").inc()
        return [night for month in months for night in month.nights if night.night in span]

    def forget(self, moved: Iterable[tuple[str, date]]) -> None:
        """Forgets these nights of these properties: they were written, or may have been."""
        for property_id, first in {(property_id, night.replace(day=1)) for property_id, night in moved}:
            self._writes[property_id] += 1
            self._months.pop((property_id, first), None)

    def _fresh(self, property_id: str, firsts: Sequence[date]) -> list[_Month] | None:
        """Every one of these months, or None when one is not known or too old."""
        since = self._clock.now() - self._keep
        found = [self._months.get((property_id, first)) for first in firsts]
        months = [month for month in found if month is not None and month.read_time > since]
        return months if len(months) == len(firsts) else None

    async def _read(self, property_id: str, firsts: Sequence[date]) -> list[_Month]:
        """These months in one question to the ledger."""
        writes, now = self._writes[property_id], self._clock.now()
        span = Stay(firsts[0], _next_month(firsts[-1]))
        by_month: dict[date, list[InventoryNight]] = {first: [] for first in firsts}
        for night in await self._ledger.nights(property_id, span, "", now):
            by_month[night.night.replace(day=1)].append(night)
        months = {first: _Month(tuple(nights), now) for first, nights in by_month.items()}
        if self._writes[property_id] == writes:
            for first, month in months.items():
                self._months[property_id, first] = month
                self._months.move_to_end((property_id, first))
            while len(self._months) > MOST_MONTHS:
                self._months.popitem(last=False)
        return list(months.values())


def _months(span: Stay) -> list[date]:
    """The first day of every month that a span touches."""
    firsts = [span.check_in.replace(day=1)]
    while (following := _next_month(firsts[-1])) < span.check_out:
        firsts.append(following)
    return firsts


def _next_month(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)
