"""Brings a ledger in line with a hotel's configuration, as often as one likes with the same result."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from mesh.clock import Clock

from services.pms.adapters.ledger import Ledger, StoredProperty, Transaction
from services.pms.adapters.remembering import remembered
from services.pms.domain import record
from services.pms.domain.configuration import Configuration
from services.pms.domain.event import EventType
from services.pms.domain.night_move import merged, moves
from services.pms.domain.property import Fact, Property
from services.pms.domain.reservation import LIVE_STATES


async def open_books(ledger: Ledger, clock: Clock, configuration: Configuration) -> bool:
    """Stores the property, its nights up to the horizon and its existing reservations; True when anything was new.

    Reservations are added once and never touched again, whatever guests did to them since. A night's rooms never fall
    below what is sold and held. A fact's version grows when its words change. Who booked is kept with their
    reservations, and not a second time with the configuration.
    """
    now = clock.now()
    hotel = configuration.hotel
    async with ledger.transaction() as tx:
        stored = await tx.stored_property(hotel.property_id)
        kept = configuration.without_guests()
        digest = _digest(kept)
        changed = stored is None or stored.digest != digest
        # Nights before the property's row: the order in which bookings lock them.
        await tx.put_nights(hotel.property_id, configuration.nights(now))
        if changed:
            versioned = replace(hotel, facts=_versioned(hotel, stored.hotel if stored else None))
            await tx.put_property(StoredProperty(hotel=versioned, configuration=kept, digest=digest))
        added = [await _add(tx, configuration, index, clock) for index in range(len(configuration.reservations))]
    return changed or any(added)


async def extend_books(ledger: Ledger, clock: Clock) -> None:
    """Opens the nights that came within every property's horizon since the books were opened. Others are not touched:
    a chain has millions of them."""
    for property_id, last in (await ledger.last_nights()).items():
        async with ledger.transaction() as tx:
            stored = await tx.stored_property(property_id)
            nights = stored.configuration.nights(clock.now(), after=last) if stored else []
            if nights:
                await tx.put_nights(property_id, nights)


async def _add(tx: Transaction, configuration: Configuration, index: int, clock: Clock) -> bool:
    existing = configuration.reservations[index]
    hotel, now = configuration.hotel, clock.now()
    reservation = existing.reservation(hotel, configuration.exceptions, now)
    if await tx.reservation(reservation.reservation_id):
        return False
    profile = await remembered(tx, hotel.property_id, existing.booker)
    reservation = replace(reservation, profile_id=profile.profile_id)
    if not await tx.add_reservation(reservation):
        return False
    if reservation.state in LIVE_STATES:
        sold = moves(reservation.room_type_id, reservation.stay, sold=reservation.units)
        await tx.move(hotel.property_id, merged(sold))
    await tx.append_event(EventType.CREATED, reservation, now)
    return True


def _digest(configuration: Configuration) -> str:
    return hashlib.sha256(record.to_text(configuration).encode()).hexdigest()


def _versioned(hotel: Property, before: Property | None) -> tuple[Fact, ...]:
    known = {fact.topic: fact for fact in before.facts} if before else {}
    return tuple(
        replace(fact, version=known[fact.topic].version + (known[fact.topic].text != fact.text))
        if fact.topic in known
        else fact
        for fact in hotel.facts
    )
