"""Arrivals, departures and charges."""

import grpc
from google.type.money_pb2 import Money
from hotel.pms.v1 import pms_pb2, reservation_pb2

from tests.conformance.checking import check
from tests.conformance.expecting import expect, expect_each_refused, expect_equal, expect_refused
from tests.conformance.visit import WRITE_SECONDS, NothingToCheckError, Visit, stay_of

UNKNOWN = "res_no_such_reservation"


async def _check_in(visit: Visit, reservation_id: str, etag: str, request_id: str = "") -> reservation_pb2.Reservation:
    request = pms_pb2.CheckInRequest(
        request_id=request_id or visit.request_id(), reservation_id=reservation_id, etag=etag
    )
    return (await visit.pms.CheckIn(request, timeout=WRITE_SECONDS)).reservation


async def _check_out(visit: Visit, reservation_id: str, etag: str, request_id: str = "") -> reservation_pb2.Reservation:
    request = pms_pb2.CheckOutRequest(
        request_id=request_id or visit.request_id(), reservation_id=reservation_id, etag=etag
    )
    return (await visit.pms.CheckOut(request, timeout=WRITE_SECONDS)).reservation


async def _charge(visit: Visit, reservation_id: str, amount: Money, request_id: str = "") -> reservation_pb2.Charge:
    request = pms_pb2.PostChargeRequest(
        request_id=request_id or visit.request_id(),
        reservation_id=reservation_id,
        description="Conformance check",
        amount=amount,
    )
    return (await visit.pms.PostCharge(request, timeout=WRITE_SECONDS)).charge


@check("nobody arrives weeks before their stay, or leaves who never came: STATE_NOT_ALLOWED")
async def _(visit: Visit) -> None:
    made = await visit.book(await visit.offer())
    calls = (_check_in(visit, made.reservation_id, made.etag), _check_out(visit, made.reservation_id, made.etag))
    await expect_each_refused(calls, grpc.StatusCode.FAILED_PRECONDITION, "STATE_NOT_ALLOWED")
    expect_equal(await visit.reservation(made.reservation_id), made, "the reservation")


@check("an etag that is not the latest is VERSION_MISMATCH")
async def _(visit: Visit) -> None:
    made = await visit.book(await visit.offer())
    calls = (_check_in(visit, made.reservation_id, "no-etag"), _check_out(visit, made.reservation_id, "no-etag"))
    await expect_each_refused(calls, grpc.StatusCode.ABORTED, "VERSION_MISMATCH")


@check("an unknown reservation is RESERVATION_NOT_FOUND")
async def _(visit: Visit) -> None:
    sum_ = Money(currency_code=visit.ground.hotel.currency_code, units=1)
    calls = (_check_in(visit, UNKNOWN, "1"), _check_out(visit, UNKNOWN, "1"), _charge(visit, UNKNOWN, sum_))
    await expect_each_refused(calls, grpc.StatusCode.NOT_FOUND, "RESERVATION_NOT_FOUND")


@check("a charge in another currency, or of nothing, is INVALID_ARGUMENT")
async def _(visit: Visit) -> None:
    made = await visit.book(await visit.offer())
    own = visit.ground.hotel.currency_code
    for amount in (
        Money(currency_code="XTS" if own != "XTS" else "XXX", units=1),
        Money(currency_code=own),
        Money(currency_code=own, units=1, nanos=-1),
        Money(units=1),
    ):
        call = _charge(visit, made.reservation_id, amount)
        refusal = await expect_refused(call, grpc.StatusCode.INVALID_ARGUMENT, "INVALID_ARGUMENT")
        named = any(path.startswith("amount") for path in refusal.fields)
        expect(named, f"BadRequest names {sorted(refusal.fields)}, should name amount")


@check("a guest arrives today, is charged and leaves, each once a request", staff=True)
async def _(visit: Visit) -> None:
    today = stay_of(visit.ground.today, 1)
    offers = (await visit.search(today)).offers
    if not offers:
        raise NothingToCheckError("nothing is free tonight")
    made = await visit.book(offers[0])
    request_ids = [visit.request_id() for _ in range(3)]
    arrived = [await _check_in(visit, made.reservation_id, made.etag, request_ids[0]) for _ in range(2)]
    expect_equal(arrived[0], arrived[1], "the answer to the repeated check-in")
    expect_equal(arrived[0].state, reservation_pb2.RESERVATION_STATE_IN_HOUSE, "the state after the arrival")
    expect(arrived[0].etag != made.etag, "the etag is as before the arrival")
    amount = Money(currency_code=visit.ground.hotel.currency_code, units=12, nanos=500_000_000)
    charged = [await _charge(visit, made.reservation_id, amount, request_ids[1]) for _ in range(2)]
    expect_equal(charged[0], charged[1], "the answer to the repeated charge")
    expect_equal(charged[0].amount, amount, "the sum charged")
    departed = [await _check_out(visit, made.reservation_id, arrived[0].etag, request_ids[2]) for _ in range(2)]
    expect_equal(departed[0], departed[1], "the answer to the repeated check-out")
    expect_equal(departed[0].state, reservation_pb2.RESERVATION_STATE_CHECKED_OUT, "the state after the departure")
