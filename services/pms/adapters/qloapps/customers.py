"""Customers by e-mail address, remembered for half an hour: what the shop knows of a guest who comes back."""

from __future__ import annotations

from base64 import b64decode, b64encode

from mesh.clock import Clock
from mesh.store.vault import Vault

from services.pms.adapters.qloapps.cache import GUEST_LIFE, TwoLayerCache
from services.pms.adapters.qloapps.orders import Orders
from services.pms.adapters.qloapps.parsing import Customer
from services.pms.domain import record

NOBODY = b"null"
EVERYBODY = "*"


class Customers:
    """Reads through the cache. Keys are HMACs and entries sealed: nobody finds a guest by looking into the cache."""

    def __init__(self, *, orders: Orders, cache: TwoLayerCache, vault: Vault, clock: Clock, property_id: str) -> None:
        self._orders = orders
        self._cache = cache
        self._vault = vault
        self._clock = clock
        self._property_id = property_id

    async def by_email(self, email: str) -> Customer | None:
        """The customer with an address, as read within the last 1,800 seconds. Raises Down."""
        name = self._name(email)
        generations = await self._cache.generations(self._group, [EVERYBODY, name])
        generation = f"{generations[EVERYBODY]}.{generations[name]}"
        key = f"guest:{self._property_id}:{name}:{generation}"
        known = (await self._cache.get("guest", [key])).get(key)
        if known is not None and known.fresh(self._clock.now(), GUEST_LIFE):
            # Sealed under another master key: as if it were not there.
            told = self._vault.open_from_cache(b64decode(known.text), key)
            if told is not None:
                return None if told == NOBODY else record.from_text(Customer, told)
        found = await self._orders.customer_by_email(email)
        told = record.to_text(found).encode() if found else NOBODY
        await self._cache.put({key: b64encode(self._vault.seal_for_cache(told, key)).decode()}, GUEST_LIFE)
        return found

    async def outdate(self, email: str) -> None:
        """Forgets a customer: a booking was written, and with it who booked."""
        await self._cache.outdate(self._group, [self._name(email)])

    async def forget_all(self) -> None:
        """Removes every customer: who asks to be forgotten may have booked under any address. Raises Down."""
        await self._cache.outdate(self._group, [EVERYBODY])
        await self._cache.drop(f"guest:{self._property_id}:")

    @property
    def _group(self) -> str:
        return f"{self._property_id}:guests"

    def _name(self, email: str) -> str:
        return self._vault.index("customer", self._property_id, email)[:24]
