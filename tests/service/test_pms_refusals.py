"""What PmsService refuses, and how it says so. The same for every backend: the desk in front of them decides."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import date
from typing import Any

import pytest
from google.type.timeofday_pb2 import TimeOfDay
from hotel.common.v1 import channel_pb2, stay_pb2
from hotel.pms.v1 import pms_pb2, reservation_pb2
from hotel.pms.v1.pms_pb2_grpc import PmsServiceStub
from mesh.clock import ManualClock
from mesh.errors import Busy, Conflict, Invalid, NotFound
from mesh.testing.mesh import running
from mesh.wire import date_to_proto

from services.pms.app import build
from services.pms.settings import Settings
from tests.contract.pms_house import HOTEL_FILE, OPENED
from tests.service.pms_calls import SECONDS, book, by_code, charge, following, people, quote, stay


@pytest.fixture
async def pms() -> AsyncIterator[PmsServiceStub]:
    settings = Settings(pms_backend="memory", hotel_files=str(HOTEL_FILE))
    async with running({"pms": (build, settings)}, clock=ManualClock(OPENED)) as mesh:
        yield PmsServiceStub(mesh.channel("pms"))


# What is refused.

INCOMPLETE: list[tuple[str, Callable[[], Any], set[str]]] = [
    ("GetProperty", pms_pb2.GetPropertyRequest, {"property_id"}),
    ("SearchAvailability", pms_pb2.SearchAvailabilityRequest, {"property_id", "stay", "rooms"}),
    ("CreateQuote", pms_pb2.CreateQuoteRequest, {"property_id", "stay", "rooms", "room_type_id", "rate_plan_id"}),
    ("ListInventory", pms_pb2.ListInventoryRequest, {"property_id", "nights"}),
    ("PlaceHold", pms_pb2.PlaceHoldRequest, {"request_id", "quote_token"}),
    ("ReleaseHold", pms_pb2.ReleaseHoldRequest, {"request_id", "hold_id"}),
    ("CreateReservation", pms_pb2.CreateReservationRequest, {"request_id", "quote_token", "booker"}),
    ("GetReservation", pms_pb2.GetReservationRequest, {"property_id", "confirmation_code"}),
    ("PreviewModification", pms_pb2.PreviewModificationRequest, {"reservation_id"}),
    ("ModifyReservation", pms_pb2.ModifyReservationRequest, {"request_id", "modification_token"}),
    ("CancelReservation", pms_pb2.CancelReservationRequest, {"request_id", "cancellation_token"}),
    ("CheckIn", pms_pb2.CheckInRequest, {"request_id", "reservation_id", "etag"}),
    ("CheckOut", pms_pb2.CheckOutRequest, {"request_id", "reservation_id", "etag"}),
    ("PostCharge", pms_pb2.PostChargeRequest, {"request_id", "reservation_id", "description", "amount"}),
    ("UpdateGuestProfile", pms_pb2.UpdateGuestProfileRequest, {"request_id", "profile"}),
]


@pytest.mark.parametrize(("method", "request_class", "fields"), INCOMPLETE, ids=[case[0] for case in INCOMPLETE])
async def test_what_is_missing_is_named(
    pms: PmsServiceStub, method: str, request_class: Callable[[], Any], fields: set[str]
) -> None:
    with pytest.raises(Invalid) as fault:
        await getattr(pms, method)(request_class(), timeout=SECONDS)
    assert set(fault.value.fields) == fields


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"stay": stay("2026-12-12", "2026-12-10")}, "stay.check_out_date"),
        ({"stay": stay_pb2.Stay(check_in_date=date_to_proto(date(2026, 12, 1)))}, "stay.check_out_date"),
        ({"rooms": [people(), people(0)]}, "rooms[1].adults"),
        ({"rooms": [people(1, 40)]}, "rooms[0].child_ages"),
        ({"rooms": [people()] * 51}, "rooms"),
        ({"stay": stay("9999-12-30", "9999-12-31")}, "stay.check_in_date"),
        ({"stay": stay("0001-01-01", "0001-01-02")}, "stay.check_in_date"),
        ({"room_type_id": "D\x00BL"}, "room_type_id"),
        ({"stay": stay("2026-12-01", "2028-12-01")}, "stay"),
    ],
)
async def test_a_malformed_search_is_refused_by_field(pms: PmsServiceStub, fields: dict, path: str) -> None:
    request = {"property_id": "alameda", "stay": stay("2026-12-03", "2026-12-06"), "rooms": [people()]} | fields
    with pytest.raises(Invalid) as fault:
        await pms.SearchAvailability(pms_pb2.SearchAvailabilityRequest(**request), timeout=SECONDS)
    assert path in fault.value.fields


@pytest.mark.parametrize(
    ("booker", "path"),
    [
        (reservation_pb2.Booker(phone_number="+525500000001"), "booker.given_name"),
        (reservation_pb2.Booker(given_name="Ana"), "booker.phone_number"),
        (reservation_pb2.Booker(given_name="Ana", phone_number="5512345678"), "booker.phone_number"),
        (reservation_pb2.Booker(given_name="Ana", email="not an address"), "booker.email"),
        (reservation_pb2.Booker(given_name="A\x00na", email="a@b.c"), "booker.given_name"),
        (reservation_pb2.Booker(given_name="A" * 201, email="a@b.c"), "booker.given_name"),
        (reservation_pb2.Booker(given_name="Ana", email="a@b.c", language="x" * 36), "booker.language"),
        (
            reservation_pb2.Booker(given_name="Ana", email="a@b.c", identity=channel_pb2.ChannelIdentity()),
            "booker.identity.channel",
        ),
    ],
)
async def test_a_booker_needs_a_name_and_a_way_to_be_reached(
    pms: PmsServiceStub, booker: reservation_pb2.Booker, path: str
) -> None:
    quoted = await quote(pms, "2026-12-03", "2026-12-06")
    with pytest.raises(Invalid) as fault:
        await book(pms, quoted, booker=booker)
    assert path in fault.value.fields


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda pms: quote(pms, "2026-12-03", "2026-12-06", room="XXX"), "ROOM_TYPE_NOT_FOUND"),
        (lambda pms: quote(pms, "2026-12-03", "2026-12-06", plan="XXX"), "RATE_PLAN_NOT_FOUND"),
        (lambda pms: by_code(pms, "ZZZZZZ"), "RESERVATION_NOT_FOUND"),
        (
            lambda pms: pms.GetReservation(pms_pb2.GetReservationRequest(reservation_id="res_x"), timeout=SECONDS),
            "RESERVATION_NOT_FOUND",
        ),
        (lambda pms: pms.GetHold(pms_pb2.GetHoldRequest(hold_id="hld_x"), timeout=SECONDS), "HOLD_NOT_FOUND"),
        (
            lambda pms: pms.GetProperty(pms_pb2.GetPropertyRequest(property_id="nowhere"), timeout=SECONDS),
            "PROPERTY_NOT_FOUND",
        ),
        (
            lambda pms: pms.GetGuestProfile(
                pms_pb2.GetGuestProfileRequest(property_id="alameda", email="no@body.example"), timeout=SECONDS
            ),
            "GUEST_NOT_FOUND",
        ),
    ],
)
async def test_what_does_not_exist_is_not_found(pms: PmsServiceStub, call: Callable[..., Any], reason: str) -> None:
    with pytest.raises(NotFound) as missing:
        await call(pms)
    assert missing.value.reason == reason


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"remark": "x" * 1001}, "remark"),
        ({"source": "x" * 101}, "source"),
        ({"request_id": "x" * 201}, "request_id"),
        ({"arrival_time": TimeOfDay(hours=24)}, "arrival_time"),
    ],
)
async def test_a_booking_out_of_bounds_is_refused_by_field(pms: PmsServiceStub, fields: dict, path: str) -> None:
    quoted = await quote(pms, "2026-12-03", "2026-12-06")
    with pytest.raises(Invalid) as fault:
        await book(pms, quoted, **fields)
    assert path in fault.value.fields


@pytest.mark.parametrize("etag", ["", "²", "x", "9" * 30, "2"])
async def test_an_etag_that_is_not_the_one_read_changes_nothing(pms: PmsServiceStub, etag: str) -> None:
    reservation = await by_code(pms, "R1004")
    request = pms_pb2.CheckOutRequest(request_id="o", reservation_id=reservation.reservation_id, etag=etag)
    with pytest.raises((Invalid, Conflict)):
        await pms.CheckOut(request, timeout=SECONDS)
    assert await by_code(pms, "R1004") == reservation


async def test_too_many_watchers_are_told_to_come_back() -> None:
    settings = Settings(pms_backend="memory", hotel_files=str(HOTEL_FILE), max_watchers=1, watch_poll_seconds=0.02)
    clock = ManualClock(OPENED)
    async with running({"pms": (build, settings)}, clock=clock, transport="grpc") as mesh:
        pms = PmsServiceStub(mesh.channel("pms"))
        guest = await by_code(pms, "R1004")
        async with following(pms) as events:
            number = 0
            while events.empty():
                number += 1
                await charge(pms, guest.reservation_id, f"charge-{number}")
            with pytest.raises(Busy) as refusal:
                await anext(pms.WatchReservations(pms_pb2.WatchReservationsRequest(property_id="alameda")))
            assert refusal.value.reason == "OVERLOADED"
            assert refusal.value.retry_after == 30
