"""Customers by e-mail address, remembered for half an hour: what the shop knows of a guest who comes back."""

from __future__ import annotations

import hashlib

from mesh.clock import Clock

from services.pms.adapters.qloapps.cache import GUEST_LIFE, TwoLayerCache
from services.pms.adapters.qloapps.orders import Orders
from services.pms.adapters.qloapps.parsing import Customer
from services.pms.domain import record

NOBODY = "null"


class Customers:
    """Reads through the cache. Keys are hashes: who looks into the cache finds no addresses among them."""

    def __init__(self, *, orders: Orders, cache: TwoLayerCache, clock: Clock, property_id: str) -> None:
        self._orders = orders
        self._cache = cache
        self._clock = clock
        self._property_id = property_id

    async def by_email(self, email: str) -> Customer | None:
        """The customer with an address, as read within the last 1,800 seconds. Raises Down."""
        name = _name(email)
        generation = (await self._cache.generations(self._group, [name]))[name]
        key = f"guest:{self._property_id}:{name}:{generation}"
        known = (await self._cache.get("guest", [key])).get(key)
        if known is not None and known.fresh(self._clock.now(), GUEST_LIFE):
            return None if known.text == NOBODY else record.from_text(Customer, known.text)
        found = await self._orders.customer_by_email(email)
        await self._cache.put({key: record.to_text(found) if found else NOBODY}, GUEST_LIFE)
        return found

    async def outdate(self, email: str) -> None:
        """Forgets a customer: a booking was written, and with it who booked."""
        await self._cache.outdate(self._group, [_name(email)])

    @property
    def _group(self) -> str:
        return f"{self._property_id}:guests"


def _name(email: str) -> str:
    return hashlib.sha256(email.encode()).hexdigest()[:24]
