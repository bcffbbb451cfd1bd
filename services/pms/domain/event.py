"""What happens to reservations, for those who watch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .reservation import Reservation


class EventType(StrEnum):
    """What happened."""

    CREATED = "CREATED"
    MODIFIED = "MODIFIED"
    CANCELED = "CANCELED"
    CHECKED_IN = "CHECKED_IN"
    CHECKED_OUT = "CHECKED_OUT"
    NO_SHOW = "NO_SHOW"
    CHARGED = "CHARGED"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationEvent:
    """What happened, and the reservation after it. `sequence` grows by one with every event of a property."""

    property_id: str
    sequence: int
    event_type: EventType
    reservation: Reservation
    event_time: datetime
