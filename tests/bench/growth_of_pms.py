"""The pms service over many reservations and many properties: looking, booking, finding."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import grpc.aio
from google.type.date_pb2 import Date
from hotel.common.v1.stay_pb2 import Occupancy, Stay
from hotel.pms.v1 import pms_pb2, reservation_pb2
from hotel.pms.v1.pms_pb2_grpc import PmsServiceStub

from deploy.local.postgres import Postgres
from deploy.local.terminal import say
from tests.bench import cpu, volume
from tests.bench.pms_load import timed
from tests.support.pms_process import PmsProcess, migrated
from tests.support.polling import wait_until

HOTEL_FILE = Path(__file__).parents[2] / "hotel" / "alameda.yaml"
RESERVATIONS = (1_000, 100_000)
PROPERTIES = (1, 100, 1_000)
CALLS = 150
WARM_UP = 20
TIMEOUT = 20.0
# In a second: less than that is a server with nothing to do.
IDLE_CPU_MS = 100
_NUMBERS = itertools.count(1)
_STRANGER = "'5299' || lpad(n::text, 8, '0')"
_ROWS = {
    "pms.guest": ("phone_key <> ''", {"profile_id": "'gp_g' || n", "phone_key": _STRANGER, "email_key": "''"}),
    "pms.reservation": (
        "state = 'CONFIRMED'",
        {
            "reservation_id": "'res_g' || n",
            "confirmation_code": "'G' || lpad(n::text, 7, '0')",
            "state": "'CHECKED_OUT'",
            # Ten years of stays, in the past.
            "check_in": "current_date - 1 - (n % 3650)::integer",
            "check_out": "current_date - (n % 3650)::integer",
            "profile_id": "'gp_g' || n",
            "phone_key": _STRANGER,
            "email_key": "''",
            "identity_key": "''",
        },
    ),
}
_PROPERTY = {
    "property_id": "'hotel_' || n",
    "document": "replace(t.document::text, '\"alameda\"', '\"hotel_' || n || '\"')::jsonb",
    "configuration": "replace(t.configuration::text, '\"alameda\"', '\"hotel_' || n || '\"')::jsonb",
}
# Nights as the hotel's file says; others would be brought back to it by the next start, two million of them.
_KEEP_NIGHTS = "CREATE TABLE nights_of_the_file AS SELECT * FROM pms.inventory_night WHERE property_id = 'alameda'"
_NIGHTS = """
    INSERT INTO pms.inventory_night
    SELECT 'hotel_' || n, room_type_id, night, capacity, 0, 0, net_price, min_nights, max_nights, closed_to_arrival,
        closed_to_departure
    FROM nights_of_the_file CROSS JOIN generate_series($1::bigint, $2::bigint) n
"""
# Guests of a bench are not to be sold out.
_EVERY_NIGHT_OPEN = """
    UPDATE pms.inventory_night SET capacity = 1000, min_nights = 0, max_nights = 0, closed_to_arrival = false,
        closed_to_departure = false
    WHERE property_id = $1
