"""Books a room over hotel.pms.v1 with nothing but grpcio: search, quote, hold, book, look up, cancel.

python examples/python/book.py [HOST:PORT] [--property ID] [--check-in 2027-03-01] [--nights 2] [--keep]
"""
# ruff: noqa: T201 (printing is what an example is for)

import argparse
import sys
import time
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import grpc
from google.rpc import error_details_pb2, status_pb2
from google.type.date_pb2 import Date
from google.type.money_pb2 import Money
from hotel.common.v1.stay_pb2 import Occupancy, Stay
from hotel.pms.v1 import offer_pb2, pms_pb2, reservation_pb2
from hotel.pms.v1.pms_pb2_grpc import PmsServiceStub

READ_SECONDS, WRITE_SECONDS = 5, 30  # the deadlines that the contract asks for
ATTEMPTS = 5
UNCLEAR = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.ABORTED)


def main() -> int:
    """The exit code: 0 when a room was booked, 1 when the hotel said no."""
    options = arguments()
    with grpc.insecure_channel(options.address) as channel:
        try:
            booked = book(PmsServiceStub(channel), options)
        except grpc.RpcError as error:
            print(f"{error.code().name} {reason_of(error)}: {error.details()}", file=sys.stderr)
            return 1
    return 0 if booked else 1


def book(pms: Any, options: argparse.Namespace) -> bool:
    """The whole way of a booking; False when nothing can be had."""
    property_id = options.property or first_property(pms)
    check_out = options.check_in + timedelta(days=options.nights)
    stay = Stay(check_in_date=date_message(options.check_in), check_out_date=date_message(check_out))
    rooms = [Occupancy(adults=2)]

    # 1. What can be had? Sold out is an answer, not an error: it comes with reasons and alternatives.
    found = pms.SearchAvailability(
        pms_pb2.SearchAvailabilityRequest(property_id=property_id, stay=stay, rooms=rooms), timeout=READ_SECONDS
    )
    for offer in found.offers:
        print(f"  {offer.room_type_id} {offer.rate_plan_id}: {said(offer.price.gross)}, {offer.units_left} left")
    choice = next(iter([*found.offers, *found.alternatives]), None)
    if choice is None:
        reasons = (offer_pb2.Unavailability.Reason.Name(each.reason) for each in found.unavailable)
        print("nothing can be had:", *sorted(set(reasons)))
        return False

    # 2. A price that holds until it expires: everything after this is for exactly this price.
    quote = pms.CreateQuote(
        pms_pb2.CreateQuoteRequest(
            property_id=property_id,
            stay=choice.stay,
            rooms=rooms,
            room_type_id=choice.room_type_id,
            rate_plan_id=choice.rate_plan_id,
        ),
        timeout=READ_SECONDS,
    ).quote
    print(f"quoted {said(quote.total)} until {quote.expire_time.ToJsonString()}")

    # 3. The room off sale while the guest decides. 4. The booking. Both are writes: see `written`.
    hold = written(pms.PlaceHold, pms_pb2.PlaceHoldRequest(quote_token=quote.quote_token)).hold
    print(f"held until {hold.expire_time.ToJsonString()}")
    reservation = written(
        pms.CreateReservation,
        pms_pb2.CreateReservationRequest(
            quote_token=quote.quote_token,
            hold_id=hold.hold_id,
            booker=reservation_pb2.Booker(given_name="Ada", family_name="Example", email="ada@example.com"),
            source="example",
        ),
    ).reservation
    print(f"booked {reservation.confirmation_code} for {said(reservation.total)}")

    # 5. Anybody can look it up by its code.
    lookup = pms_pb2.GetReservationRequest(property_id=property_id, confirmation_code=reservation.confirmation_code)
    assert pms.GetReservation(lookup, timeout=READ_SECONDS).reservation == reservation

    if not options.keep:
        cancel(pms, reservation)
    return True


def cancel(pms: Any, reservation: reservation_pb2.Reservation) -> None:
    """6. What would canceling cost? Then exactly that, with the preview's token."""
    ask = pms_pb2.PreviewCancellationRequest(reservation_id=reservation.reservation_id)
    preview = pms.PreviewCancellation(ask, timeout=READ_SECONDS).preview
    request = pms_pb2.CancelReservationRequest(cancellation_token=preview.cancellation_token, reason="only an example")
    canceled = written(pms.CancelReservation, request).reservation
    print(f"canceled {canceled.confirmation_code}, fee {said(canceled.cancellation_fee)}")


def written(call: Callable[..., Any], request: Any) -> Any:
    """Makes a write and repeats it, with the same request id, until the outcome is clear.

    The id makes this safe: however often the request arrives, the service does it once and answers the same.
    """
    request.request_id = str(uuid.uuid4())
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return call(request, timeout=WRITE_SECONDS)
        except grpc.RpcError as error:
            if error.code() not in UNCLEAR or attempt == ATTEMPTS or reason_of(error) == "VERSION_MISMATCH":
                raise
            time.sleep(0.1 * 2**attempt)
    raise AssertionError("unreachable")


def reason_of(error: grpc.RpcError) -> str:
    """Why the call failed, as protos/hotel/common/v1/error_reason.proto names it. Branch on this, never on the text."""
    info = error_details_pb2.ErrorInfo()
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            for detail in status_pb2.Status.FromString(value).details:
                detail.Unpack(info)
    return info.reason


def first_property(pms: Any) -> str:
    """The id of the first property that is served."""
    listed = pms.ListProperties(pms_pb2.ListPropertiesRequest(), timeout=READ_SECONDS)
    return listed.properties[0].property_id


def date_message(day: date) -> Date:
    """Dates are of the hotel's calendar: year, month, day, and no time zone."""
    return Date(year=day.year, month=day.month, day=day.day)


def said(money: Money) -> str:
    """A sum as people read it."""
    return f"{money.units}.{money.nanos // 10_000_000:02d} {money.currency_code}"


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address", nargs="?", default="127.0.0.1:7004", metavar="HOST:PORT")
    parser.add_argument("--property", default="", help="the property (the first one listed)")
    in_two_months = datetime.now(UTC).date() + timedelta(days=60)
    parser.add_argument("--check-in", type=date.fromisoformat, default=in_two_months, help="in two months")
    parser.add_argument("--nights", type=int, default=2)
    parser.add_argument("--keep", action="store_true", help="do not cancel at the end")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
