"""Rooms off sale while a guest decides."""

from datetime import timedelta

import grpc
from hotel.pms.v1 import offer_pb2, pms_pb2

from tests.conformance.checking import check
from tests.conformance.expecting import expect, expect_each_refused, expect_equal, expect_refused
from tests.conformance.visit import READ_SECONDS, WRITE_SECONDS, Visit, date_of, dates_of, now

SKEW = timedelta(minutes=2)


async def _release(visit: Visit, hold_id: str, request_id: str = "") -> offer_pb2.Hold:
    request = pms_pb2.ReleaseHoldRequest(request_id=request_id or visit.request_id(), hold_id=hold_id)
    return (await visit.pms.ReleaseHold(request, timeout=WRITE_SECONDS)).hold


async def _get(visit: Visit, hold_id: str) -> offer_pb2.Hold:
    return (await visit.pms.GetHold(pms_pb2.GetHoldRequest(hold_id=hold_id), timeout=READ_SECONDS)).hold


@check("a hold takes its rooms off sale on every night of its stay and on no other")
async def _(visit: Visit) -> None:
    offer = await visit.offer(nights=2)
    before = await visit.nights(offer)
    hold = await visit.hold(await visit.quote(offer))
    after = await visit.nights(offer)
    check_in, check_out = dates_of(offer.stay)
    for day, night in after.items():
        taken = int(check_in <= day < check_out)
        expect_equal(night.held, before[day].held + taken, f"held on {day} (stay {check_in} to {check_out})")
    await _release(visit, hold.hold_id)
    expect_equal(await visit.nights(offer), before, "the inventory after the release")


@check("a hold is active, of the quote's rooms, and ends before the quote and the hold duration do")
async def _(visit: Visit) -> None:
    quote = await visit.quote(await visit.offer(rooms=2, least_left=2), rooms=2)
    hold = await visit.hold(quote)
    expect_equal(hold.state, offer_pb2.Hold.STATE_ACTIVE, "the state")
    expect_equal((hold.stay, hold.units, hold.quote_id), (quote.offer.stay, 2, quote.quote_id), "what is held")
    expires = hold.expire_time.ToDatetime(tzinfo=now().tzinfo)
    most = visit.ground.hotel.hold_duration.ToTimedelta()
    expect(now() - SKEW < expires <= now() + most + SKEW, f"expire_time {expires} is not within {most}")
    expect(hold.expire_time.ToNanoseconds() <= quote.expire_time.ToNanoseconds(), "the hold outlives its quote")
    expect(hold.fence > 0, "there is no fencing number")
    expect_equal(await _get(visit, hold.hold_id), hold, "the hold as read back")


@check("the same request again gives the same hold and takes nothing more")
async def _(visit: Visit) -> None:
    offer = await visit.offer()
    quote, request_id = await visit.quote(offer), visit.request_id()
    first = await visit.hold(quote, request_id)
    inventory = await visit.nights(offer)
    expect_equal(await visit.hold(quote, request_id), first, "the answer to the repeat")
    expect_equal(await visit.nights(offer), inventory, "the inventory after the repeat")


@check("the same request id with another body is REQUEST_ID_REUSED")
async def _(visit: Visit) -> None:
    offer, request_id = await visit.offer(), visit.request_id()
    await visit.hold(await visit.quote(offer), request_id)
    other = await visit.quote(offer)
    await expect_refused(visit.hold(other, request_id), grpc.StatusCode.INVALID_ARGUMENT, "REQUEST_ID_REUSED")


@check("every hold has a greater fencing number than the one before")
async def _(visit: Visit) -> None:
    quote = await visit.quote(await visit.offer(least_left=2))
    first, second = await visit.hold(quote), await visit.hold(quote)
    expect(second.fence > first.fence, f"{second.fence} follows {first.fence}")
    released = await _release(visit, second.hold_id)
    expect(released.fence > second.fence, "a release leaves the fencing number as it was")


@check("releasing twice is no error and gives rooms back once")
async def _(visit: Visit) -> None:
    offer = await visit.offer()
    before = await visit.nights(offer)
    hold, request_id = await visit.hold(await visit.quote(offer)), visit.request_id()
    for again in (request_id, request_id, visit.request_id()):
        expect_equal((await _release(visit, hold.hold_id, again)).state, offer_pb2.Hold.STATE_RELEASED, "the state")
    expect_equal(await visit.nights(offer), before, "the inventory")
    days = [date_of(night.date) for night in before.values()]
    expect_equal(len(days), len(set(days)), "the number of nights")


@check("an unknown hold is HOLD_NOT_FOUND")
async def _(visit: Visit) -> None:
    unknown = "hld_no_such_hold"
    booking = visit.booking(await visit.quote(await visit.offer()), unknown)
    calls = (_get(visit, unknown), _release(visit, unknown), visit.send(booking))
    await expect_each_refused(calls, grpc.StatusCode.NOT_FOUND, "HOLD_NOT_FOUND")


@check("a released hold confirms nothing: HOLD_NOT_ACTIVE")
async def _(visit: Visit) -> None:
    quote = await visit.quote(await visit.offer())
    hold = await visit.hold(quote)
    await _release(visit, hold.hold_id)
    call = visit.send(visit.booking(quote, hold.hold_id))
    await expect_refused(call, grpc.StatusCode.FAILED_PRECONDITION, "HOLD_NOT_ACTIVE")


@check("a confirmed hold can be neither released nor confirmed again: HOLD_NOT_ACTIVE")
async def _(visit: Visit) -> None:
    quote = await visit.quote(await visit.offer(least_left=2))
    hold = await visit.hold(quote)
    await visit.send(visit.booking(quote, hold.hold_id))
    confirmed = await _get(visit, hold.hold_id)
    expect_equal(confirmed.state, offer_pb2.Hold.STATE_CONFIRMED, "the state")
    expect(confirmed.fence > hold.fence, "confirming leaves the fencing number as it was")
    calls = (_release(visit, hold.hold_id), visit.send(visit.booking(quote, hold.hold_id)))
    await expect_each_refused(calls, grpc.StatusCode.FAILED_PRECONDITION, "HOLD_NOT_ACTIVE")


@check("a hold of other rooms does not confirm a quote: INVALID_ARGUMENT")
async def _(visit: Visit) -> None:
    hold = await visit.hold(await visit.quote(await visit.offer(nights=1)))
    call = visit.send(visit.booking(await visit.quote(await visit.offer(nights=2)), hold.hold_id))
    await expect_refused(call, grpc.StatusCode.INVALID_ARGUMENT, "INVALID_ARGUMENT", field="hold_id")
