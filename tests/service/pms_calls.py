"""Calls to PmsService as a client makes them, in one line each."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from google.type.money_pb2 import Money
from hotel.common.v1 import channel_pb2, stay_pb2
from hotel.pms.v1 import offer_pb2, pms_pb2, reservation_pb2
from hotel.pms.v1.pms_pb2_grpc import PmsServiceStub
from mesh.wire import date_to_proto

SECONDS = 20.0
CARLOS = reservation_pb2.Booker(
    given_name="Carlos",
    family_name="Méndez",
    phone_number="+525500000001",
    language="es",
    identity=channel_pb2.ChannelIdentity(channel=channel_pb2.CHANNEL_WHATSAPP, address="5215500000001"),
)


def stay(check_in: str, check_out: str) -> stay_pb2.Stay:
    return stay_pb2.Stay(
        check_in_date=date_to_proto(date.fromisoformat(check_in)),
        check_out_date=date_to_proto(date.fromisoformat(check_out)),
    )


def people(adults: int = 2, *ages: int) -> stay_pb2.Occupancy:
    return stay_pb2.Occupancy(adults=adults, child_ages=ages)


def pesos(units: int, nanos: int = 0) -> Money:
    return Money(currency_code="MXN", units=units, nanos=nanos)


def instant(text: str) -> Timestamp:
    message = Timestamp()
    message.FromDatetime(datetime.fromisoformat(text))
    return message


async def quote(
    pms: PmsServiceStub,
    check_in: str,
    check_out: str,
    *rooms: stay_pb2.Occupancy,
    room: str = "DBL",
    plan: str = "FLEX",
) -> offer_pb2.Quote:
    request = pms_pb2.CreateQuoteRequest(
        property_id="alameda",
        stay=stay(check_in, check_out),
        rooms=rooms or (people(),),
        room_type_id=room,
        rate_plan_id=plan,
    )
    return (await pms.CreateQuote(request, timeout=SECONDS)).quote


async def hold(pms: PmsServiceStub, quoted: offer_pb2.Quote, request_id: str = "hold-1") -> offer_pb2.Hold:
    request = pms_pb2.PlaceHoldRequest(request_id=request_id, quote_token=quoted.quote_token)
    return (await pms.PlaceHold(request, timeout=SECONDS)).hold


async def book(
    pms: PmsServiceStub, quoted: offer_pb2.Quote, hold_id: str = "", request_id: str = "book-1", **fields: Any
) -> reservation_pb2.Reservation:
    request = pms_pb2.CreateReservationRequest(
        **{"request_id": request_id, "quote_token": quoted.quote_token, "hold_id": hold_id, "booker": CARLOS} | fields
    )
    return (await pms.CreateReservation(request, timeout=SECONDS)).reservation


async def by_code(pms: PmsServiceStub, code: str) -> reservation_pb2.Reservation:
    request = pms_pb2.GetReservationRequest(property_id="alameda", confirmation_code=code)
    return (await pms.GetReservation(request, timeout=SECONDS)).reservation


@asynccontextmanager
async def following(
    pms: PmsServiceStub, resume_token: str = ""
) -> AsyncIterator[asyncio.Queue[reservation_pb2.ReservationEvent]]:
    """The events of a watch, as they come, while inside."""
    events: asyncio.Queue[reservation_pb2.ReservationEvent] = asyncio.Queue()
    request = pms_pb2.WatchReservationsRequest(property_id="alameda", resume_token=resume_token)

    async def follow() -> None:
        async for response in pms.WatchReservations(request):
            events.put_nowait(response.event)

    task = asyncio.create_task(follow())
    try:
        async with asyncio.timeout(SECONDS):
            yield events
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def charge(pms: PmsServiceStub, reservation_id: str, request_id: str) -> None:
    request = pms_pb2.PostChargeRequest(
        request_id=request_id, reservation_id=reservation_id, description="Café", amount=pesos(45)
    )
    await pms.PostCharge(request, timeout=SECONDS)
