"""What the desk needs of a hotel's system of record, whichever it is: our own inventory or another PMS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol, runtime_checkable

from services.pms.domain.availability import InventoryNight
from services.pms.domain.change import Cancellation, Modification
from services.pms.domain.event import ReservationEvent
from services.pms.domain.forgetting import Forgetting, Forgotten
from services.pms.domain.guest import Charge, GuestProfile
from services.pms.domain.hold import Hold
from services.pms.domain.property import Property
from services.pms.domain.quote import Quote
from services.pms.domain.reservation import Identity, Reservation, ReservationState
from services.pms.domain.stay import Stay


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """Which write this is. The same `request_id` with the same `digest` (of operation and body) is the same write."""

    request_id: str
    operation: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationQuery:
    """Reservations of a property, by check-in date and then code; filters that are set all apply.

    `after` continues behind a (check-in date, code) that was the last of the page before.
    """

    property_id: str
    check_in_from: date | None = None
    check_in_to: date | None = None
    phone_number: str = ""
    email: str = ""
    identity: Identity | None = None
    states: frozenset[ReservationState] = field(default_factory=frozenset)
    after: tuple[date, str] | None = None
    limit: int = 50


class Backend(Protocol):
    """A system of record.

    Writes are idempotent: a repeated `write` answers what the first one answered; with another digest it raises Invalid
    REQUEST_ID_REUSED. What is refused leaves nothing behind, not even its request id. Every call may raise Down.
    """

    async def properties(self) -> Sequence[Property]:
        """Every property it keeps, by id."""

    async def inventory(self, property_id: str, span: Stay, room_type_id: str = "") -> Sequence[InventoryNight]:
        """The nights of a span by date and room type; holds that ran out do not count."""

    async def place_hold(self, write: Write, quote: Quote, hold: Hold) -> Hold:
        """Takes the rooms off sale. Raises Refused QUOTE_EXPIRED or SOLD_OUT. The answer carries its fence."""

    async def hold(self, hold_id: str) -> Hold:
        """A hold as it stands; raises NotFound HOLD_NOT_FOUND."""

    async def release_hold(self, write: Write, hold_id: str) -> Hold:
        """Puts the rooms back on sale. Raises NotFound HOLD_NOT_FOUND, Refused HOLD_NOT_ACTIVE when confirmed."""

    async def expire_holds(self) -> int:
        """Puts the rooms of holds that ran out back on sale; returns how many holds it ended."""

    async def create_reservation(
        self, write: Write, quote: Quote, reservation: Reservation, hold_id: str = ""
    ) -> Reservation:
        """Books, turning the hold's rooms into the reservation's, and gives a confirmation code.

        Raises Refused QUOTE_EXPIRED, HOLD_EXPIRED, HOLD_NOT_ACTIVE or SOLD_OUT; NotFound HOLD_NOT_FOUND; Invalid when
        the hold keeps other rooms.
        """

    async def reservation(self, reservation_id: str) -> Reservation:
        """A reservation by id; raises NotFound RESERVATION_NOT_FOUND."""

    async def reservation_by_code(self, property_id: str, code: str) -> Reservation:
        """A reservation by its normalised code; raises NotFound RESERVATION_NOT_FOUND."""

    async def reservations(self, query: ReservationQuery) -> Sequence[Reservation]:
        """A page of reservations."""

    async def modify_reservation(self, write: Write, modification: Modification) -> Reservation:
        """Makes a previewed change. Raises Refused QUOTE_EXPIRED, STATE_NOT_ALLOWED or SOLD_OUT, Conflict
        VERSION_MISMATCH, NotFound RESERVATION_NOT_FOUND."""

    async def cancel_reservation(self, write: Write, cancellation: Cancellation, reason: str) -> Reservation:
        """Cancels as previewed and puts the rooms back on sale. Raises as modify_reservation does."""

    async def check_in(
        self, write: Write, hotel: Property, reservation_id: str, *, version: int, room_number: str = ""
    ) -> Reservation:
        """Marks the guest as arrived. Raises NotFound, Conflict VERSION_MISMATCH, Refused STATE_NOT_ALLOWED."""

    async def check_out(self, write: Write, hotel: Property, reservation_id: str, *, version: int) -> Reservation:
        """Marks the guest as departed; nights not stayed are on sale again. Raises as check_in does."""

    async def post_charge(self, write: Write, charge: Charge) -> Charge:
        """Posts on the folio. Raises NotFound RESERVATION_NOT_FOUND, Refused STATE_NOT_ALLOWED."""

    async def guest_profile(self, property_id: str, *, phone_number: str = "", email: str = "") -> GuestProfile:
        """A guest by phone (in any known variant) or e-mail; raises NotFound GUEST_NOT_FOUND."""

    async def update_guest_profile(self, write: Write, profile: GuestProfile) -> GuestProfile:
        """Stores the fields that are filled in; raises NotFound GUEST_NOT_FOUND."""

    async def forget_guest(self, forgetting: Forgetting) -> Forgotten:
        """Takes who a guest is out of the books that are our own. Idempotent."""

    async def events(self, property_id: str, *, after: int, limit: int) -> Sequence[ReservationEvent]:
        """What happened after a sequence number, oldest first."""

    async def last_sequence(self, property_id: str) -> int:
        """The number of the latest event; 0 when nothing happened yet."""


@runtime_checkable
class Glancing(Protocol):
    """What a backend may have beside all that: nights it remembers for looking. They are never sold from."""

    async def glance(self, property_id: str, span: Stay) -> Sequence[InventoryNight]:
        """As `inventory`, with this process's own writes at once and everybody else's within seconds."""
