"""Many guests at the last rooms."""

import asyncio

import grpc.aio
from hotel.pms.v1 import reservation_pb2

from tests.conformance.checking import check
from tests.conformance.expecting import expect, expect_equal, refusal_of
from tests.conformance.visit import Visit, dates_of

LAST_ROOMS = 6
TOO_MANY = 10
_UNCLEAR = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.ABORTED}


@check("a crowd at the last rooms gets exactly those, half of it by way of holds")
async def _(visit: Visit) -> None:
    offer = await visit.offer(nights=2)
    left, most = offer.units_left, visit.ground.hotel.max_rooms_self_service
    while left > LAST_ROOMS:
        rooms = min(left - LAST_ROOMS, most)
        await visit.hold(await visit.quote(offer, rooms=rooms))
        left -= rooms
    quote = await visit.quote(offer)

    async def guest(number: int) -> reservation_pb2.Reservation | None:
        hold_request, booking = visit.request_id(), visit.booking(quote)
        while True:
            try:
                if number % 2 and not booking.hold_id:
                    booking.hold_id = (await visit.hold(quote, hold_request)).hold_id
                return await visit.send(booking)
            except grpc.aio.AioRpcError as error:
                if error.code() in _UNCLEAR:
                    await asyncio.sleep(0.05)
                    continue
                expect_equal(refusal_of(error).reason, "SOLD_OUT", "why a guest was refused")
                return None

    outcomes = await asyncio.gather(*(guest(number) for number in range(left + TOO_MANY)))
    booked = [each for each in outcomes if each is not None]
    expect_equal(len(booked), left, "the number of guests with a room")
    expect_equal(len({each.confirmation_code for each in booked}), left, "the number of different codes")
    check_in, check_out = dates_of(offer.stay)
    for day, night in (await visit.nights(offer)).items():
        if check_in <= day < check_out:
            expect(night.sold + night.held <= night.capacity, f"{day} is oversold")
            expect_equal(night.sold + night.held, night.capacity, f"sold and held on {day}")
