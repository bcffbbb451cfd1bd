"""Puts the backend of hotels with QloApps together."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from mesh.breaker import CircuitBreaker
from mesh.clock import Clock
from mesh.store.vault import Vault
from redis.asyncio import Redis

from services.pms.adapters.hotel_file_pms import PmsPart
from services.pms.adapters.ledger import Ledger
from services.pms.adapters.qloapps.availability import Availability
from services.pms.adapters.qloapps.backend import QloAppsBackend
from services.pms.adapters.qloapps.books import Books
from services.pms.adapters.qloapps.cache import TwoLayerCache
from services.pms.adapters.qloapps.client import QloAppsClient
from services.pms.adapters.qloapps.connection import Connection
from services.pms.adapters.qloapps.customers import Customers
from services.pms.adapters.qloapps.hotel import HotelReader
from services.pms.adapters.qloapps.journal import Journal
from services.pms.adapters.qloapps.lock import HotelLocks
from services.pms.adapters.qloapps.orders import Orders
from services.pms.adapters.qloapps.pace import Sleep
from services.pms.adapters.qloapps.site import Site
from services.pms.domain.property import Property


def connection_of(hotel: Property, part: PmsPart, *, base_url: str, api_key: str) -> Connection:
    """A hotel's connection; `base_url` where its file names none."""
    return Connection(
        property_id=hotel.property_id,
        base_url=part.base_url or base_url,
        hotel_id=part.hotel_id,
        currency=hotel.currency,
        room_types=part.room_types,
        api_key=api_key,
        host=part.host,
        requests_per_second=part.requests_per_second,
    )


def qloapps_backend(
    hotels: Sequence[tuple[Property, Connection]],
    *,
    ledger: Ledger,
    journal: Journal,
    locks: HotelLocks,
    vault: Vault,
    clock: Clock,
    redis: Redis | None = None,
    sleep: Sleep = asyncio.sleep,
    breakers: Mapping[str, CircuitBreaker] | None = None,
    pause_seconds: float = 15.0,
) -> QloAppsBackend:
    """The backend of these hotels."""
    cache = TwoLayerCache(clock=clock, redis=redis)
    sites = {}
    for hotel, connection in hotels:
        breaker = (breakers or {}).get(hotel.property_id)
        client = QloAppsClient(connection, breaker=breaker, sleep=sleep)
        orders = Orders(client=client, hotel_id=connection.hotel_id)
        sites[hotel.property_id] = Site(
            hotel=hotel,
            connection=connection,
            client=client,
            orders=orders,
            customers=Customers(orders=orders, cache=cache, vault=vault, clock=clock, property_id=hotel.property_id),
            availability=Availability(client=client, connection=connection, cache=cache, clock=clock),
            reader=HotelReader(client=client, connection=connection, cache=cache, clock=clock),
            books=Books(ledger=ledger, clock=clock),
            journal=journal,
            locks=locks,
            clock=clock,
            sleep=sleep,
        )
    return QloAppsBackend(sites=sites, ledger=ledger, clock=clock, pause_seconds=pause_seconds)
