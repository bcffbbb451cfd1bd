"""Reservations, made once however often they are asked for."""

import asyncio
from datetime import timedelta

import grpc
import grpc.aio
from google.type.timeofday_pb2 import TimeOfDay
from hotel.pms.v1 import pms_pb2, reservation_pb2

from tests.conformance.checking import check
from tests.conformance.expecting import expect, expect_equal, expect_refused, refusal_of
from tests.conformance.visit import READ_SECONDS, Visit, dates_of


@check("a booking with a hold turns held rooms into sold ones, at the quoted price")
async def _(visit: Visit) -> None:
    offer = await visit.offer(nights=2)
    before = await visit.nights(offer)
    quote = await visit.quote(offer)
    hold = await visit.hold(quote)
    made = await visit.send(
        visit.booking(quote, hold.hold_id, remark="quiet, please", arrival_time=TimeOfDay(hours=22, minutes=30))
    )
    expect_equal(made.state, reservation_pb2.RESERVATION_STATE_CONFIRMED, "the state")
    expect_equal((made.total, made.price), (quote.total, quote.offer.price), "the price")
    expect_equal((made.stay, made.room_type_id), (offer.stay, offer.room_type_id), "what is booked")
    expect_equal(made.rate_plan_id, offer.rate_plan_id, "the rate plan")
    expect_equal(len(made.rooms), 1, "the number of rooms")
    expect_equal((made.remark, made.arrival_time.hours), ("quiet, please", 22), "remark and arrival")
    expect_equal(made.booker.phone_number, visit.booker.phone_number, "the booker's phone")
    expect(bool(made.etag) and made.HasField("create_time"), "no etag or create_time")
    check_in, check_out = dates_of(offer.stay)
    for day, night in (await visit.nights(offer)).items():
        sold = before[day].sold + int(check_in <= day < check_out)
        expect_equal((night.sold, night.held), (sold, before[day].held), f"sold and held on {day}")


@check("the night of departure stays free: stays are half-open")
async def _(visit: Visit) -> None:
    offer = await visit.offer(nights=1, after=1)
    before = await visit.nights(offer)
    await visit.book(offer)
    _, check_out = dates_of(offer.stay)
    after = await visit.nights(offer)
    expect_equal(after[check_out], before[check_out], f"the night of {check_out}")
    arrival, _ = dates_of(offer.stay)
    day_before = arrival - timedelta(days=1)
    expect_equal(after[day_before], before[day_before], f"the night of {day_before}")


@check("a confirmation code is sayable and finds its reservation in upper and lower case")
async def _(visit: Visit) -> None:
    made = await visit.book(await visit.offer())
    code = made.confirmation_code
    expect(0 < len(code) <= 12 and code.isalnum() and code == code.upper(), f"{code!r} is not a short code")
    expect(not set("0O1I") & set(code), f"{code!r} has 0, O, 1 or I")
    for written in (code, code.lower()):
        request = pms_pb2.GetReservationRequest(property_id=visit.property_id, confirmation_code=written)
        found = (await visit.pms.GetReservation(request, timeout=READ_SECONDS)).reservation
        expect_equal(found, made, "the reservation found by code")
    expect_equal(await visit.reservation(made.reservation_id), made, "the reservation found by id")


@check("the same request again gives the same reservation and sells nothing more")
async def _(visit: Visit) -> None:
    offer = await visit.offer()
    booking = visit.booking(await visit.quote(offer))
    made = await visit.send(booking)
    inventory = await visit.nights(offer)
    expect_equal(await visit.send(booking), made, "the answer to the repeat")
    expect_equal(await visit.nights(offer), inventory, "the inventory after the repeat")


@check("the same request many times at once makes one reservation")
async def _(visit: Visit) -> None:
    offer = await visit.offer()
    before = await visit.nights(offer)
    booking = visit.booking(await visit.quote(offer))
    answers = await asyncio.gather(*(visit.send(booking) for _ in range(8)), return_exceptions=True)
    made = [answer for answer in answers if isinstance(answer, reservation_pb2.Reservation)]
    for error in answers:
        if isinstance(error, grpc.aio.AioRpcError):
            expect_equal(refusal_of(error).reason, "REQUEST_IN_PROGRESS", "the reason of the ones that lost")
    made.append(await visit.send(booking))
    expect_equal(len({each.reservation_id for each in made}), 1, "the number of reservations")
    check_in, _ = dates_of(offer.stay)
    expect_equal((await visit.nights(offer))[check_in].sold, before[check_in].sold + 1, "rooms sold")


@check("the same request id with another body is REQUEST_ID_REUSED")
async def _(visit: Visit) -> None:
    quote = await visit.quote(await visit.offer(least_left=2))
    booking = visit.booking(quote)
    await visit.send(booking)
    other = visit.booking(quote, request_id=booking.request_id, remark="something else")
    await expect_refused(visit.send(other), grpc.StatusCode.INVALID_ARGUMENT, "REQUEST_ID_REUSED")


@check("a booker needs a name and a way to be reached: INVALID_ARGUMENT, by field")
async def _(visit: Visit) -> None:
    quote = await visit.quote(await visit.offer())
    for booker, field in (
        (reservation_pb2.Booker(phone_number="+12025550100"), "booker.given_name"),
        (reservation_pb2.Booker(given_name="Conformance"), "booker.phone_number"),
        (reservation_pb2.Booker(given_name="Conformance", phone_number="12 34"), "booker.phone_number"),
        (reservation_pb2.Booker(given_name="Conformance", email="nowhere"), "booker.email"),
    ):
        call = visit.send(visit.booking(quote, booker=booker))
        await expect_refused(call, grpc.StatusCode.INVALID_ARGUMENT, "INVALID_ARGUMENT", field=field)


@check("a remark of more than 1,000 characters is INVALID_ARGUMENT")
async def _(visit: Visit) -> None:
    call = visit.send(visit.booking(await visit.quote(await visit.offer()), remark="x" * 1001))
    await expect_refused(call, grpc.StatusCode.INVALID_ARGUMENT, "INVALID_ARGUMENT", field="remark")


@check("a refused booking leaves nothing behind, not even its request id")
async def _(visit: Visit) -> None:
    offer = await visit.offer()
    before = await visit.nights(offer)
    quote = await visit.quote(offer)
    hold = await visit.hold(quote)
    release = pms_pb2.ReleaseHoldRequest(request_id=visit.request_id(), hold_id=hold.hold_id)
    await visit.pms.ReleaseHold(release, timeout=READ_SECONDS)
    booking = visit.booking(quote, hold.hold_id)
    await expect_refused(visit.send(booking), grpc.StatusCode.FAILED_PRECONDITION, "HOLD_NOT_ACTIVE")
    expect_equal(await visit.nights(offer), before, "the inventory")


@check("an unknown reservation is RESERVATION_NOT_FOUND, by id and by code")
async def _(visit: Visit) -> None:
    for request in (
        pms_pb2.GetReservationRequest(reservation_id="res_no_such_reservation"),
        pms_pb2.GetReservationRequest(property_id=visit.property_id, confirmation_code="NOSUCH"),
    ):
        call = visit.pms.GetReservation(request, timeout=READ_SECONDS)
        await expect_refused(call, grpc.StatusCode.NOT_FOUND, "RESERVATION_NOT_FOUND")
