"""Puts the backend of hotels with QloApps together, from their files and the settings. Part of the composition."""

from __future__ import annotations

from collections.abc import Sequence

from mesh.runtime import Runtime
from mesh.settings import ConfigurationError
from mesh.store import postgres

from services.pms.adapters.hotel_configuration import configuration_of
from services.pms.adapters.hotel_file import HotelFile
from services.pms.adapters.ledger import Ledger
from services.pms.adapters.qloapps.backend import QloAppsBackend
from services.pms.adapters.qloapps.connection import Connection
from services.pms.adapters.qloapps.journal import Journal, MemoryJournal
from services.pms.adapters.qloapps.journal_postgres import PostgresJournal
from services.pms.adapters.qloapps.lock import HotelLocks, LocalLocks, SharedLocks
from services.pms.adapters.qloapps.opening import connection_of, qloapps_backend
from services.pms.domain.property import Property
from services.pms.settings import Settings


async def open_qloapps(
    runtime: Runtime, settings: Settings, files: Sequence[HotelFile], *, ledger: Ledger, pool: postgres.Pool | None
) -> QloAppsBackend | None:
    """The backend of the hotels whose files name QloApps; None when there is none. Raises ConfigurationError."""
    hotels = _connections(settings, files)
    if not hotels:
        return None
    journal: Journal
    locks: HotelLocks
    redis, vault = None, settings.vault()
    if pool is None:
        journal, locks = MemoryJournal(), LocalLocks(clock=runtime.clock)
    else:
        redis = await runtime.redis()
        journal = PostgresJournal(pool=pool, vault=vault)
        locks = SharedLocks(pool=pool, redis=redis, clock=runtime.clock)
    backend = qloapps_backend(
        hotels,
        ledger=ledger,
        journal=journal,
        locks=locks,
        vault=vault,
        clock=runtime.clock,
        redis=redis,
        pause_seconds=settings.pms_follow_seconds,
    )
    runtime.on_close(backend.close)
    runtime.background("qloapps", backend.run)
    return backend


def _connections(settings: Settings, files: Sequence[HotelFile]) -> list[tuple[Property, Connection]]:
    key = settings.pms_api_key.get_secret_value() if settings.pms_api_key else ""
    problems, hotels = [], []
    for content in files:
        if content.pms is None:
            continue
        hotel = configuration_of(content).hotel
        connection = connection_of(hotel, content.pms, base_url=settings.pms_base_url, api_key=key)
        if not connection.base_url:
            problems.append(f"PMS_BASE_URL: is empty, and the file of {hotel.property_id} names no pms.base_url")
        if len(key) != 32:
            problems.append(f"PMS_API_KEY: QloApps' keys have 32 characters, and {hotel.property_id} needs one")
        hotels.append((hotel, connection))
    if problems:
        raise ConfigurationError(problems)
    return hotels