"""
Found = dict[str, list[tuple[int, list[float], float]]]


def measure(folder: Path) -> Found:
    """By call: rows, milliseconds of each call, processor ms of PostgreSQL a call."""
    found: Found = defaultdict(list)
    with Postgres(folder / "postgres") as server:
        url = migrated(server.url)
        with PmsProcess(postgres_url=url, hotel_file=HOTEL_FILE, log=folder / "pms.log") as process:
            asyncio.run(_execute(url, _KEEP_NIGHTS))
            asyncio.run(_execute(url, _EVERY_NIGHT_OPEN, "alameda"))
            asyncio.run(_book(process.address, "alameda", 1))  # the pattern of all others
            filled = 0
            for rows in RESERVATIONS:
                say(f"\nfilling up to {rows:,} reservations …")
                asyncio.run(volume.fill(url, _ROWS, first=filled + 1, last=rows))
                filled = rows
                _add(found, "reservations", rows, address=process.address, property_id="alameda", server=server)
        _measure_properties(found, folder, url, server)
    return found


def _measure_properties(found: Found, folder: Path, url: str, server: Postgres) -> None:
    filled = 1
    for rows in PROPERTIES:
        say(f"\nfilling up to {rows:,} properties …")
        asyncio.run(_fill_properties(url, filled, rows - 1))
        filled = rows
        spent, started = _spent(server), time.perf_counter()
        with PmsProcess(postgres_url=url, hotel_file=HOTEL_FILE, log=folder / "pms.log") as process:
            last = f"hotel_{rows - 1}" if rows > 1 else "alameda"
            ready = (time.perf_counter() - started) * 1000
            _wait_until_quiet(server)
            found["start, by properties"].append((rows, [ready], _spent(server) - spent))
            asyncio.run(_execute(url, _EVERY_NIGHT_OPEN, last))  # a start brings back what the hotel's file says
            _add(found, "properties", rows, address=process.address, property_id=last, server=server)


def _wait_until_quiet(server: Postgres) -> None:
    """After a start, and daily, each property is asked whether nights are to be opened: no part of a booking."""
    seen = _spent(server)

    def quiet() -> bool:
        nonlocal seen
        before = seen
        time.sleep(1.0)
        seen = _spent(server)
        return seen - before < IDLE_CPU_MS

    wait_until(quiet, what="PostgreSQL at rest", seconds=600)


def _add(found: Found, what: str, rows: int, *, address: str, property_id: str, server: Postgres) -> None:
    asyncio.run(_book(address, property_id, WARM_UP))
    before = _spent(server)
    times = asyncio.run(_book(address, property_id, CALLS))
    spent = (_spent(server) - before) / CALLS
    for call, ms in times.items():
        found[f"{call}, by {what}"].append((rows, ms, 0.0))
    whole = [sum(parts) for parts in zip(*times.values(), strict=True)]
    found[f"all of them, by {what}"].append((rows, whole, spent))


async def _book(address: str, property_id: str, times: int) -> dict[str, list[float]]:
    """Looks, asks for a price, holds, books, and finds by phone and by code; milliseconds by call."""
    spent: dict[str, list[float]] = defaultdict(list)
    async with grpc.aio.insecure_channel(address) as channel:
        pms = PmsServiceStub(channel)
        for number in itertools.islice(_NUMBERS, times):
            await _guest(pms, property_id, number, spent)
    return spent


async def _guest(pms: PmsServiceStub, property_id: str, number: int, spent: dict[str, list[float]]) -> None:
    stay = _stay(number)
    phone = f"+52551{number:07d}"
    look = pms_pb2.SearchAvailabilityRequest(property_id=property_id, stay=stay, rooms=[Occupancy(adults=2)])
    ms, _ = await timed(pms.SearchAvailability(look, timeout=TIMEOUT))
    spent["SearchAvailability"].append(ms)
    price = pms_pb2.CreateQuoteRequest(
        property_id=property_id, stay=stay, rooms=[Occupancy(adults=2)], room_type_id="DBL", rate_plan_id="FLEX"
    )
    ms, quoted = await timed(pms.CreateQuote(price, timeout=TIMEOUT))
    spent["CreateQuote"].append(ms)
    booking = pms_pb2.CreateReservationRequest(
        request_id=f"growth-{property_id}-{number}",
        quote_token=quoted.quote.quote_token,
        booker=reservation_pb2.Booker(given_name="Bench", family_name="Mark", phone_number=phone),
    )
    ms, booked = await timed(pms.CreateReservation(booking, timeout=TIMEOUT))
    spent["CreateReservation"].append(ms)
    by_phone = pms_pb2.ListReservationsRequest(property_id=property_id, phone_number=phone)
    ms, _ = await timed(pms.ListReservations(by_phone, timeout=TIMEOUT))
    spent["ListReservations by phone"].append(ms)
    by_code = pms_pb2.GetReservationRequest(
        property_id=property_id, confirmation_code=booked.reservation.confirmation_code
    )
    ms, _ = await timed(pms.GetReservation(by_code, timeout=TIMEOUT))
    spent["GetReservation by code"].append(ms)


def _spent(server: Postgres) -> float:
    """Milliseconds of processor that PostgreSQL has taken."""
    assert server.pid is not None
    return cpu.seconds(cpu.family(server.pid)) * 1000


async def _execute(url: str, statement: str, *arguments: object) -> None:
    db = await volume.connect(url)
    try:
        await db.execute(statement, *arguments)
    finally:
        await db.close()


async def _fill_properties(url: str, first: int, last: int) -> None:
    if last < first:
        return
    db = await volume.connect(url)
    try:
        like = "property_id = 'alameda'"
        await volume.multiply(db, "pms.property", like=like, but=_PROPERTY, first=first, last=last)
        await db.execute(_NIGHTS, first, last, timeout=600)
    finally:
        await db.close()
    await volume.settle(url, "pms.property", "pms.inventory_night")


def _stay(number: int) -> Stay:
    check_in = datetime.now(UTC).date() + timedelta(days=30 + number % 480)
    return Stay(check_in_date=_date(check_in), check_out_date=_date(check_in + timedelta(days=1)))


def _date(day: date) -> Date:
    return Date(year=day.year, month=day.month, day=day.day)
