"""Changes and cancellations: worked out first, made as worked out."""

from datetime import timedelta

import grpc
from hotel.pms.v1 import pms_pb2, reservation_pb2

from tests.conformance.checking import check
from tests.conformance.expecting import expect, expect_each_refused, expect_equal, expect_refused
from tests.conformance.visit import READ_SECONDS, WRITE_SECONDS, NothingToCheckError, Visit, dates_of, stay_of


async def _preview(visit: Visit, reservation_id: str, **wanted: object) -> reservation_pb2.ModificationPreview:
    request = pms_pb2.PreviewModificationRequest(reservation_id=reservation_id, **wanted)
    return (await visit.pms.PreviewModification(request, timeout=READ_SECONDS)).preview


async def _modify(visit: Visit, token: str, request_id: str) -> reservation_pb2.Reservation:
    request = pms_pb2.ModifyReservationRequest(request_id=request_id, modification_token=token)
    return (await visit.pms.ModifyReservation(request, timeout=WRITE_SECONDS)).reservation


async def _preview_cancellation(visit: Visit, reservation_id: str) -> reservation_pb2.CancellationPreview:
    request = pms_pb2.PreviewCancellationRequest(reservation_id=reservation_id)
    return (await visit.pms.PreviewCancellation(request, timeout=READ_SECONDS)).preview


async def _cancel(visit: Visit, token: str, request_id: str, reason: str = "check") -> reservation_pb2.Reservation:
    request = pms_pb2.CancelReservationRequest(request_id=request_id, cancellation_token=token, reason=reason)
    return (await visit.pms.CancelReservation(request, timeout=WRITE_SECONDS)).reservation


@check("a preview says old total, new total and difference, and changes nothing")
async def _(visit: Visit) -> None:
    offer = await visit.offer(nights=1, after=1)
    made = await visit.book(offer)
    inventory = await visit.nights(offer)
    preview = await _preview(visit, made.reservation_id, stay=stay_of(dates_of(offer.stay)[0], 2))
    expect_equal(preview.current_total, made.total, "current_total")
    expect_equal(preview.reservation.total, preview.new_total, "the total of the reservation as it would be")
    expect_equal(
        _cents(preview.difference), _cents(preview.new_total) - _cents(preview.current_total), "the difference"
    )
    expect(preview.HasField("fee") and preview.HasField("expire_time"), "no fee or expire_time")
    expect_equal(await visit.reservation(made.reservation_id), made, "the reservation after the preview")
    expect_equal(await visit.nights(offer), inventory, "the inventory after the preview")


@check("a change is made exactly as previewed, once, and moves the rooms")
async def _(visit: Visit) -> None:
    offer = await visit.offer(nights=1, after=1)
    before = await visit.nights(offer)
    made = await visit.book(offer)
    check_in, check_out = dates_of(offer.stay)
    preview = await _preview(visit, made.reservation_id, stay=stay_of(check_out, 1))
    request_id = visit.request_id()
    changed = await _modify(visit, preview.modification_token, request_id)
    expect_equal((changed.total, changed.stay), (preview.new_total, stay_of(check_out, 1)), "what was changed")
    expect(changed.etag != made.etag, "the etag is as before")
    expect_equal(changed.confirmation_code, made.confirmation_code, "the code")
    expect_equal(await visit.reservation(made.reservation_id), changed, "the reservation as read back")
    after = await visit.nights(offer)
    expect_equal((after[check_in].sold, after[check_out].sold), (before[check_in].sold, before[check_out].sold + 1),
                 "rooms sold on the old night and on the new one")  # fmt: skip
    expect_equal(await _modify(visit, preview.modification_token, request_id), changed, "the answer to the repeat")


@check("a preview of an older version is VERSION_MISMATCH")
async def _(visit: Visit) -> None:
    made = await visit.book(await visit.offer())
    first = await _preview(visit, made.reservation_id, remark="first")
    second = await _preview(visit, made.reservation_id, remark="second")
    await _modify(visit, first.modification_token, visit.request_id())
    call = _modify(visit, second.modification_token, visit.request_id())
    await expect_refused(call, grpc.StatusCode.ABORTED, "VERSION_MISMATCH")
    expect_equal((await visit.reservation(made.reservation_id)).remark, "first", "the remark")


@check("what cannot be had as a quote cannot be had as a change")
async def _(visit: Visit) -> None:
    made = await visit.book(await visit.offer())
    beyond = visit.ground.today + timedelta(days=visit.ground.hotel.booking_horizon_days + 1)
    call = _preview(visit, made.reservation_id, stay=stay_of(beyond, 1))
    await expect_refused(call, grpc.StatusCode.FAILED_PRECONDITION, "BEYOND_HORIZON")
    call = _preview(visit, made.reservation_id, room_type_id="no-such-type")
    await expect_refused(call, grpc.StatusCode.NOT_FOUND, "ROOM_TYPE_NOT_FOUND")


