"""Rooms taken off sale while a guest decides."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from mesh.errors import Invalid, Refused
from mesh.values import new_id

from .property import Property
from .quote import Quote
from .stay import Stay


class HoldState(StrEnum):
    """Where a hold stands."""

    ACTIVE = "ACTIVE"
    CONFIRMED = "CONFIRMED"
    RELEASED = "RELEASED"
    EXPIRED = "EXPIRED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """`units` rooms of a type, every night of a stay, until `expire_time`.

    `fence` grows with every hold placed and every change of one: whoever acts on an older number acts on old news.
    """

    hold_id: str
    property_id: str
    room_type_id: str
    stay: Stay
    units: int
    expire_time: datetime
    quote_id: str
    state: HoldState = HoldState.ACTIVE
    fence: int = 0

    def at(self, now: datetime) -> Hold:
        """The hold as it stands at an instant: one that ran out is expired even before it is swept."""
        if self.state is HoldState.ACTIVE and now >= self.expire_time:
            return replace(self, state=HoldState.EXPIRED)
        return self

    def must_confirm(self, quote: Quote, now: datetime) -> None:
        """Raises when this hold cannot become a reservation for this quote at this instant.

        Refused HOLD_EXPIRED or HOLD_NOT_ACTIVE; Invalid when it keeps other rooms than the quote's. A hold placed for
        an earlier quote of the same rooms will do: guests change their mind about the rate plan.
        """
        match self.at(now).state:
            case HoldState.EXPIRED:
                raise Refused("HOLD_EXPIRED", f"hold {self.hold_id} ran out")
            case HoldState.CONFIRMED | HoldState.RELEASED:
                raise Refused("HOLD_NOT_ACTIVE", f"hold {self.hold_id} was {self.state.lower()}", state=self.state)
            case HoldState.ACTIVE:
                pass
        held = (self.property_id, self.room_type_id, self.stay, self.units)
        if held != (quote.property_id, quote.offer.room_type_id, quote.offer.stay, len(quote.rooms)):
            raise Invalid("the hold keeps other rooms", fields={"hold_id": "was made for other rooms than the quote's"})

    def released(self, now: datetime) -> Hold:
        """The hold after the guest gave it back; what is over already stays as it is. Raises Refused when confirmed."""
        standing = self.at(now)
        if standing.state is HoldState.CONFIRMED:
            raise Refused("HOLD_NOT_ACTIVE", f"hold {self.hold_id} became a reservation", state=self.state)
        return replace(standing, state=HoldState.RELEASED) if standing.state is HoldState.ACTIVE else standing


def hold_for(hotel: Property, quote: Quote, now: datetime) -> Hold:
    """A hold of a quote's rooms. It never outlives the quote: rooms without a price are of no use to anybody."""
    return Hold(
        hold_id=new_id("hld"),
        property_id=quote.property_id,
        room_type_id=quote.offer.room_type_id,
        stay=quote.offer.stay,
        units=len(quote.rooms),
        expire_time=min(now + hotel.hold_duration, quote.expire_time),
        quote_id=quote.quote_id,
    )
