"""The pms service under load: one process of it over gRPC on a real PostgreSQL, the load in this one.

Looking is measured twice, with nights remembered and with every look read from the books; booking always reads and
writes the books. Closed loop, one caller for the times, several for the calls a second.
"""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import grpc.aio
from google.type.date_pb2 import Date
from hotel.common.v1.stay_pb2 import Occupancy, Stay
from hotel.pms.v1 import pms_pb2, reservation_pb2
from hotel.pms.v1.pms_pb2_grpc import PmsServiceStub

from deploy.local.postgres import Postgres
from tests.support.pms_process import PmsProcess, migrated

T = TypeVar("T")
HOTEL_FILE = Path(__file__).parents[2] / "hotel" / "alameda.yaml"
LOOKS = 400
BOOKINGS = 300
CALLERS = 16
WARM_UP = 50
# Stays that guests look at; so many different ones that no two calls in a row ask the same.
STAYS = 120
FIRST_OFFSET_DAYS = 60
TIMEOUT = 10.0


@dataclass(slots=True)
class Result:
    """What was seen; milliseconds, and calls a second."""

    cached_ms: list[float] = field(default_factory=list)
    uncached_ms: list[float] = field(default_factory=list)
    quote_ms: list[float] = field(default_factory=list)
    hold_ms: list[float] = field(default_factory=list)
    booking_ms: list[float] = field(default_factory=list)
    cached_per_second: float = 0.0
    uncached_per_second: float = 0.0


def run(folder: Path, *, seconds: float) -> Result:
    """Measures in a fresh database under `folder`; the calls a second over `seconds`."""
    result = Result()
    with Postgres(folder / "postgres") as server:
        url = migrated(server.url)
        for cache_seconds in ("0", "2"):
            log = folder / f"pms-cache-{cache_seconds}.log"
            with PmsProcess(
                postgres_url=url, hotel_file=HOTEL_FILE, log=log, AVAILABILITY_CACHE_SECONDS=cache_seconds
            ) as process:
                asyncio.run(_measure(process.address, result, cached=cache_seconds != "0", seconds=seconds))
    return result


async def _measure(address: str, result: Result, *, cached: bool, seconds: float) -> None:
    async with grpc.aio.insecure_channel(address) as channel:
        pms = PmsServiceStub(channel)
        looks = itertools.cycle(_looks())
        await _times(WARM_UP, lambda: pms.SearchAvailability(next(looks), timeout=TIMEOUT))
        times = await _times(LOOKS, lambda: pms.SearchAvailability(next(looks), timeout=TIMEOUT))
        rate = await _rate(seconds, lambda: pms.SearchAvailability(next(looks), timeout=TIMEOUT))
        if not cached:
            result.uncached_ms, result.uncached_per_second = times, rate
            return
        result.cached_ms, result.cached_per_second = times, rate
        await _book(pms, result)


async def _book(pms: PmsServiceStub, result: Result) -> None:
    """Quote, hold, reservation, one guest after the other, each on a night of their own."""
    for number in range(WARM_UP + BOOKINGS):
        request = pms_pb2.CreateQuoteRequest(
            property_id="alameda",
            stay=_stay(_first_night() + timedelta(days=number % 400), 1),
            rooms=[Occupancy(adults=2)],
            room_type_id="DBL",
            rate_plan_id="FLEX",
        )
        quote_ms, quoted = await timed(pms.CreateQuote(request, timeout=TIMEOUT))
        hold = pms_pb2.PlaceHoldRequest(request_id=f"bench-hold-{number}", quote_token=quoted.quote.quote_token)
        hold_ms, held = await timed(pms.PlaceHold(hold, timeout=TIMEOUT))
        booking = pms_pb2.CreateReservationRequest(
            request_id=f"bench-book-{number}",
            quote_token=quoted.quote.quote_token,
            hold_id=held.hold.hold_id,
            booker=reservation_pb2.Booker(given_name="Bench", phone_number=f"+52551{number:07d}"),
        )
        booking_ms, _ = await timed(pms.CreateReservation(booking, timeout=TIMEOUT))
        if number >= WARM_UP:
            result.quote_ms.append(quote_ms)
            result.hold_ms.append(hold_ms)
            result.booking_ms.append(booking_ms)


async def _times(count: int, call: Callable[[], Awaitable[object]]) -> list[float]:
    return [(await timed(call()))[0] for _ in range(count)]


async def timed(call: Awaitable[T]) -> tuple[float, T]:
    """Milliseconds, and the answer."""
    begun = time.perf_counter()
    answer = await call
    return (time.perf_counter() - begun) * 1000, answer


async def _rate(seconds: float, call: Callable[[], Awaitable[object]]) -> float:
    """Calls a second with several callers at once."""
    begun, calls = time.perf_counter(), itertools.count()

    async def caller() -> None:
        while time.perf_counter() - begun < seconds:
            await call()
            next(calls)

    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    return next(calls) / (time.perf_counter() - begun)


def _looks() -> Iterator[pms_pb2.SearchAvailabilityRequest]:
    for number in range(STAYS):
        yield pms_pb2.SearchAvailabilityRequest(
            property_id="alameda",
            stay=_stay(_first_night() + timedelta(days=number * 3), 1 + number % 4),
            rooms=[Occupancy(adults=2)],
        )


def _first_night() -> date:
    return datetime.now(UTC).date() + timedelta(days=FIRST_OFFSET_DAYS)


def _stay(check_in: date, nights: int) -> Stay:
    return Stay(check_in_date=_date(check_in), check_out_date=_date(check_in + timedelta(days=nights)))


def _date(day: date) -> Date:
    return Date(year=day.year, month=day.month, day=day.day)
