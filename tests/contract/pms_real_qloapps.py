"""The contract suite's hotel on a real QloApps that has its demo hotel: four room types of five rooms.

The suite speaks of the Alameda: four doubles, two twins, two family rooms and a suite, with their numbers and prices.
A real shop is not rebuilt for that. What is read of it passes a lens that leaves out the rooms too many, gives the
others the Alameda's numbers, and puts the Alameda's prices beside them; every write, every check of rooms and every
total is real. Orders that were there before are left out of sight, and all that were made are cancelled at the end.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date

from mesh.clock import ManualClock

from services.pms.adapters.hotel_configuration import configuration_of
from services.pms.adapters.memory import MemoryLedger
from services.pms.adapters.opening_books import open_books
from services.pms.adapters.qloapps import books
from services.pms.adapters.qloapps.availability import Availability, SeenNight, StayRate, TypeNight
from services.pms.adapters.qloapps.backend import QloAppsBackend
from services.pms.adapters.qloapps.bodies import WantedRoom, net_of, new_booking
from services.pms.adapters.qloapps.books import Books
from services.pms.adapters.qloapps.cache import TwoLayerCache
from services.pms.adapters.qloapps.client import QloAppsClient, Row
from services.pms.adapters.qloapps.connection import Connection
from services.pms.adapters.qloapps.customers import Customers
from services.pms.adapters.qloapps.guests import customer_detail
from services.pms.adapters.qloapps.hotel import HotelInfo, HotelReader, Limits
from services.pms.adapters.qloapps.journal import Link, MemoryJournal
from services.pms.adapters.qloapps.lock import LocalLocks
from services.pms.adapters.qloapps.mirror import numbered, seen_of
from services.pms.adapters.qloapps.orders import Orders
from services.pms.adapters.qloapps.parsing import CANCELED, CHECKED_IN, SeenLine, SeenOrder, whole
from services.pms.adapters.qloapps.room_lines import RoomLines
from services.pms.adapters.qloapps.site import Site
from services.pms.domain.configuration import Configuration, nights_of
from services.pms.domain.property import Property, RoomType
from services.pms.domain.reservation import ExternalId, ReservationState
from services.pms.domain.stay import Stay
from services.pms.settings import Settings
from tests.contract.pms_house import House, alameda
from tests.contract.pms_qloapps_house import caught_up, hotel_file

ROOMS_A_TYPE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class RealShop:
    """Where the real QloApps is."""

    url: str
    key: str
    host: str = ""
    currency: str = "USD"


class LensReader(HotelReader):
    """The demo hotel's rooms as the Alameda's; a room too many has no number that the Alameda knows."""

    lens: Configuration
    connection: Connection

    async def info(self) -> HotelInfo:
        real = await super().info()
        hotel = self.lens.hotel
        rooms, limits = [], []
        for room_type in hotel.room_types:
            type_id = self.connection.room_types[room_type.room_type_id]
            own = real.rooms_of(type_id)
            if len(own) < room_type.units:
                raise AssertionError(f"room type {type_id} of the demo hotel has too few rooms in order")
            rooms += [replace(room, number=_number(room_type, index)) for index, room in enumerate(own)]
            limits.append(
                Limits(
                    type_id=type_id,
                    max_adults=room_type.max_adults,
                    max_children=room_type.max_children or 0,
                    max_guests=room_type.max_occupancy,
                    min_nights=real.limits_of(type_id).min_nights,
                    max_nights=real.limits_of(type_id).max_nights,
                )
            )
        return replace(
            real,
            check_in_time=hotel.check_in_time,
            check_out_time=hotel.check_out_time,
            rooms=tuple(rooms),
            limits=tuple(limits),
            languages=dict.fromkeys(real.languages, "es"),
        )

    async def policies(self) -> str:
        return ""


class LensOrders(Orders):
    """Only orders made since the suite began, in rooms with the Alameda's numbers."""

    first_order: int
    reader: LensReader

    async def _orders(self, filters: dict[str, str], *, empty: bool = False) -> list[SeenOrder]:
        numbers = {room.room_id: room.number for room in (await self.reader.info()).rooms}
        found = [order for order in await super()._orders(filters, empty=empty) if order.order_id >= self.first_order]
        return [replace(order, lines=tuple(_renamed(line, numbers) for line in order.lines)) for order in found]

    async def others_in(self, room_ids: Sequence[int], stay: Stay, order_id: int) -> list[SeenLine]:
        found = await super().others_in(room_ids, stay, order_id)
        return [line for line in found if line.order_id >= self.first_order]


