"""A ledger in the process's memory: for tests, rehearsals and trying things out. Nothing survives the process."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from mesh.clock import Clock
from mesh.errors import Invalid, Refused

from services.pms.adapters.ledger import Answer, StoredProperty
from services.pms.adapters.own_inventory import OwnInventory
from services.pms.domain import record
from services.pms.domain.availability import InventoryNight
from services.pms.domain.event import EventType, ReservationEvent
from services.pms.domain.forgetting import Forgetting, Forgotten, Kept, keeps_guest_until, without_guest
from services.pms.domain.guest import Charge, GuestProfile, profile_for
from services.pms.domain.hold import Hold, HoldState
from services.pms.domain.night_move import NightMove
from services.pms.domain.phone import email_key as email_key_of
from services.pms.domain.phone import match_key
from services.pms.domain.property import Property
from services.pms.domain.reservation import LIVE_STATES, Booker, Reservation, ReservationState
from services.pms.domain.stay import Stay
from services.pms.ports import ReservationQuery, Write


@dataclass(slots=True)
class _Books:
    """Everything that is kept. Values are immutable, so a shallow copy of the containers is a snapshot."""

    properties: dict[str, StoredProperty] = field(default_factory=dict)
    nights: dict[tuple[str, str, date], InventoryNight] = field(default_factory=dict)
    holds: dict[str, Hold] = field(default_factory=dict)
    reservations: dict[str, Reservation] = field(default_factory=dict)
    guests: dict[str, GuestProfile] = field(default_factory=dict)
    charges: list[tuple[str, Charge]] = field(default_factory=list)
    events: dict[str, list[ReservationEvent]] = field(default_factory=dict)
    answers: dict[str, tuple[str, str, datetime]] = field(default_factory=dict)
    audits: list[tuple[str, str, str, datetime, datetime]] = field(default_factory=list)
    to_forget: set[str] = field(default_factory=set)
    fence: int = 0

    def snapshot(self) -> _Books:
        kept = copy.copy(self)
        for name in ("properties", "nights", "holds", "reservations", "guests", "charges", "answers", "audits"):
            setattr(kept, name, copy.copy(getattr(self, name)))
        kept.events = {key: list(events) for key, events in self.events.items()}
        return kept


class MemoryLedger:
    """One transaction at a time; a failed one leaves the books as they were."""

    def __init__(self) -> None:
        self._books = _Books()
        self._one_at_a_time = asyncio.Lock()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[MemoryTransaction]:
        async with self._one_at_a_time:
            draft = self._books.snapshot()
            yield MemoryTransaction(draft)
            self._books = draft

    async def properties(self) -> Sequence[Property]:
        return [self._books.properties[key].hotel for key in sorted(self._books.properties)]

    async def last_nights(self) -> Mapping[str, date]:
        # In the order of dates, so that the last one stays.
        return {key[0]: key[2] for key in sorted(self._books.nights, key=lambda key: key[2])}

    async def nights(self, property_id: str, span: Stay, room_type_id: str, now: datetime) -> Sequence[InventoryNight]:
        lapsed = [
            hold
            for hold in self._books.holds.values()
            if hold.state is HoldState.ACTIVE and hold.at(now).state is HoldState.EXPIRED
        ]
        found = [
            replace(night, held=night.held - _units(lapsed, property_id, night))
            for (owner, type_id, date_), night in self._books.nights.items()
            if owner == property_id and date_ in span and room_type_id in {"", type_id}
        ]
        return sorted(found, key=lambda night: (night.night, night.room_type_id))

    async def open_holds(self, now: datetime) -> int:
        return sum(hold.at(now).state is HoldState.ACTIVE for hold in self._books.holds.values())

    async def read_hold(self, hold_id: str) -> Hold | None:
        return self._books.holds.get(hold_id)

    async def read_reservation(self, reservation_id: str) -> Reservation | None:
        return self._books.reservations.get(reservation_id)

    async def read_reservation_by_code(self, property_id: str, code: str) -> Reservation | None:
        wanted = (property_id, code)
        return next(
            (
                each
                for each in self._books.reservations.values()
                if (each.property_id, each.confirmation_code) == wanted
            ),
            None,
        )

    async def reservations(self, query: ReservationQuery) -> Sequence[Reservation]:
        found = [reservation for reservation in self._books.reservations.values() if _matches(reservation, query)]
        found.sort(key=lambda reservation: (reservation.stay.check_in, reservation.confirmation_code))
        return found[: query.limit]

    async def read_guest(self, property_id: str, *, phone_key: str, email_key: str) -> GuestProfile | None:
        profile = await MemoryTransaction(self._books).guest(property_id, phone_key=phone_key, email_key=email_key)
        if profile is None:
            return None
        own = [each for each in self._books.reservations.values() if each.profile_id == profile.profile_id]
        return replace(
            profile,
            past_stays=sum(each.state is ReservationState.CHECKED_OUT for each in own),
            live_codes=tuple(sorted(each.confirmation_code for each in own if each.state in LIVE_STATES)),
        )

    async def events(self, property_id: str, after: int, limit: int) -> Sequence[ReservationEvent]:
        return self._books.events.get(property_id, [])[after : after + limit]

    async def last_sequence(self, property_id: str) -> int:
        return len(self._books.events.get(property_id, []))

    async def forget_guest(
        self, property_ids: Sequence[str], forgetting: Forgetting, *, today: date, retention: timedelta
    ) -> Forgotten:
        async with self._one_at_a_time:
            return self._forget_guest(property_ids, forgetting, today, retention)

    def _forget_guest(
        self, property_ids: Sequence[str], forgetting: Forgetting, today: date, retention: timedelta
    ) -> Forgotten:
        books, erased, kept = self._books, 0, list[Kept]()
        booked = [
            each
            for each in books.reservations.values()
            if each.property_id in property_ids and any(who.is_of(each.booker) for who in forgetting.identities)
        ]
        own = [each for each in booked if each.create_time <= forgetting.time]
        for each in own:
            until = keeps_guest_until(each, retention)
            if until <= today:
                self._take_out(each)
                erased += 1
            else:
                books.to_forget.add(each.reservation_id)
                kept.append(Kept(property_id=each.property_id, confirmation_code=each.confirmation_code, until=until))
        newer = {each.profile_id for each in booked if each.create_time > forgetting.time}
        books.guests = {
            key: profile
            for key, profile in books.guests.items()
            if key in newer or profile.property_id not in property_ids or not _is_of(profile, forgetting)
        }
        return Forgotten(erased=erased, kept=tuple(kept))

    async def forget_departed(self, *, today: date, retention: timedelta, limit: int) -> int:
        async with self._one_at_a_time:
            waiting = [self._books.reservations[key] for key in sorted(self._books.to_forget)]
            over = [each for each in waiting if keeps_guest_until(each, retention) <= today][:limit]
            for each in over:
                self._take_out(each)
            return len(over)

    def _take_out(self, reservation: Reservation) -> None:
        books, key = self._books, reservation.reservation_id
        books.reservations[key] = without_guest(reservation)
        books.to_forget.discard(key)
        books.events[reservation.property_id] = [
            replace(event, reservation=without_guest(event.reservation))
            if event.reservation.reservation_id == key
            else event
            for event in books.events.get(reservation.property_id, [])
        ]
        books.charges = [
            (owner, replace(charge, description="") if charge.reservation_id == key else charge)
            for owner, charge in books.charges
        ]
        for request_id, (digest, text, made) in books.answers.items():
            if text and f'"reservation_id":"{key}"' in text and '"booker"' in text:
                answered = without_guest(record.from_text(Reservation, text))
                books.answers[request_id] = (digest, record.to_text(answered), made)

    async def forget(self, *, answers_before: datetime, audits_before: datetime) -> int:
        books = self._books
        old = [key for key, (_, _, made) in books.answers.items() if made < answers_before]
        for key in old:
            del books.answers[key]
        kept = [audit for audit in books.audits if audit[3] >= audits_before]
        dropped = len(old) + len(books.audits) - len(kept)
        books.audits = kept
        return dropped


class MemoryTransaction:
    """Works on a draft of the books."""

    def __init__(self, books: _Books) -> None:
        self._books = books
        self.moved: set[tuple[str, date]] = set()

    async def claim(self, write: Write, now: datetime) -> str | None:
        if write.request_id not in self._books.answers:
            self._books.answers[write.request_id] = (write.digest, "", now)
            return None
        digest, text, _ = self._books.answers[write.request_id]
        if digest != write.digest:
            raise Invalid("the request id was used for something else", reason="REQUEST_ID_REUSED")
        return text

    async def answer(self, write: Write, result: Answer) -> None:
        digest, _, made = self._books.answers[write.request_id]
        self._books.answers[write.request_id] = (digest, record.to_text(result), made)

    async def hold(self, hold_id: str) -> Hold | None:
        return self._books.holds.get(hold_id)

    async def put_hold(self, hold: Hold) -> Hold:
        self._books.fence += 1
        self._books.holds[hold.hold_id] = replace(hold, fence=self._books.fence)
        return self._books.holds[hold.hold_id]

    async def some_expired_holds(self, now: datetime, *, limit: int) -> Sequence[Hold]:
        active = [hold for hold in self._books.holds.values() if hold.state is HoldState.ACTIVE]
        return [hold for hold in active if hold.expire_time <= now][:limit]

    async def expired_holds_of(self, property_id: str, now: datetime) -> Sequence[Hold]:
        expired = await self.some_expired_holds(now, limit=len(self._books.holds))
        return [hold for hold in expired if hold.property_id == property_id]

    async def move(self, property_id: str, moves: Sequence[NightMove]) -> None:
        for move in moves:
            self.moved.add((property_id, move.night))
            key = (property_id, move.room_type_id, move.night)
            night = self._books.nights.get(key)
            if night is None and move.takes <= 0:
                continue
            if night is None or (move.takes > 0 and night.capacity - night.sold - night.held < move.takes):
                raise Refused(
                    "SOLD_OUT", "too few rooms left", room_type_id=move.room_type_id, date=move.night.isoformat()
                )
            self._books.nights[key] = replace(night, sold=night.sold + move.sold, held=night.held + move.held)

    async def reservation(self, reservation_id: str) -> Reservation | None:
        return self._books.reservations.get(reservation_id)

    async def add_reservation(self, reservation: Reservation) -> bool:
        codes = {(each.property_id, each.confirmation_code) for each in self._books.reservations.values()}
        known = reservation.reservation_id in self._books.reservations
        if known or (reservation.property_id, reservation.confirmation_code) in codes:
            return False
        self._books.reservations[reservation.reservation_id] = reservation
        return True

    async def replace_reservation(self, reservation: Reservation) -> None:
        self._books.reservations[reservation.reservation_id] = reservation

    async def rooms_in_use(self, property_id: str) -> frozenset[str]:
        return frozenset(
            room.room_number
            for each in self._books.reservations.values()
            if each.property_id == property_id and each.state is ReservationState.IN_HOUSE
            for room in each.rooms
            if room.room_number
        )

    async def guest(self, property_id: str, *, phone_key: str = "", email_key: str = "") -> GuestProfile | None:
        own = [each for each in self._books.guests.values() if each.property_id == property_id]
        by_phone = (each for each in own if phone_key and match_key(each.phone_number) == phone_key)
        by_email = (each for each in own if email_key and email_key_of(each.email) == email_key)
        return next(by_phone, None) or next(by_email, None)

    def new_guest(self, property_id: str, booker: Booker) -> GuestProfile:
        return profile_for(property_id, booker)

    async def guest_by_id(self, profile_id: str) -> GuestProfile | None:
        return self._books.guests.get(profile_id)

    async def put_guest(self, profile: GuestProfile) -> None:
        self._books.guests[profile.profile_id] = replace(profile, past_stays=0, live_codes=())

    async def add_charge(self, charge: Charge, property_id: str) -> None:
        self._books.charges.append((property_id, charge))

    async def append_event(self, event_type: EventType, reservation: Reservation, now: datetime) -> ReservationEvent:
        events = self._books.events.setdefault(reservation.property_id, [])
        event = ReservationEvent(
            property_id=reservation.property_id,
            sequence=len(events) + 1,
            event_type=event_type,
            reservation=reservation,
            event_time=now,
        )
        events.append(event)
        return event

    async def audit(
        self, *, resource_id: str, operation: str, holder_id: str, since: datetime, until: datetime
    ) -> None:
        self._books.audits.append((resource_id, operation, holder_id, since, until))

    async def stored_property(self, property_id: str) -> StoredProperty | None:
        return self._books.properties.get(property_id)

    async def put_property(self, stored: StoredProperty) -> None:
        self._books.properties[stored.hotel.property_id] = stored

    async def put_nights(self, property_id: str, nights: Sequence[InventoryNight]) -> None:
        wanted = {(property_id, night.room_type_id, night.night): night for night in nights}
        first = min(night.night for night in nights)
        for key, night in self._books.nights.items():
            if key[0] == property_id and key[2] >= first and key not in wanted:
                wanted[key] = replace(night, capacity=0)
        for key, night in wanted.items():
            kept = self._books.nights.get(key)
            sold, held = (kept.sold, kept.held) if kept else (0, 0)
            self._books.nights[key] = replace(night, capacity=max(night.capacity, sold + held), sold=sold, held=held)


def memory_backend(clock: Clock, ledger: MemoryLedger | None = None) -> OwnInventory:
    """The backend on fresh (or given) books in memory."""
    return OwnInventory(ledger=ledger or MemoryLedger(), clock=clock)


def _units(lapsed: Sequence[Hold], property_id: str, night: InventoryNight) -> int:
    return sum(
        hold.units
        for hold in lapsed
        if (hold.property_id, hold.room_type_id) == (property_id, night.room_type_id) and night.night in hold.stay
    )


def _is_of(profile: GuestProfile, forgetting: Forgetting) -> bool:
    told = Booker(given_name="", phone_number=profile.phone_number, email=profile.email)
    return any(who.is_of(told) for who in forgetting.identities)


def _matches(reservation: Reservation, query: ReservationQuery) -> bool:
    booker, check_in = reservation.booker, reservation.stay.check_in
    place = (check_in, reservation.confirmation_code)
    return all(
        (
            reservation.property_id == query.property_id,
            query.check_in_from is None or check_in >= query.check_in_from,
            query.check_in_to is None or check_in <= query.check_in_to,
            not query.phone_number or match_key(booker.phone_number) == match_key(query.phone_number),
            not query.email or email_key_of(booker.email) == email_key_of(query.email),
            query.identity is None or query.identity.is_of(booker),
            not query.states or reservation.state in query.states,
            query.after is None or place > query.after,
        )
    )