@check("a rate plan without changes of dates refuses them: RATE_PLAN_FORBIDS")
async def _(visit: Visit) -> None:
    fixed = [plan for plan in visit.ground.rate_plans if not plan.date_change_allowed]
    if not fixed:
        return  # nothing of the kind is sold
    offer = await visit.offer(nights=1, after=1, plan=fixed[0].rate_plan_id)
    made = await visit.book(offer)
    call = _preview(visit, made.reservation_id, stay=stay_of(dates_of(offer.stay)[1], 1))
    await expect_refused(call, grpc.StatusCode.FAILED_PRECONDITION, "RATE_PLAN_FORBIDS")
    preview = await _preview(visit, made.reservation_id, remark="a remark is no date")
    expect_equal(preview.new_total, made.total, "the total with another remark")


@check("canceling costs what the preview says and puts the rooms back on sale")
async def _(visit: Visit) -> None:
    offer = await visit.offer()
    before = await visit.nights(offer)
    made = await visit.book(offer)
    preview = await _preview_cancellation(visit, made.reservation_id)
    expect_equal(await visit.reservation(made.reservation_id), made, "the reservation after the preview")
    request_id = visit.request_id()
    canceled = await _cancel(visit, preview.cancellation_token, request_id)
    expect_equal(canceled.state, reservation_pb2.RESERVATION_STATE_CANCELED, "the state")
    expect_equal(canceled.cancellation_fee, preview.fee, "the fee")
    expect(canceled.HasField("cancel_time"), "no cancel_time")
    expect_equal(await visit.nights(offer), before, "the inventory")
    again = await _cancel(visit, preview.cancellation_token, request_id)
    expect_equal(again, canceled, "the answer to the repeat")
    call = _cancel(visit, preview.cancellation_token, request_id, "another reason")
    await expect_refused(call, grpc.StatusCode.INVALID_ARGUMENT, "REQUEST_ID_REUSED")


@check("canceling is free until the deadline that was quoted, and not after a non-refundable booking")
async def _(visit: Visit) -> None:
    for plan in visit.ground.rate_plans:
        offer = await visit.offer(plan=plan.rate_plan_id)
        made = await visit.book(offer)
        preview = await _preview_cancellation(visit, made.reservation_id)
        free = made.cancellation.HasField("free_until_time")
        expect_equal(preview.HasField("free_until_time"), free, f"free_until_time of {plan.rate_plan_id}")
        if free:
            expect_equal(_cents(preview.fee), 0, f"the fee of {plan.rate_plan_id} while it is free")
        if made.cancellation.non_refundable:
            expect(_cents(preview.fee) > 0, f"{plan.rate_plan_id} is non-refundable and costs nothing to cancel")


@check("what is canceled can be neither canceled nor changed: STATE_NOT_ALLOWED")
async def _(visit: Visit) -> None:
    made = await visit.book(await visit.offer())
    token = (await _preview_cancellation(visit, made.reservation_id)).cancellation_token
    await _cancel(visit, token, visit.request_id())
    calls = (_preview_cancellation(visit, made.reservation_id), _preview(visit, made.reservation_id, remark="x"))
    await expect_each_refused(calls, grpc.StatusCode.FAILED_PRECONDITION, "STATE_NOT_ALLOWED", metadata="state")
    call = _cancel(visit, token, visit.request_id())
    await expect_refused(call, grpc.StatusCode.ABORTED, "VERSION_MISMATCH")


@check("an unknown reservation is RESERVATION_NOT_FOUND")
async def _(visit: Visit) -> None:
    unknown = "res_no_such_reservation"
    calls = (_preview(visit, unknown, remark="x"), _preview_cancellation(visit, unknown))
    await expect_each_refused(calls, grpc.StatusCode.NOT_FOUND, "RESERVATION_NOT_FOUND")


@check("a change to another room type moves the room, where one can be had")
async def _(visit: Visit) -> None:
    offer = await visit.offer()
    others = [
        each
        for each in (await visit.search(offer.stay, rate_plan_id=offer.rate_plan_id)).offers
        if each.room_type_id != offer.room_type_id
    ]
    if not others:
        if len(visit.ground.room_types) == 1:
            return
        raise NothingToCheckError("no second room type is free")
    before = await visit.nights(offer, around=0), await visit.nights(others[0], around=0)
    made = await visit.book(offer)
    preview = await _preview(visit, made.reservation_id, room_type_id=others[0].room_type_id)
    changed = await _modify(visit, preview.modification_token, visit.request_id())
    expect_equal(changed.room_type_id, others[0].room_type_id, "the room type")
    check_in, _ = dates_of(offer.stay)
    after = await visit.nights(offer, around=0), await visit.nights(others[0], around=0)
    expect_equal(
        [nights[check_in].sold for nights in after],
        [before[0][check_in].sold, before[1][check_in].sold + 1],
        "rooms sold of the old type and of the new one",
    )


def _cents(money: object) -> int:
    """A sum in millionths."""
    return int(money.units) * 1_000_000 + int(money.nanos) // 1000  # type: ignore[attr-defined]
