"""What a property is and sells."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import grpc
from hotel.pms.v1 import pms_pb2

from tests.conformance.checking import check
from tests.conformance.expecting import expect, expect_equal, expect_refused
from tests.conformance.visit import READ_SECONDS, Visit, date_of, now, stay_of


@check("properties are listed by id, page by page")
async def _(visit: Visit) -> None:
    ids, token = [], ""
    while True:
        request = pms_pb2.ListPropertiesRequest(page_size=1, page_token=token)
        page = await visit.pms.ListProperties(request, timeout=READ_SECONDS)
        expect(len(page.properties) <= 1, "a page has more than page_size entries")
        ids += [each.property_id for each in page.properties]
        token = page.next_page_token
        if not token:
            break
    expect_equal(ids, sorted(set(ids)), "the list")
    expect(visit.property_id in ids, "a property is missing from the pages")


@check("a page token that was never issued is INVALID_PAGE_TOKEN")
async def _(visit: Visit) -> None:
    request = pms_pb2.ListPropertiesRequest(page_token="never-issued")
    await expect_refused(
        visit.pms.ListProperties(request, timeout=READ_SECONDS),
        grpc.StatusCode.INVALID_ARGUMENT,
        "INVALID_PAGE_TOKEN",
    )


@check("a property says its zone, currency, languages, durations and age")
async def _(visit: Visit) -> None:
    request = pms_pb2.GetPropertyRequest(property_id=visit.property_id)
    hotel = (await visit.pms.GetProperty(request, timeout=READ_SECONDS)).property
    expect_equal(hotel.property_id, visit.property_id, "property_id")
    expect(bool(ZoneInfo(hotel.time_zone)), "time_zone is not an IANA zone")
    expect(len(hotel.currency_code) == 3 and hotel.currency_code.isupper(), "currency_code is not ISO 4217")
    expect(len(hotel.languages) > 0, "there is no language")
    expect(hotel.booking_horizon_days > 0, "booking_horizon_days is not positive")
    expect(hotel.max_rooms_self_service > 0, "max_rooms_self_service is not positive")
    expect(hotel.hold_duration.ToTimedelta() > timedelta(0), "hold_duration is not positive")
    expect(hotel.quote_duration.ToTimedelta() > timedelta(0), "quote_duration is not positive")
    expect(hotel.HasField("read_time"), "read_time is not set")
    expect(hotel.read_time.ToSeconds() <= now().timestamp() + 60, "read_time is in the future")
    for fact in hotel.facts:
        expect(bool(fact.topic) and bool(fact.text_by_language), f"fact {fact.topic!r} says nothing")


@check("room types and rate plans have ids, names and limits")
async def _(visit: Visit) -> None:
    for room_type in visit.ground.room_types:
        expect(bool(room_type.room_type_id and room_type.name_by_language), "a room type has no id or name")
        expect(room_type.max_occupancy > 0, f"{room_type.room_type_id} sleeps nobody")
        expect(room_type.units > 0, f"{room_type.room_type_id} has no rooms")
    for plan in visit.ground.rate_plans:
        expect(bool(plan.rate_plan_id and plan.name_by_language), "a rate plan has no id or name")
        steps = [step for step in plan.cancellation_policy.steps if step.HasField("before_arrival")]
        expect(all(step.WhichOneof("penalty") for step in steps), f"{plan.rate_plan_id} has a step without penalty")


@check("an unknown property is PROPERTY_NOT_FOUND everywhere")
async def _(visit: Visit) -> None:
    calls = {
        "GetProperty": pms_pb2.GetPropertyRequest(property_id="no-such-property"),
        "ListRoomTypes": pms_pb2.ListRoomTypesRequest(property_id="no-such-property"),
        "ListRatePlans": pms_pb2.ListRatePlansRequest(property_id="no-such-property"),
        "ListReservations": pms_pb2.ListReservationsRequest(property_id="no-such-property"),
    }
    for method, request in calls.items():
        call = getattr(visit.pms, method)(request, timeout=READ_SECONDS)
        await expect_refused(call, grpc.StatusCode.NOT_FOUND, "PROPERTY_NOT_FOUND")


@check("inventory is listed by date, one line a night and room type, and never oversold")
async def _(visit: Visit) -> None:
    first = visit.ground.today + timedelta(days=20)
    request = pms_pb2.ListInventoryRequest(property_id=visit.property_id, nights=stay_of(first, 10))
    nights = (await visit.pms.ListInventory(request, timeout=READ_SECONDS)).nights
    dates = [date_of(night.date) for night in nights]
    expect_equal(dates, sorted(dates), "the order of nights")
    keys = {(date_of(night.date), night.room_type_id) for night in nights}
    expect_equal(len(keys), len(nights), "the number of different nights and room types")
    expect(all(first <= day < first + timedelta(days=10) for day in dates), "a night outside the half-open range")
    for night in nights:
        expect(min(night.capacity, night.sold, night.held) >= 0, f"a negative figure on {date_of(night.date)}")
        expect(night.sold + night.held <= night.capacity, f"{night.room_type_id} is oversold on {date_of(night.date)}")
        expect_equal(night.net_price.currency_code, visit.ground.hotel.currency_code, "the currency of a night")


@check("more than 400 nights of inventory are INVALID_ARGUMENT")
async def _(visit: Visit) -> None:
    request = pms_pb2.ListInventoryRequest(property_id=visit.property_id, nights=stay_of(visit.ground.today, 401))
    call = visit.pms.ListInventory(request, timeout=READ_SECONDS)
    await expect_refused(call, grpc.StatusCode.INVALID_ARGUMENT, "INVALID_ARGUMENT", field="nights")
