"""Reservations by arrival, guest and state, page by page."""

from datetime import timedelta

import grpc
from hotel.common.v1 import channel_pb2
from hotel.pms.v1 import pms_pb2, reservation_pb2

from tests.conformance.checking import check
from tests.conformance.expecting import expect, expect_equal, expect_refused
from tests.conformance.visit import READ_SECONDS, Visit, date_message, date_of


async def _list(visit: Visit, **filters: object) -> pms_pb2.ListReservationsResponse:
    request = pms_pb2.ListReservationsRequest(property_id=visit.property_id, **filters)
    return await visit.pms.ListReservations(request, timeout=READ_SECONDS)


def _codes(answer: pms_pb2.ListReservationsResponse) -> list[str]:
    return [each.confirmation_code for each in answer.reservations]


@check("pages hold what one long page holds, by check-in date and then code")
async def _(visit: Visit) -> None:
    for _ in range(3):
        await visit.book(await visit.offer(nights=1))
    whole = await _list(visit, email=visit.booker.email, page_size=200)
    expect_equal(len(whole.reservations), 3, "the number of the guest's reservations")
    order = [(date_of(each.stay.check_in_date), each.confirmation_code) for each in whole.reservations]
    expect_equal(order, sorted(order), "the order")
    codes, token = [], ""
    for _ in range(4):
        page = await _list(visit, email=visit.booker.email, page_size=1, page_token=token)
        expect(len(page.reservations) <= 1, "a page has more than page_size entries")
        codes += _codes(page)
        token = page.next_page_token
        if not token:
            break
    expect_equal(codes, _codes(whole), "all pages together")
    expect_equal(token, "", "the token after the last page")


@check("a token of another list, or an altered one, is INVALID_PAGE_TOKEN")
async def _(visit: Visit) -> None:
    for _ in range(2):
        await visit.book(await visit.offer(nights=1))
    token = (await _list(visit, email=visit.booker.email, page_size=1)).next_page_token
    expect(bool(token), "there is no next page")
    for filters in (
        {"page_token": token, "email": "somebody-else@example.com"},
        {"page_token": token},
        {"page_token": token[:-2], "email": visit.booker.email},
        {"page_token": "nonsense", "email": visit.booker.email},
    ):
        await expect_refused(
            _list(visit, page_size=1, **filters), grpc.StatusCode.INVALID_ARGUMENT, "INVALID_PAGE_TOKEN"
        )


@check("a negative page size is INVALID_ARGUMENT")
async def _(visit: Visit) -> None:
    await expect_refused(
        _list(visit, page_size=-1), grpc.StatusCode.INVALID_ARGUMENT, "INVALID_ARGUMENT", field="page_size"
    )


@check("a guest is found by phone, by e-mail and by the identity they booked from")
async def _(visit: Visit) -> None:
    identity = channel_pb2.ChannelIdentity(
        channel=channel_pb2.CHANNEL_WHATSAPP, address=visit.booker.phone_number.removeprefix("+")
    )
    visit.booker.identity.CopyFrom(identity)
    made = await visit.book(await visit.offer())
    for filters in ({"phone_number": visit.booker.phone_number}, {"email": visit.booker.email}, {"identity": identity}):
        expect_equal(_codes(await _list(visit, **filters)), [made.confirmation_code], f"what {sorted(filters)} finds")


@check("filters by arrival and state all apply; both ends of the arrival range are meant")
async def _(visit: Visit) -> None:
    made = await visit.book(await visit.offer())
    own = {"email": visit.booker.email}
    arrival = date_of(made.stay.check_in_date)
    day, next_day = date_message(arrival), date_message(arrival + timedelta(days=1))
    expect_equal(len(_codes(await _list(visit, check_in_from=day, check_in_to=day, **own))), 1, "found on the day")
    expect_equal(_codes(await _list(visit, check_in_from=next_day, **own)), [], "found from the next day on")
    confirmed = [reservation_pb2.RESERVATION_STATE_CONFIRMED]
    canceled = [reservation_pb2.RESERVATION_STATE_CANCELED]
    expect_equal(len(_codes(await _list(visit, states=confirmed, **own))), 1, "found as confirmed")
    expect_equal(_codes(await _list(visit, states=canceled, **own)), [], "found as canceled")
    await visit.cancel(made.reservation_id)
    expect_equal(_codes(await _list(visit, states=confirmed, **own)), [], "found as confirmed after the cancellation")
    expect_equal(len(_codes(await _list(visit, states=canceled, **own))), 1, "found as canceled after it")
