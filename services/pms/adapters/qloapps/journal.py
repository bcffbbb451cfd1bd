"""What is under way at QloApps, written down before it is begun, so that a crash in the middle is found again; and
which order is which of our reservations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from services.pms.domain.event import EventType
from services.pms.domain.quote import Quote
from services.pms.domain.reservation import Reservation


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """A booking on its way. `sent_time`: when it was last handed to the network, if it was."""

    request_id: str
    digest: str
    property_id: str
    operation_id: str
    reservation: Reservation
    quote: Quote
    hold_id: str
    begin_time: datetime
    sent_time: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change of a reservation on its way: what it is to be afterwards."""

    request_id: str
    digest: str
    property_id: str
    target: Reservation
    event_type: EventType
    begin_time: datetime


Entry = Booking | Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An order and our reservation. `seen` tells what was last seen of the order, to notice what others did to it."""

    property_id: str
    order_id: int
    reservation_id: str
    seen: str


class Journal(Protocol):
    """The journal of every hotel."""

    async def entry(self, request_id: str) -> Entry | None:
        """What is under way for a request."""

    async def entries(self, property_id: str) -> Sequence[Entry]:
        """Everything under way."""

    async def put(self, entry: Entry) -> None:
        """Begins one, or notes how far it is."""

    async def close(self, request_id: str) -> None:
        """It is recorded in our books, or surely not made."""

    async def link(self, link: Link) -> None:
        """Adds or replaces what is known of an order."""

    async def links(self, property_id: str, order_ids: Sequence[int]) -> dict[int, Link]:
        """What is known of these orders."""

    async def highest_customer(self, property_id: str, at_least: int = 0) -> int:
        """The id of the last customer taken over; raised to `at_least`."""


class MemoryJournal:
    """Forgets with the process."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._links: dict[tuple[str, int], Link] = {}
        self._customers: dict[str, int] = {}

    async def entry(self, request_id: str) -> Entry | None:
        return self._entries.get(request_id)

    async def entries(self, property_id: str) -> Sequence[Entry]:
        return [entry for entry in self._entries.values() if entry.property_id == property_id]

    async def put(self, entry: Entry) -> None:
        self._entries[entry.request_id] = entry

    async def close(self, request_id: str) -> None:
        self._entries.pop(request_id, None)

    async def link(self, link: Link) -> None:
        self._links[link.property_id, link.order_id] = link

    async def links(self, property_id: str, order_ids: Sequence[int]) -> dict[int, Link]:
        return {key: self._links[property_id, key] for key in order_ids if (property_id, key) in self._links}

    async def highest_customer(self, property_id: str, at_least: int = 0) -> int:
        self._customers[property_id] = max(self._customers.get(property_id, 0), at_least)
        return self._customers[property_id]


def sent(booking: Booking, now: datetime) -> Booking:
    """The booking after it was handed to the network."""
    return replace(booking, sent_time=now)
