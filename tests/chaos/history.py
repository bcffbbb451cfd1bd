"""What a round of chaos left behind, as plain values: what guests said and heard, and what every book says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

LIVE_STATES = ("PENDING", "CONFIRMED", "IN_HOUSE", "CHECKED_OUT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A guest's message. `window`: messages with the same number were on their way together, in any order.

    `accepted`: the webhook had its 200.
    """

    guest: str
    message_id: str
    words: str
    window: int
    accepted: bool
    asks_for_person: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A turn of the inbox; of one guest in the order in which the session took them."""

    turn_id: str
    guest: str
    state: str
    messages: tuple[str, ...]
    tries: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A row of the outbox, in its order."""

    message_id: str
    guest: str
    text: str
    state: str
    turn_id: str = ""
    possibly_repeated: bool = False
    failure_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call at the channel's API. `taken`: it was delivered, whatever was answered; `code`: of the refusal."""

    message_id: str
    guest: str
    taken: bool
    code: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """A reservation in the PMS; half-open dates."""

    code: str
    guest: str
    state: str
    room_type: str
    check_in: date
    check_out: date
    units: int = 1

    @property
    def live(self) -> bool:
        """Whether it takes rooms."""
        return self.state in LIVE_STATES

    def nights(self) -> list[tuple[str, date]]:
        """The nights it takes."""
        return [
            (self.room_type, self.check_in + timedelta(days=number))
            for number in range((self.check_out - self.check_in).days)
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """What the PMS counts for one night of a room type."""

    room_type: str
    night: date
    capacity: int
    sold: int
    held: int


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """One round. Guests are phone numbers, as WhatsApp writes them.

    `handoffs`: guests who wait for a person. `recovery`: seconds from the end of the last fault until something held
    again, by name; None for what never did.
    """

    said: tuple[Said, ...] = ()
    turns: tuple[Turn, ...] = ()
    outbox: tuple[Written, ...] = ()
    calls: tuple[Call, ...] = ()
    reservations: tuple[Booked, ...] = ()
    nights: tuple[Night, ...] = ()
    handoffs: frozenset[str] = frozenset()
    recovery: Mapping[str, float | None] = field(default_factory=dict)
