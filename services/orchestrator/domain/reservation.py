"""A reservation as the pms tells it, and what changing or canceling it would mean."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from mesh.values import Money

from services.orchestrator.domain.offers import Occupancy, Stay, Terms

LIVE_STATES = ("PENDING", "CONFIRMED", "IN_HOUSE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """One stay of one booker. `state` as in the pms contract without prefix."""

    id: str
    code: str
    state: str
    given_name: str
    family_name: str
    stay: Stay
    room_type: str
    rate_plan: str
    rooms: tuple[Occupancy, ...]
    room_numbers: tuple[str, ...] = ()
    total: Money
    terms: Terms
    arrival_time: time | None = None
    language: str = ""
    read_time: datetime

    @property
    def live(self) -> bool:
        return self.state in LIVE_STATES

    @property
    def in_house(self) -> bool:
        return self.state == "IN_HOUSE"


@dataclass(frozen=True, slots=True, kw_only=True)
class CancellationPreview:
    """What canceling costs now; `token` commits exactly this."""

    token: str
    fee: Money
    refund: Money | None
    free_until: datetime | None
    expires: datetime
    read_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ModificationPreview:
    """What a change would mean; `token` commits exactly this."""

    token: str
    reservation: Reservation
    current_total: Money
    new_total: Money
    difference: Money
    fee: Money | None
    expires: datetime
    read_time: datetime
