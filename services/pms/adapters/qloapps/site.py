"""One hotel with QloApps and everything that its use cases work with."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from mesh.clock import Clock

from services.pms.adapters.qloapps.availability import Availability
from services.pms.adapters.qloapps.books import Books
from services.pms.adapters.qloapps.client import QloAppsClient
from services.pms.adapters.qloapps.connection import Connection
from services.pms.adapters.qloapps.customers import Customers
from services.pms.adapters.qloapps.hotel import HotelReader
from services.pms.adapters.qloapps.journal import Journal
from services.pms.adapters.qloapps.lock import HotelLocks
from services.pms.adapters.qloapps.orders import Orders
from services.pms.adapters.qloapps.pace import Sleep
from services.pms.domain.property import Property


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What belongs together. `hotel` is the hotel as its file describes it: rate plans, taxes, words, rules."""

    hotel: Property
    connection: Connection
    client: QloAppsClient
    orders: Orders
    customers: Customers
    availability: Availability
    reader: HotelReader
    books: Books
    journal: Journal
    locks: HotelLocks
    clock: Clock
    sleep: Sleep = field(default=asyncio.sleep)

    @property
    def property_id(self) -> str:
        return self.hotel.property_id

    def pms_type(self, room_type_id: str) -> int:
        """QloApps' id of one of our room types; raises NotFound for one that the hotel does not sell."""
        self.hotel.room_type(room_type_id)
        return self.connection.room_types[room_type_id]
