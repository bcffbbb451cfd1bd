"""Offers, refusals, quotes and holds to protobuf."""

from __future__ import annotations

from hotel.common.v1 import stay_pb2
from hotel.pms.v1 import offer_pb2, pms_pb2
from mesh import wire

from services.pms.adapters.wire.property import terms_message
from services.pms.domain.availability import Offer, Refusal
from services.pms.domain.hold import Hold
from services.pms.domain.pricing import Price
from services.pms.domain.quote import Quote
from services.pms.domain.search import Availability
from services.pms.domain.stay import Occupancy, Stay


def stay_message(stay: Stay) -> stay_pb2.Stay:
    """A half-open range of nights."""
    return stay_pb2.Stay(
        check_in_date=wire.date_to_proto(stay.check_in), check_out_date=wire.date_to_proto(stay.check_out)
    )


def occupancy_message(occupancy: Occupancy) -> stay_pb2.Occupancy:
    """Who sleeps in one room."""
    return stay_pb2.Occupancy(adults=occupancy.adults, child_ages=occupancy.child_ages)


def price_message(price: Price) -> offer_pb2.PriceBreakdown:
    """What one room costs."""
    return offer_pb2.PriceBreakdown(
        nights=[
            offer_pb2.NightPrice(
                date=wire.date_to_proto(night.night), net=wire.money_to_proto(night.net), rule=night.rule
            )
            for night in price.nights
        ],
        net=wire.money_to_proto(price.net),
        taxes=[
            offer_pb2.TaxLine(code=line.code, amount=wire.money_to_proto(line.amount), included=line.included)
            for line in price.taxes
        ],
        gross=wire.money_to_proto(price.gross),
        due_now=wire.money_to_proto(price.due_now),
        due_at_property=wire.money_to_proto(price.due_at_property),
    )


def offer_message(offer: Offer) -> offer_pb2.Offer:
    """What can be had."""
    return offer_pb2.Offer(
        room_type_id=offer.room_type_id,
        rate_plan_id=offer.rate_plan_id,
        stay=stay_message(offer.stay),
        units_left=offer.units_left,
        price=price_message(offer.price),
        cancellation=terms_message(offer.terms),
        total=wire.money_to_proto(offer.total),
    )


def availability_message(availability: Availability) -> pms_pb2.SearchAvailabilityResponse:
    """The answer to a search."""
    return pms_pb2.SearchAvailabilityResponse(
        offers=[offer_message(offer) for offer in availability.offers],
        unavailable=[_refusal(refusal) for refusal in availability.unavailable],
        alternatives=[offer_message(offer) for offer in availability.alternatives],
    )


def quote_message(quote: Quote, token: str) -> offer_pb2.Quote:
    """A quote with its token."""
    return offer_pb2.Quote(
        quote_id=quote.quote_id,
        quote_token=token,
        property_id=quote.property_id,
        offer=offer_message(quote.offer),
        rooms=[occupancy_message(occupancy) for occupancy in quote.rooms],
        total=wire.money_to_proto(quote.total),
        expire_time=wire.time_to_proto(quote.expire_time),
        read_time=wire.time_to_proto(quote.read_time),
    )


def hold_message(hold: Hold) -> offer_pb2.Hold:
    """A hold as it stands."""
    return offer_pb2.Hold(
        hold_id=hold.hold_id,
        property_id=hold.property_id,
        room_type_id=hold.room_type_id,
        stay=stay_message(hold.stay),
        units=hold.units,
        state=f"STATE_{hold.state.value}",
        expire_time=wire.time_to_proto(hold.expire_time),
        fence=hold.fence,
        quote_id=hold.quote_id,
    )


def _refusal(refusal: Refusal) -> offer_pb2.Unavailability:
    message = offer_pb2.Unavailability(
        room_type_id=refusal.room_type_id,
        reason=f"REASON_{refusal.reason.value}",
        limit=refusal.limit,
    )
    if refusal.night is not None:
        message.date.CopyFrom(wire.date_to_proto(refusal.night))
    return message
