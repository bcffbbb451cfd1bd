"""What our own inventory needs of a store: transactions over nights, holds, reservations, guests and events.

Everything inside one transaction happens or does not. Locks are taken in one order everywhere (request, hold or
reservation, nights by room type and date, check-in desk, event sequence), so that no two writes wait for each other in
a circle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol, TypeAlias

from services.pms.domain.availability import InventoryNight
from services.pms.domain.configuration import Configuration
from services.pms.domain.event import EventType, ReservationEvent
from services.pms.domain.forgetting import Forgetting, Forgotten
from services.pms.domain.guest import Charge, GuestProfile
from services.pms.domain.hold import Hold
from services.pms.domain.night_move import NightMove
from services.pms.domain.property import Property
from services.pms.domain.reservation import Booker, Reservation
from services.pms.domain.stay import Stay
from services.pms.ports import ReservationQuery, Write

Answer: TypeAlias = Hold | Reservation | Charge | GuestProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredProperty:
    """A property as stored, with the configuration it came from and that one's digest."""

    hotel: Property
    configuration: Configuration
    digest: str


class Transaction(Protocol):
    """One transaction; leaving it normally commits, an exception undoes everything."""

    moved: set[tuple[str, date]]
    """Property and date of every night that `move` was asked for."""

    async def claim(self, write: Write, now: datetime) -> str | None:
        """Makes the request id this transaction's. Returns the stored answer of an earlier, equal write instead, as
        `record.from_text` reads it.

        Raises Invalid REQUEST_ID_REUSED for another body, Conflict REQUEST_IN_PROGRESS while an equal one takes long.
        """

    async def answer(self, write: Write, result: Answer) -> None:
        """Keeps the answer of a claimed write."""

    async def hold(self, hold_id: str) -> Hold | None:
        """A hold, locked."""

    async def put_hold(self, hold: Hold) -> Hold:
        """Adds or replaces a hold; returns it with a new fence."""

    async def some_expired_holds(self, now: datetime, *, limit: int) -> Sequence[Hold]:
        """Holds still active whose time is over, locked; those another transaction works on are left out."""

    async def expired_holds_of(self, property_id: str, now: datetime) -> Sequence[Hold]:
        """The same of one property, but every one: waits for transactions that work on them.

        A sale that looked past a hold just being swept would find its rooms still held and call them sold out.
        """

    async def move(self, property_id: str, moves: Sequence[NightMove]) -> None:
        """Applies merged moves. Raises Refused SOLD_OUT when a night has too few rooms left."""

    async def reservation(self, reservation_id: str) -> Reservation | None:
        """A reservation, locked."""

    async def add_reservation(self, reservation: Reservation) -> bool:
        """Adds one; False when its code or id is taken."""

    async def replace_reservation(self, reservation: Reservation) -> None:
        """Replaces one that was read locked."""

    async def rooms_in_use(self, property_id: str) -> frozenset[str]:
        """Numbers of the rooms of guests in the house; nobody else checks in meanwhile."""

    async def guest(self, property_id: str, *, phone_key: str = "", email_key: str = "") -> GuestProfile | None:
        """The guest with this phone, else with this e-mail."""

    def new_guest(self, property_id: str, booker: Booker) -> GuestProfile:
        """A profile for a booker who has none, not yet put. Its id is the same for the same phone or e-mail."""

    async def guest_by_id(self, profile_id: str) -> GuestProfile | None:
        """A guest, locked."""

    async def put_guest(self, profile: GuestProfile) -> None:
        """Adds or replaces a guest."""

    async def add_charge(self, charge: Charge, property_id: str) -> None:
        """Adds a charge to a folio."""

    async def append_event(self, event_type: EventType, reservation: Reservation, now: datetime) -> ReservationEvent:
        """Adds an event with the property's next number; numbers become visible in order."""

    async def audit(
        self, *, resource_id: str, operation: str, holder_id: str, since: datetime, until: datetime
    ) -> None:
        """Records who had which rooms locked, for what and how long."""

    async def stored_property(self, property_id: str) -> StoredProperty | None:
        """A property; until the end nobody else loads its configuration."""

    async def put_property(self, stored: StoredProperty) -> None:
        """Adds or replaces a property."""

    async def put_nights(self, property_id: str, nights: Sequence[InventoryNight]) -> None:
        """Adds nights and changes what the owner may change of them, never below what is sold and held.

        Nights from the first of these on that are not among them have nothing left to sell.
        """


class Ledger(Protocol):
    """A store of transactions, and reads that need none."""

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """A new transaction."""

    async def properties(self) -> Sequence[Property]:
        """Every property, by id."""

    async def last_nights(self) -> Mapping[str, date]:
        """The last night that is open, by property."""

    async def nights(self, property_id: str, span: Stay, room_type_id: str, now: datetime) -> Sequence[InventoryNight]:
        """The nights of a span by date and room type, holds that ran out not counted."""

    async def open_holds(self, now: datetime) -> int:
        """How many holds keep rooms off sale."""

    async def read_hold(self, hold_id: str) -> Hold | None:
        """A hold, not locked."""

    async def read_reservation(self, reservation_id: str) -> Reservation | None:
        """A reservation, not locked."""

    async def read_reservation_by_code(self, property_id: str, code: str) -> Reservation | None:
        """A reservation by code, not locked."""

    async def reservations(self, query: ReservationQuery) -> Sequence[Reservation]:
        """A page of reservations."""

    async def read_guest(self, property_id: str, *, phone_key: str, email_key: str) -> GuestProfile | None:
        """A guest with stays and live codes counted."""

    async def events(self, property_id: str, after: int, limit: int) -> Sequence[ReservationEvent]:
        """Events after a number, oldest first."""

    async def last_sequence(self, property_id: str) -> int:
        """The latest event's number, or 0."""

    async def forget_guest(
        self, property_ids: Sequence[str], forgetting: Forgetting, *, today: date, retention: timedelta
    ) -> Forgotten:
        """Takes a guest out of the books of these properties, property by property; what still needs its guest is
        remembered for `forget_departed`. Done again it finds nothing more to do."""

    async def forget_departed(self, *, today: date, retention: timedelta, limit: int) -> int:
        """Takes out at most `limit` guests of those that are remembered and whose day has come; how many."""

    async def forget(self, *, answers_before: datetime, audits_before: datetime) -> int:
        """Drops answers and audit rows that are old enough; returns how many."""
