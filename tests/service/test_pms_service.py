"""PmsService as its clients meet it: every RPC, on memory and on PostgreSQL, without sockets and over gRPC."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest
from google.type.money_pb2 import Money
from google.type.timeofday_pb2 import TimeOfDay
from hotel.pms.v1 import offer_pb2, pms_pb2, reservation_pb2
from hotel.pms.v1.pms_pb2_grpc import PmsServiceStub
from mesh.clock import ManualClock
from mesh.errors import Conflict, Invalid, Refused
from mesh.testing.mesh import running
from mesh.wire import date_to_proto

from services.pms.app import build
from services.pms.settings import Settings
from tests.service.pms_calls import SECONDS, book, by_code, charge, following, hold, instant, people, pesos, quote, stay
from tests.service.pms_mesh import clock, mesh, one_database, pms, settings

__all__ = ["clock", "mesh", "one_database", "pms", "settings"]


# The booking dialogue.


async def test_a_guest_searches_quotes_holds_books_and_the_reservation_is_read_back(pms: PmsServiceStub) -> None:
    found = await pms.SearchAvailability(
        pms_pb2.SearchAvailabilityRequest(
            property_id="alameda", stay=stay("2026-12-03", "2026-12-06"), rooms=[people()], rate_plan_id="FLEX"
        ),
        timeout=SECONDS,
    )
    assert [(offer.room_type_id, offer.price.gross.units) for offer in found.offers] == [
        ("DBL", 4284), ("TWN", 4284), ("FAM", 6783), ("SUI", 9996),
    ]  # fmt: skip
    quoted = await quote(pms, "2026-12-03", "2026-12-06")
    assert quoted.total == pesos(4284)
    assert quoted.offer.cancellation.free_until_time == instant("2026-12-01T15:00:00-06:00")
    assert quoted.offer.cancellation.penalty == pesos(1428)
    held = await hold(pms, quoted)
    assert held.state == offer_pb2.Hold.STATE_ACTIVE
    assert held.expire_time == instant("2026-11-20T10:15:00-06:00")
    booked = await book(pms, quoted, held.hold_id, source="whatsapp", arrival_time=TimeOfDay(hours=22), remark="tarde")
    assert booked.state == reservation_pb2.RESERVATION_STATE_CONFIRMED
    assert booked.total == pesos(4284)
    assert (booked.source, booked.remark, booked.arrival_time.hours) == ("whatsapp", "tarde", 22)
    assert not set("01OI") & set(booked.confirmation_code)
    assert await by_code(pms, booked.confirmation_code.lower()) == booked
    by_id = pms_pb2.GetReservationRequest(reservation_id=booked.reservation_id)
    assert (await pms.GetReservation(by_id, timeout=SECONDS)).reservation == booked
    got = await pms.GetHold(pms_pb2.GetHoldRequest(hold_id=held.hold_id), timeout=SECONDS)
    assert got.hold.state == offer_pb2.Hold.STATE_CONFIRMED
    assert got.hold.fence > held.fence


async def test_the_same_requests_again_are_answered_the_same(pms: PmsServiceStub, clock: ManualClock) -> None:
    quoted = await quote(pms, "2026-12-03", "2026-12-06")
    held = await hold(pms, quoted)
    booked = await book(pms, quoted, held.hold_id)
    clock.advance(timedelta(days=1))
    assert await hold(pms, quoted) == held
    assert await book(pms, quoted, held.hold_id) == booked
    with pytest.raises(Invalid) as fault:
        await book(pms, quoted, held.hold_id, remark="something else")
    assert fault.value.reason == "REQUEST_ID_REUSED"


async def test_an_unconfirmed_hold_lapses_and_its_room_is_sold_to_the_next(
    pms: PmsServiceStub, clock: ManualClock
) -> None:
    quoted = await quote(pms, "2026-12-05", "2026-12-07", room="SUI")
    assert quoted.total == pesos(6664)
    held = await hold(pms, quoted)
    with pytest.raises(Refused, match="SOLD_OUT") as refusal:
        await quote(pms, "2026-12-05", "2026-12-07", room="SUI")
    assert refusal.value.reason == "SOLD_OUT"
    clock.advance(timedelta(minutes=16))
    with pytest.raises(Refused) as refusal:
        await book(pms, quoted, held.hold_id)
    assert refusal.value.reason == "HOLD_EXPIRED"
    again = await hold(pms, await quote(pms, "2026-12-05", "2026-12-07", room="SUI"), "hold-2")
    assert again.state == offer_pb2.Hold.STATE_ACTIVE


async def test_the_sweeper_runs_by_itself(pms: PmsServiceStub, clock: ManualClock) -> None:
    held = await hold(pms, await quote(pms, "2026-12-05", "2026-12-07", room="SUI"))
    clock.advance(timedelta(minutes=16))
    inventory = pms_pb2.ListInventoryRequest(
        property_id="alameda", nights=stay("2026-12-05", "2026-12-06"), room_type_id="SUI"
    )
    async with asyncio.timeout(SECONDS):
        while True:
            got = await pms.GetHold(pms_pb2.GetHoldRequest(hold_id=held.hold_id), timeout=SECONDS)
            if got.hold.fence > held.fence:  # written by the sweeper, not merely seen as expired
                break
    (night,) = (await pms.ListInventory(inventory, timeout=SECONDS)).nights
    assert (got.hold.state, night.held, night.sold, night.capacity) == (offer_pb2.Hold.STATE_EXPIRED, 0, 0, 1)


async def test_a_hold_is_released_once_and_for_all(pms: PmsServiceStub) -> None:
    held = await hold(pms, await quote(pms, "2026-12-05", "2026-12-07", room="SUI"))
    for request_id in ("r1", "r1", "r2"):
        request = pms_pb2.ReleaseHoldRequest(request_id=request_id, hold_id=held.hold_id)
        assert (await pms.ReleaseHold(request, timeout=SECONDS)).hold.state == offer_pb2.Hold.STATE_RELEASED
    assert (await quote(pms, "2026-12-05", "2026-12-07", room="SUI")).offer.units_left == 1


async def test_a_sold_out_suite_is_an_answer_with_alternatives(pms: PmsServiceStub) -> None:
    found = await pms.SearchAvailability(
        pms_pb2.SearchAvailabilityRequest(
            property_id="alameda", stay=stay("2026-12-24", "2026-12-26"), rooms=[people()], room_type_id="SUI"
        ),
        timeout=SECONDS,
    )
    assert not found.offers
    (why,) = found.unavailable
    assert (why.room_type_id, why.reason) == ("SUI", offer_pb2.Unavailability.REASON_SOLD_OUT)
    assert why.date == date_to_proto(date(2026, 12, 24))
    assert [offer.room_type_id for offer in found.alternatives] == ["DBL", "FAM", "SUI"]


async def test_a_minimum_stay_is_told_with_its_limit(pms: PmsServiceStub) -> None:
    with pytest.raises(Refused) as refusal:
        await quote(pms, "2026-12-31", "2027-01-01", people(3), room="FAM")
    assert refusal.value.reason == "MIN_STAY"
    assert refusal.value.metadata["min_nights"] == "3"
    assert (await quote(pms, "2026-12-30", "2027-01-02", people(3), room="FAM")).total == pesos(6783)


# Tokens.


async def test_an_altered_or_expired_token_buys_nothing(pms: PmsServiceStub, clock: ManualClock) -> None:
    quoted = await quote(pms, "2026-12-03", "2026-12-06")
    with pytest.raises(Invalid) as fault:
        await book(pms, offer_pb2.Quote(quote_token=quoted.quote_token[:-1] + "_"))
    assert fault.value.reason == "TOKEN_INVALID"
    clock.advance(timedelta(minutes=30))
    for attempt in (hold(pms, quoted), book(pms, quoted)):
        with pytest.raises(Refused) as refusal:
            await attempt
        assert refusal.value.reason == "QUOTE_EXPIRED"


async def test_a_quote_signed_by_the_previous_key_is_honoured(settings: Settings, clock: ManualClock) -> None:
    old, new = "k" * 32, "n" * 32
    tokens = []
    for keys in (old, f"{new},{old}", new):
        rotated = settings.model_copy(update={"quote_signing_keys": _secret(keys)})
        async with running({"pms": (build, rotated)}, clock=clock) as mesh:
            pms = PmsServiceStub(mesh.channel("pms"))
            tokens.append(await quote(pms, "2026-12-03", "2026-12-06"))
            if keys == new:
                with pytest.raises(Invalid):
                    await hold(pms, tokens[0], "too-late")
            else:
                await hold(pms, tokens[0], f"with-{len(keys)}")


# Changes.


async def test_a_change_is_previewed_and_then_made_as_previewed(pms: PmsServiceStub) -> None:
    before = await by_code(pms, "R1001")
    request = pms_pb2.PreviewModificationRequest(
        reservation_id=before.reservation_id, stay=stay("2026-12-10", "2026-12-14")
    )
    preview = (await pms.PreviewModification(request, timeout=SECONDS)).preview
    assert (preview.current_total, preview.new_total) == (pesos(4284), pesos(5712))
    assert (preview.difference, preview.fee) == (pesos(1428), pesos(0))
    assert await by_code(pms, "R1001") == before  # a preview changes nothing
    commit = pms_pb2.ModifyReservationRequest(request_id="m1", modification_token=preview.modification_token)
    changed = (await pms.ModifyReservation(commit, timeout=SECONDS)).reservation
    assert changed.total == preview.reservation.total == pesos(5712)
    assert changed.stay == stay("2026-12-10", "2026-12-14")
    assert changed.etag != before.etag
    assert (await pms.ModifyReservation(commit, timeout=SECONDS)).reservation == changed
    stale = pms_pb2.ModifyReservationRequest(request_id="m2", modification_token=preview.modification_token)
    with pytest.raises(Conflict) as conflict:
        await pms.ModifyReservation(stale, timeout=SECONDS)
    assert conflict.value.reason == "VERSION_MISMATCH"


async def test_a_non_refundable_stay_does_not_move(pms: PmsServiceStub) -> None:
    before = await by_code(pms, "R1003")
    request = pms_pb2.PreviewModificationRequest(
        reservation_id=before.reservation_id, stay=stay("2026-12-02", "2026-12-05")
    )
    with pytest.raises(Refused) as refusal:
        await pms.PreviewModification(request, timeout=SECONDS)
    assert refusal.value.reason == "RATE_PLAN_FORBIDS"
    remark = pms_pb2.PreviewModificationRequest(
        reservation_id=before.reservation_id, remark="almohada", arrival_time=TimeOfDay(hours=23)
    )
    preview = (await pms.PreviewModification(remark, timeout=SECONDS)).preview
    assert (preview.reservation.remark, preview.reservation.arrival_time.hours) == ("almohada", 23)


@pytest.mark.parametrize(("code", "fee", "free"), [("R1001", 0, True), ("R1002", 3332, False), ("R1003", 3855, False)])
async def test_canceling_costs_what_the_preview_says(pms: PmsServiceStub, code: str, fee: int, free: bool) -> None:
    reservation = await by_code(pms, code)
    request = pms_pb2.PreviewCancellationRequest(reservation_id=reservation.reservation_id)
    preview = (await pms.PreviewCancellation(request, timeout=SECONDS)).preview
    assert preview.fee.units == fee
    assert preview.refund == pesos(0)  # nothing was paid
    assert preview.HasField("free_until_time") == free
    commit = pms_pb2.CancelReservationRequest(
        request_id="c1", cancellation_token=preview.cancellation_token, reason="cambio de planes"
    )
    canceled = (await pms.CancelReservation(commit, timeout=SECONDS)).reservation
    assert canceled.state == reservation_pb2.RESERVATION_STATE_CANCELED
    assert canceled.cancellation_fee == preview.fee
    assert canceled.HasField("cancel_time")
    with pytest.raises(Refused) as refusal:
        await pms.PreviewCancellation(request, timeout=SECONDS)
    assert refusal.value.reason == "STATE_NOT_ALLOWED"


# The house.


async def test_a_guest_arrives_is_charged_and_leaves(pms: PmsServiceStub) -> None:
    booked = await book(pms, await quote(pms, "2026-11-20", "2026-11-21"))
    check_in = pms_pb2.CheckInRequest(
        request_id="i", reservation_id=booked.reservation_id, etag=booked.etag, room_number="202"
    )
    arrived = (await pms.CheckIn(check_in, timeout=SECONDS)).reservation
    assert (arrived.state, arrived.rooms[0].room_number) == (reservation_pb2.RESERVATION_STATE_IN_HOUSE, "202")
    minibar = pms_pb2.PostChargeRequest(
        request_id="p", reservation_id=booked.reservation_id, description="Minibar", amount=pesos(90, 500_000_000)
    )
    posted = (await pms.PostCharge(minibar, timeout=SECONDS)).charge
    assert (posted.description, posted.amount) == ("Minibar", pesos(90, 500_000_000))
    assert (await pms.PostCharge(minibar, timeout=SECONDS)).charge == posted
    check_out = pms_pb2.CheckOutRequest(request_id="o", reservation_id=booked.reservation_id, etag=arrived.etag)
    departed = (await pms.CheckOut(check_out, timeout=SECONDS)).reservation
    assert departed.state == reservation_pb2.RESERVATION_STATE_CHECKED_OUT
    with pytest.raises(Conflict):
        await pms.CheckOut(
            pms_pb2.CheckOutRequest(request_id="o2", reservation_id=booked.reservation_id, etag="x"), timeout=SECONDS
        )


@pytest.mark.parametrize("amount", [Money(currency_code="USD", units=1), pesos(0), pesos(0, 1_000_000)])
async def test_only_sums_in_the_hotels_currency_are_charged(pms: PmsServiceStub, amount: Money) -> None:
    reservation = await by_code(pms, "R1004")
    request = pms_pb2.PostChargeRequest(
        request_id="p", reservation_id=reservation.reservation_id, description="Minibar", amount=amount
    )
    with pytest.raises(Invalid) as fault:
        await pms.PostCharge(request, timeout=SECONDS)
    assert any(field.startswith("amount") for field in fault.value.fields)


async def test_a_guests_profile_is_read_and_updated(pms: PmsServiceStub) -> None:
    ask = pms_pb2.GetGuestProfileRequest(property_id="alameda", phone_number="+5215512345678")
    profile = (await pms.GetGuestProfile(ask, timeout=SECONDS)).profile
    assert (profile.given_name, list(profile.live_confirmation_codes)) == ("María", ["R1001"])
    change = reservation_pb2.GuestProfile(
        profile_id=profile.profile_id, property_id="alameda", email="maria@example.org"
    )
    request = pms_pb2.UpdateGuestProfileRequest(request_id="u", profile=change)
    updated = (await pms.UpdateGuestProfile(request, timeout=SECONDS)).profile
    assert (updated.given_name, updated.email) == ("María", "maria@example.org")
    by_email = pms_pb2.GetGuestProfileRequest(property_id="alameda", email="maria@example.org")
    assert (await pms.GetGuestProfile(by_email, timeout=SECONDS)).profile.profile_id == profile.profile_id


# Over sockets, and from start to start.


async def test_the_same_over_grpc(settings: Settings, clock: ManualClock) -> None:
    async with running({"pms": (build, settings)}, clock=clock, transport="grpc") as mesh:
        pms = PmsServiceStub(mesh.channel("pms"))
        quoted = await quote(pms, "2026-12-03", "2026-12-06")
        booked = await book(pms, quoted, (await hold(pms, quoted)).hold_id)
        assert await by_code(pms, booked.confirmation_code) == booked
        with pytest.raises(Refused) as refusal:
            await quote(pms, "2026-12-24", "2026-12-26", room="SUI")
        assert refusal.value.reason == "SOLD_OUT"
        guest = await by_code(pms, "R1004")
        async with following(pms) as events:
            number = 0
            while events.empty():
                number += 1
                await charge(pms, guest.reservation_id, f"charge-{number}")
            assert (await events.get()).reservation == guest


async def test_a_restart_keeps_what_guests_did(settings: Settings, clock: ManualClock) -> None:
    if settings.pms_backend == "memory":
        return  # memory forgets, by design
    async with running({"pms": (build, settings)}, clock=clock) as mesh:
        pms = PmsServiceStub(mesh.channel("pms"))
        reservation = await by_code(pms, "R1001")
        preview = await pms.PreviewCancellation(
            pms_pb2.PreviewCancellationRequest(reservation_id=reservation.reservation_id), timeout=SECONDS
        )
        token = preview.preview.cancellation_token
        await pms.CancelReservation(
            pms_pb2.CancelReservationRequest(request_id="c", cancellation_token=token), timeout=SECONDS
        )
    async with running({"pms": (build, settings)}, clock=clock) as mesh:
        pms = PmsServiceStub(mesh.channel("pms"))
        assert (await by_code(pms, "R1001")).state == reservation_pb2.RESERVATION_STATE_CANCELED
        assert (await quote(pms, "2026-12-10", "2026-12-11")).offer.units_left == 4


def _secret(text: str) -> Any:
    return type(Settings().quote_signing_keys)(text)
