"""What can be had, and why not."""

from datetime import timedelta

import grpc
from hotel.common.v1.stay_pb2 import Occupancy
from hotel.pms.v1 import offer_pb2, pms_pb2

from tests.conformance.checking import check
from tests.conformance.expecting import expect, expect_equal, expect_refused
from tests.conformance.visit import READ_SECONDS, Visit, date_message, stay_of

REASON = offer_pb2.Unavailability


@check("every room type is offered or refused, none twice under one rate plan")
async def _(visit: Visit) -> None:
    offer = await visit.offer()
    answer = await visit.search(offer.stay)
    offered = {each.room_type_id for each in answer.offers}
    refused = {each.room_type_id for each in answer.unavailable}
    expect_equal(offered | refused, {each.room_type_id for each in visit.ground.room_types}, "what is answered")
    expect(not offered & refused, "a room type is offered and refused")
    pairs = [(each.room_type_id, each.rate_plan_id) for each in answer.offers]
    expect_equal(len(set(pairs)), len(pairs), "the number of different offers")
    expect(all(each.stay == offer.stay and each.units_left > 0 for each in answer.offers), "an offer of other nights")


@check("filters by room type and rate plan are obeyed")
async def _(visit: Visit) -> None:
    offer = await visit.offer()
    answer = await visit.search(offer.stay, room_type_id=offer.room_type_id, rate_plan_id=offer.rate_plan_id)
    pairs = [(each.room_type_id, each.rate_plan_id) for each in answer.offers]
    expect_equal(pairs, [(offer.room_type_id, offer.rate_plan_id)], "what is offered")


@check("unknown room types and rate plans are NOT_FOUND")
async def _(visit: Visit) -> None:
    stay = stay_of(visit.ground.today + timedelta(days=30), 1)
    for field, reason in (("room_type_id", "ROOM_TYPE_NOT_FOUND"), ("rate_plan_id", "RATE_PLAN_NOT_FOUND")):
        await expect_refused(visit.search(stay, **{field: "no-such-id"}), grpc.StatusCode.NOT_FOUND, reason)


@check("a stay without nights and nobody to sleep are INVALID_ARGUMENT, by field")
async def _(visit: Visit) -> None:
    day = visit.ground.today + timedelta(days=30)
    none = stay_of(day, 0)
    path = "stay.check_out_date"
    await expect_refused(visit.search(none), grpc.StatusCode.INVALID_ARGUMENT, "INVALID_ARGUMENT", field=path)
    await expect_refused(
        visit.search(stay_of(day, -1)), grpc.StatusCode.INVALID_ARGUMENT, "INVALID_ARGUMENT", field=path
    )
    await expect_refused(
        visit.search(stay_of(day, 1), rooms=0), grpc.StatusCode.INVALID_ARGUMENT, "INVALID_ARGUMENT", field="rooms"
    )


@check("yesterday is refused as PAST, in the answer and as an error of a quote")
async def _(visit: Visit) -> None:
    # Two days back: past in every time zone.
    await _is_refused(visit, offset=-2, reason=REASON.REASON_PAST, error="PAST")


@check("a stay beyond the horizon is refused as BEYOND_HORIZON, with the last date")
async def _(visit: Visit) -> None:
    offset = visit.ground.hotel.booking_horizon_days + 1
    await _is_refused(
        visit, offset=offset, reason=REASON.REASON_BEYOND_HORIZON, error="BEYOND_HORIZON", metadata="last_date"
    )


async def _is_refused(visit: Visit, *, offset: int, reason: int, error: str, metadata: str = "") -> None:
    stay = stay_of(visit.ground.today + timedelta(days=offset), 1)
    answer = await visit.search(stay)
    expect(not answer.offers and not answer.alternatives, "something is offered")
    expect(all(each.reason == reason for each in answer.unavailable), f"the reason is not {error}")
    wanted = offer_pb2.Offer(
        stay=stay,
        room_type_id=visit.ground.room_types[0].room_type_id,
        rate_plan_id=visit.ground.rate_plans[0].rate_plan_id,
    )
    await expect_refused(visit.quote(wanted), grpc.StatusCode.FAILED_PRECONDITION, error, metadata=metadata)


@check("too many people are refused as OCCUPANCY, with the limit")
async def _(visit: Visit) -> None:
    offer = await visit.offer()
    largest = max(each.max_occupancy for each in visit.ground.room_types)
    crowd = [Occupancy(adults=largest + 1)]
    request = pms_pb2.SearchAvailabilityRequest(property_id=visit.property_id, stay=offer.stay, rooms=crowd)
    answer = await visit.pms.SearchAvailability(request, timeout=READ_SECONDS)
    expect(not answer.offers, "a crowd is offered a room")
    reasons = {each.reason for each in answer.unavailable}
    expect_equal(reasons, {REASON.REASON_OCCUPANCY}, "the reasons")
    limits = {each.room_type_id: each.limit for each in answer.unavailable}
    sleeps = {each.room_type_id: each.max_occupancy for each in visit.ground.room_types}
    expect_equal(limits, sleeps, "the limits")
    quote = visit.quote_request(offer)
    del quote.rooms[:]
    quote.rooms.extend(crowd)
    call = visit.pms.CreateQuote(quote, timeout=READ_SECONDS)
    await expect_refused(call, grpc.StatusCode.FAILED_PRECONDITION, "OCCUPANCY", metadata="max_occupancy")


@check("more rooms than are sold without staff are refused as GROUP_TOO_LARGE, with the limit")
async def _(visit: Visit) -> None:
    offer = await visit.offer()
    rooms = visit.ground.hotel.max_rooms_self_service + 1
    answer = await visit.search(offer.stay, rooms=rooms)
    expect_equal({each.reason for each in answer.unavailable}, {REASON.REASON_GROUP_TOO_LARGE}, "the reasons")
    await expect_refused(
        visit.quote(offer, rooms=rooms), grpc.StatusCode.FAILED_PRECONDITION, "GROUP_TOO_LARGE", metadata="max_rooms"
    )


@check("a date that does not exist is INVALID_ARGUMENT, by field")
async def _(visit: Visit) -> None:
    stay = stay_of(visit.ground.today + timedelta(days=30), 1)
    stay.check_in_date.CopyFrom(date_message(visit.ground.today))
    stay.check_in_date.month, stay.check_in_date.day = 2, 30
    await expect_refused(
        visit.search(stay), grpc.StatusCode.INVALID_ARGUMENT, "INVALID_ARGUMENT", field="stay.check_in_date"
    )


@check("what is sold out is an answer with a reason and at most three alternatives, each to be had")
async def _(visit: Visit) -> None:
    offer = await visit.offer(nights=1)
    most = visit.ground.hotel.max_rooms_self_service
    left = offer.units_left
    while left > 0:
        rooms = min(left, most)
        await visit.hold(await visit.quote(offer, rooms=rooms))
        left -= rooms
    answer = await visit.search(offer.stay, room_type_id=offer.room_type_id, rate_plan_id=offer.rate_plan_id)
    expect(not answer.offers, "what is wholly held is still offered")
    expect_equal([each.reason for each in answer.unavailable], [REASON.REASON_SOLD_OUT], "the reasons")
    expect_equal(answer.unavailable[0].date, offer.stay.check_in_date, "the night in the way")
    expect(len(answer.alternatives) <= 3, "more than three alternatives")
    for other in answer.alternatives:
        expect((other.room_type_id, other.stay) != (offer.room_type_id, offer.stay), "the same is an alternative")
        await visit.quote(other)
    await expect_refused(visit.quote(offer), grpc.StatusCode.FAILED_PRECONDITION, "SOLD_OUT")
