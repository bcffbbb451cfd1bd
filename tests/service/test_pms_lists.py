"""What PmsService lists, and what its watchers hear: on memory and on PostgreSQL."""

from __future__ import annotations

import asyncio

import pytest
from hotel.common.v1 import channel_pb2
from hotel.pms.v1 import pms_pb2, property_pb2, reservation_pb2
from hotel.pms.v1.pms_pb2_grpc import PmsServiceStub
from mesh.clock import ManualClock
from mesh.errors import Invalid
from mesh.testing.mesh import running

from services.pms.app import build
from services.pms.settings import Settings
from tests.service.pms_calls import SECONDS, book, by_code, charge, following, pesos, quote, stay
from tests.service.pms_mesh import clock, mesh, one_database, pms, settings

__all__ = ["clock", "mesh", "one_database", "pms", "settings"]


# Lists.


async def test_what_the_property_is_and_sells_is_listed(pms: PmsServiceStub) -> None:
    (hotel,) = (await pms.ListProperties(pms_pb2.ListPropertiesRequest(), timeout=SECONDS)).properties
    got = await pms.GetProperty(pms_pb2.GetPropertyRequest(property_id="alameda"), timeout=SECONDS)
    assert got.property == hotel
    assert (hotel.display_name, hotel.currency_code, hotel.languages[0]) == ("Hotel Alameda", "MXN", "es")
    assert [(tax.code, tax.rate, tax.per) for tax in hotel.taxes] == [
        ("iva", "0.16", property_pb2.TaxRule.PER_STAY),
        ("lodging", "0.03", property_pb2.TaxRule.PER_STAY),
    ]
    facts = {fact.topic: fact for fact in hotel.facts}
    assert "250" in facts["pets"].text_by_language["es"]
    assert facts["pets"].version == 1
    room_types = await pms.ListRoomTypes(pms_pb2.ListRoomTypesRequest(property_id="alameda"), timeout=SECONDS)
    assert [each.room_type_id for each in room_types.room_types] == ["DBL", "TWN", "FAM", "SUI"]
    plans = await pms.ListRatePlans(pms_pb2.ListRatePlansRequest(property_id="alameda"), timeout=SECONDS)
    assert [(each.rate_plan_id, each.price_factor) for each in plans.rate_plans] == [("FLEX", "1"), ("NRF", "0.9")]
    flexible = plans.rate_plans[0].cancellation_policy.steps[0]
    assert (flexible.before_arrival.seconds, flexible.nights) == (48 * 3600, 1)


async def test_inventory_is_listed_night_by_night_in_the_hotels_order(pms: PmsServiceStub) -> None:
    request = pms_pb2.ListInventoryRequest(property_id="alameda", nights=stay("2026-12-10", "2026-12-12"))
    nights = (await pms.ListInventory(request, timeout=SECONDS)).nights
    assert [(night.date.day, night.room_type_id, night.capacity, night.sold) for night in nights] == [
        (10, "DBL", 4, 1), (10, "TWN", 2, 0), (10, "FAM", 2, 0), (10, "SUI", 1, 0),
        (11, "DBL", 4, 1), (11, "TWN", 2, 0), (11, "FAM", 2, 0), (11, "SUI", 1, 0),
    ]  # fmt: skip
    assert nights[0].net_price == pesos(1200)


async def test_reservations_are_listed_in_pages_that_belong_together(pms: PmsServiceStub) -> None:
    codes, token = [], ""
    for _ in range(4):
        request = pms_pb2.ListReservationsRequest(property_id="alameda", page_size=1, page_token=token)
        page = await pms.ListReservations(request, timeout=SECONDS)
        codes += [each.confirmation_code for each in page.reservations]
        token = page.next_page_token
    assert codes == ["R1004", "R1002", "R1003", "R1001"]
    assert token == ""
    first = await pms.ListReservations(
        pms_pb2.ListReservationsRequest(property_id="alameda", page_size=1), timeout=SECONDS
    )
    for bad in (
        {"page_token": "nonsense"},
        {"page_token": first.next_page_token, "email": "a@b.c"},  # a token of another list
        {"page_token": first.next_page_token[:-2]},
    ):
        with pytest.raises(Invalid) as fault:
            await pms.ListReservations(pms_pb2.ListReservationsRequest(property_id="alameda", **bad), timeout=SECONDS)
        assert fault.value.reason == "INVALID_PAGE_TOKEN"


async def test_a_guests_reservations_are_found_from_the_channel(pms: PmsServiceStub) -> None:
    identity = channel_pb2.ChannelIdentity(channel=channel_pb2.CHANNEL_WHATSAPP, address="5215512345678")
    request = pms_pb2.ListReservationsRequest(
        property_id="alameda", identity=identity, states=[reservation_pb2.RESERVATION_STATE_CONFIRMED]
    )
    (found,) = (await pms.ListReservations(request, timeout=SECONDS)).reservations
    assert found.confirmation_code == "R1001"


# Watching.


async def test_a_watcher_sees_what_happens_from_now_on_and_resumes_where_it_stopped(
    settings: Settings, clock: ManualClock
) -> None:
    async with running({"pms": (build, settings)}, clock=clock, transport="grpc") as mesh:
        await watch_and_resume(PmsServiceStub(mesh.channel("pms")))


async def watch_and_resume(pms: PmsServiceStub) -> None:
    guest = await by_code(pms, "R1004")
    async with following(pms) as events:
        for number in range(500):  # until the watcher is there
            await charge(pms, guest.reservation_id, f"before-{number}")
            if not events.empty():
                break
        first = await events.get()
    assert first.type == reservation_pb2.ReservationEvent.TYPE_CHARGED
    assert first.reservation == guest
    booked = await book(pms, await quote(pms, "2026-12-03", "2026-12-06"))
    await charge(pms, guest.reservation_id, "after")
    async with following(pms, first.resume_token) as events:
        seen = [await events.get()]
        while seen[-1].reservation.reservation_id != booked.reservation_id:
            seen.append(await events.get())
        last = await events.get()
    assert seen[-1].type == reservation_pb2.ReservationEvent.TYPE_CREATED
    assert seen[-1].reservation == booked
    assert last.type == reservation_pb2.ReservationEvent.TYPE_CHARGED
    assert first.resume_token not in {event.resume_token for event in seen}


async def test_a_watcher_hears_of_other_replicas_writes(settings: Settings, clock: ManualClock) -> None:
    if settings.pms_backend == "memory":
        return  # memory has no replicas
    async with (
        running({"pms": (build, settings)}, clock=clock, transport="grpc") as one,
        running({"pms": (build, settings)}, clock=clock, transport="grpc") as other,
    ):
        here, there = PmsServiceStub(one.channel("pms")), PmsServiceStub(other.channel("pms"))
        guest = await by_code(there, "R1004")
        async with following(here) as events, asyncio.timeout(SECONDS):
            number = 0
            while events.empty():
                number += 1
                await charge(there, guest.reservation_id, f"charge-{number}")
            assert (await events.get()).reservation == guest


async def test_a_resume_token_that_was_never_given_is_refused(pms: PmsServiceStub) -> None:
    for token in ("nonsense", "W10"):
        request = pms_pb2.WatchReservationsRequest(property_id="alameda", resume_token=token)
        with pytest.raises(Invalid) as fault:
            await anext(pms.WatchReservations(request))
        assert fault.value.reason == "INVALID_PAGE_TOKEN"