class LensAvailability(Availability):
    """As many rooms as the Alameda has, less those that the shop has sold; the Alameda's prices."""

    lens: Configuration
    connection: Connection

    async def nights(self, info: HotelInfo, span: Stay) -> dict[date, SeenNight]:
        return self._through(await super().nights(info, span), span)

    async def fresh(self, info: HotelInfo, span: Stay) -> dict[date, SeenNight]:
        return self._through(await super().fresh(info, span), span)

    async def whole_stay(self, type_id: int, stay: Stay) -> StayRate | None:
        rate = await super().whole_stay(type_id, stay)
        if rate is None:
            return None
        own = self._own(stay)[self.connection.room_type_id(type_id)]
        too_many = ROOMS_A_TYPE - min(night.capacity for night in own)
        return replace(rate, room_ids=rate.room_ids[: max(0, len(rate.room_ids) - too_many)])

    def _own(self, span: Stay):
        return nights_of(self.lens.hotel, self.lens.exceptions, (), span)

    def _through(self, real: dict[date, SeenNight], span: Stay) -> dict[date, SeenNight]:
        sold = {(night, t.type_id): t.sold for night, seen in real.items() for t in seen.types}
        found: dict[date, list[TypeNight]] = {night: [] for night in real}
        for room_type_id, nights in self._own(span).items():
            type_id = self.connection.room_types[room_type_id]
            for night in nights:
                taken = sold.get((night.night, type_id), 0)
                found[night.night].append(
                    TypeNight(type_id=type_id, capacity=night.capacity, sold=taken, net=night.net_price)
                )
        return {night: SeenNight(types=tuple(types)) for night, types in found.items()}


class LensBackend(QloAppsBackend):
    """Describes the hotel without the rooms too many."""

    async def properties(self) -> Sequence[Property]:
        return [
            replace(
                hotel,
                room_types=tuple(
                    replace(
                        room_type,
                        units=len(known.room_numbers),
                        room_numbers=known.room_numbers,
                    )
                    for room_type, known in zip(hotel.room_types, alameda().hotel.room_types, strict=True)
                ),
            )
            for hotel in await super().properties()
        ]


@asynccontextmanager
async def at_real_qloapps(clock: ManualClock, shop: RealShop) -> AsyncIterator[House]:
    """The house on a real shop; what it made is cancelled at the end, however the test ended."""
    configuration = configuration_of(hotel_file())
    lens = replace(alameda(), hotel=configuration.hotel)
    ledger = MemoryLedger()
    await open_books(ledger, clock, configuration)
    content = hotel_file()
    assert content.pms is not None
    connection = Connection(
        property_id="alameda",
        base_url=shop.url,
        hotel_id=content.pms.hotel_id,
        currency=shop.currency,
        room_types=content.pms.room_types,
        api_key=shop.key,
        host=shop.host,
        requests_per_second=500,
    )
    client = QloAppsClient(connection)
    first_order = await _next(client, "orders")
    try:
        site = await _site(client, connection, clock=clock, ledger=ledger, lens=lens, first_order=first_order)
        backend = LensBackend(sites={"alameda": site}, ledger=ledger, clock=clock)
        for existing in alameda().reservations:
            await _enter(site, lens, existing.reservation(lens.hotel, lens.exceptions, clock.now()))
        await caught_up(backend)
        yield House(backend, ledger, clock, configuration)
    finally:
        for row in await client.rows("orders", {"filter[id]": f"[{first_order},2147483647]", "display": "[id]"}):
            await client.post_state(whole(row["id"]), CANCELED)
        await client.close()


