"""A price that was promised, until it expires."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mesh.errors import Refused
from mesh.values import Money, new_id

from .availability import Calendar, Offer, Wish, offer, refusal
from .property import Property
from .stay import Occupancy

QUOTE = "quote"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What a quote token says. `total` is for all rooms, taxes included; `read_time` when the price was read."""

    quote_id: str
    property_id: str
    offer: Offer
    rooms: tuple[Occupancy, ...]
    total: Money
    expire_time: datetime
    read_time: datetime

    def must_be_live(self, now: datetime) -> None:
        """Raises Refused QUOTE_EXPIRED once its time is over."""
        if now >= self.expire_time:
            raise Refused("QUOTE_EXPIRED", f"quote {self.quote_id} has expired")


def quote(hotel: Property, calendar: Calendar, wish: Wish, now: datetime) -> Quote:
    """A quote for one room type and rate plan. Raises Refused with the reason why not, NotFound for unknown ids."""
    room_type, plan = hotel.room_type(wish.room_type_id), hotel.rate_plan(wish.rate_plan_id)
    why_not = refusal(hotel, calendar, wish, room_type=room_type, now=now)
    if why_not is not None:
        raise why_not.error()
    offered = offer(hotel, calendar, wish, room_type=room_type, plan=plan, now=now)
    return Quote(
        quote_id=new_id("quo"),
        property_id=hotel.property_id,
        offer=offered,
        rooms=wish.rooms,
        total=offered.total,
        expire_time=now + hotel.quote_duration,
        read_time=now,
    )