async def _site(
    client: QloAppsClient,
    connection: Connection,
    *,
    clock: ManualClock,
    ledger: MemoryLedger,
    lens: Configuration,
    first_order: int,
) -> Site:
    cache = TwoLayerCache(clock=clock)
    reader = LensReader(client=client, connection=connection, cache=cache, clock=clock)
    orders = LensOrders(client=client, hotel_id=connection.hotel_id)
    availability = LensAvailability(client=client, connection=connection, cache=cache, clock=clock)
    reader.lens = availability.lens = lens
    reader.connection = availability.connection = connection
    orders.reader, orders.first_order = reader, first_order
    journal = MemoryJournal()
    await journal.highest_customer("alameda", await _next(client, "customers") - 1)
    return Site(
        hotel=lens.hotel,
        connection=connection,
        client=client,
        orders=orders,
        customers=Customers(orders=orders, cache=cache, vault=Settings().vault(), clock=clock, property_id="alameda"),
        availability=availability,
        reader=reader,
        books=Books(ledger=ledger, clock=clock),
        journal=journal,
        locks=LocalLocks(clock=clock),
        clock=clock,
    )


async def _enter(site: Site, lens: Configuration, reservation) -> None:
    """Books one of the file's reservations at the shop and enters it in our books under its own code."""
    type_id = site.pms_type(reservation.room_type_id)
    rate = await site.availability.whole_stay(type_id, reservation.stay)
    assert rate is not None, "the demo hotel does not sell this room type"
    room = reservation.rooms[0]
    wanted = (await site.reader.info()).room_by_number(room.room_number) if room.room_number else None
    line = WantedRoom(
        type_id=type_id,
        stay=reservation.stay,
        occupancy=room.occupancy,
        net=net_of(reservation.total.amount, rate.tax_rate(site.hotel)),
        room_id=wanted.room_id if wanted else 0,
    )
    customer = customer_detail(reservation.booker, "alameda", reservation.reservation_id, None)
    body = new_booking(site.connection, source="contract suite", customer=customer, rooms=[line])
    order_id = await _made(site, body)
    order = await site.orders.order(order_id)
    assert order is not None
    if reservation.state is ReservationState.IN_HOUSE:
        async with site.locks.held("alameda") as grip:
            fields = {"id_status": CHECKED_IN, "check_in": f"{reservation.stay.check_in} 15:00:00"}
            await RoomLines(site).put(order.lines[0], fields, grip)
        order = await site.orders.order(order_id)
        assert order is not None
    entered = replace(
        reservation,
        rooms=numbered(reservation.rooms, order),
        external_ids=(ExternalId(system="qloapps", external_id=str(order_id)),),
    )
    async with site.books.ledger.transaction() as tx:
        await books.entered(tx, entered, site.clock.now(), reservation.confirmation_code)
    await site.journal.link(
        Link(property_id="alameda", order_id=order_id, reservation_id=entered.reservation_id, seen=seen_of(order))
    )


async def _made(site: Site, body: Row) -> int:
    """Enters a booking and finds it, as a strict PHP does not answer with it."""
    before = await _next(site.client, "orders")
    try:
        answer = await site.client.post_booking(body)
        return whole(answer["booking"]["id"])
    except Exception:
        after = await _next(site.client, "orders")
        if after != before + 1:
            raise
        return before


async def _next(client: QloAppsClient, resource: str) -> int:
    """The id that the next row will have."""
    rows = await client.rows(resource, {"display": "[id]", "sort": "[id_DESC]", "limit": "1"})
    return whole(rows[0]["id"]) + 1 if rows else 1


def _number(room_type: RoomType, index: int) -> str:
    return room_type.room_numbers[index] if index < len(room_type.room_numbers) else f"spare-{index}"


def _renamed(line: SeenLine, numbers: dict[int, str]) -> SeenLine:
    return replace(line, room_number=numbers.get(line.room_id, line.room_number))
