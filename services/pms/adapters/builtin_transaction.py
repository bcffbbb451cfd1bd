"""One PostgreSQL transaction over the books: row locks in a fixed order, and constraints behind them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime

import asyncpg
from mesh.errors import Conflict, Invalid, Refused
from mesh.store.postgres import Connection
from mesh.store.vault import Vault
from mesh.telemetry import get_logger

from services.pms.adapters.guest_statements import (
    ADD_CHARGE,
    ADD_EVENT,
    ADD_RESERVATION,
    ANSWER,
    CLAIM,
    CLAIMED,
    GUEST,
    GUEST_BY_CONTACT,
    PUT_GUEST,
    REPLACE_RESERVATION,
    RESERVATION,
    ROOMS_IN_USE,
)
from services.pms.adapters.ledger import Answer, StoredProperty
from services.pms.adapters.night_statements import LOCK_NIGHTS, MOVE_NIGHTS, NIGHT_COLUMNS, PUT_HOLD, PUT_NIGHTS
from services.pms.adapters.rows import columns_of, contact_columns, event_place, guest_of, hold_of, reservation_of
from services.pms.adapters.sealing import Keys, joined, looked_up, parted, profile_named
from services.pms.domain import record
from services.pms.domain.availability import InventoryNight
from services.pms.domain.configuration import Configuration
from services.pms.domain.event import EventType, ReservationEvent
from services.pms.domain.guest import Charge, GuestProfile, profile_for
from services.pms.domain.hold import Hold
from services.pms.domain.night_move import NightMove
from services.pms.domain.property import Property
from services.pms.domain.reservation import Booker, Reservation
from services.pms.metrics import LOCK_WAIT, OVERSELLS_PREVENTED
from services.pms.ports import Write

log = get_logger(__name__)


class PostgresTransaction:
    """See `ledger.Transaction` for what each call promises."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault
        self._keys = Keys(vault)
        self.moved: set[tuple[str, date]] = set()

    async def claim(self, write: Write, now: datetime) -> str | None:
        try:
            # Waits here while an equal write is on its way; afterwards its answer is visible.
            digest = self._vault.veil(write.digest)
            claimed = await self._connection.fetchval(CLAIM, write.request_id, write.operation, digest, now)
        except asyncpg.LockNotAvailableError as error:
            raise Conflict("REQUEST_IN_PROGRESS", "the same request is still running") from error
        if claimed:
            return None
        row = await self._connection.fetchrow(CLAIMED, write.request_id)
        if row is None:
            raise Conflict("REQUEST_IN_PROGRESS", "the same request was just forgotten")
        if row["digest"] != digest:
            raise Invalid("the request id was used for something else", reason="REQUEST_ID_REUSED")
        return json.dumps(joined(self._vault, row["answer"], row, _answer_place(write)))

    async def answer(self, write: Write, result: Answer) -> None:
        document, personal = parted(result)
        sealed = self._keys.known(_subject(result)).seal(personal, _answer_place(write)) if personal else None
        await self._connection.execute(ANSWER, write.request_id, document, sealed)

    async def hold(self, hold_id: str) -> Hold | None:
        row = await self._connection.fetchrow("SELECT * FROM hold WHERE hold_id = $1 FOR UPDATE", hold_id)
        return hold_of(row) if row else None

    async def put_hold(self, hold: Hold) -> Hold:
        row = await self._connection.fetchrow(
            PUT_HOLD,
            hold.hold_id,
            hold.property_id,
            hold.room_type_id,
            hold.stay.check_in,
            hold.stay.check_out,
            hold.units,
            hold.state.value,
            hold.expire_time,
            hold.quote_id,
        )
        assert row is not None
        return hold_of(row)

    async def some_expired_holds(self, now: datetime, *, limit: int) -> Sequence[Hold]:
        rows = await self._connection.fetch(
            "SELECT * FROM hold WHERE state = 'ACTIVE' AND expire_time <= $1"
            " ORDER BY expire_time, hold_id LIMIT $2 FOR UPDATE SKIP LOCKED",
            now,
            limit,
        )
        return [hold_of(row) for row in rows]

    async def expired_holds_of(self, property_id: str, now: datetime) -> Sequence[Hold]:
        rows = await self._connection.fetch(
            "SELECT * FROM hold WHERE state = 'ACTIVE' AND expire_time <= $2 AND property_id = $1"
            " ORDER BY expire_time, hold_id FOR UPDATE",
            property_id,
            now,
        )
        return [hold_of(row) for row in rows]

    async def move(self, property_id: str, moves: Sequence[NightMove]) -> None:
        if not moves:
            return
        types, nights = [move.room_type_id for move in moves], [move.night for move in moves]
        self.moved.update((property_id, night) for night in nights)
        with LOCK_WAIT.time():
            rows = await self._connection.fetch(LOCK_NIGHTS, property_id, types, nights)
        free = {(row["room_type_id"], row["night"]): row["capacity"] - row["sold"] - row["held"] for row in rows}
        for move in moves:
            if move.takes > 0 and free.get((move.room_type_id, move.night), 0) < move.takes:
                raise _sold_out(move)
        sold, held = [move.sold for move in moves], [move.held for move in moves]
        try:
            await self._connection.execute(MOVE_NIGHTS, property_id, types, nights, sold, held)
        except asyncpg.CheckViolationError as error:
            # Cannot happen while the locks above hold; if it does, the constraint kept the promise: somebody must look.
            OVERSELLS_PREVENTED.inc()
            log.error("oversell_prevented", property_id=property_id, constraint=error.constraint_name)
            raise _sold_out(moves[0]) from error

    async def reservation(self, reservation_id: str) -> Reservation | None:
        statement = f"{RESERVATION} WHERE reservation_id = $1 FOR UPDATE OF r"
        row = await self._connection.fetchrow(statement, reservation_id)
        if row is None:
            return None
        self._keys.note(row, reservation_id)
        return reservation_of(self._vault, row)

    async def add_reservation(self, reservation: Reservation) -> bool:
        key, stored = self._keys.known_or_new(reservation.reservation_id, reservation.profile_id)
        columns = columns_of(reservation, self._vault, key)
        return bool(await self._connection.fetchval(ADD_RESERVATION, *stored, *columns))

    async def replace_reservation(self, reservation: Reservation) -> None:
        key = self._keys.known(reservation.reservation_id)
        await self._connection.execute(REPLACE_RESERVATION, *columns_of(reservation, self._vault, key))

    async def rooms_in_use(self, property_id: str) -> frozenset[str]:
        # The check-in desk is one queue: two guests must not be given one room.
        await self._connection.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('check-in ' || $1, 0))", property_id
        )
        return frozenset(row["number"] for row in await self._connection.fetch(ROOMS_IN_USE, property_id))

    async def guest(self, property_id: str, *, phone_key: str = "", email_key: str = "") -> GuestProfile | None:
        phone = looked_up(self._vault, "phone", property_id, phone_key)
        email = looked_up(self._vault, "email", property_id, email_key)
        return self._guest_of(await self._connection.fetchrow(GUEST_BY_CONTACT, property_id, phone, email))

    def new_guest(self, property_id: str, booker: Booker) -> GuestProfile:
        return profile_named(self._vault, profile_for(property_id, booker))

    async def guest_by_id(self, profile_id: str) -> GuestProfile | None:
        statement = f"{GUEST} WHERE profile_id = $1 FOR UPDATE OF g"
        return self._guest_of(await self._connection.fetchrow(statement, profile_id))

    async def put_guest(self, profile: GuestProfile) -> None:
        key, stored = self._keys.known_or_new(profile.profile_id)
        _, personal = parted(profile)
        await self._connection.execute(
            PUT_GUEST,
            *stored,
            profile.profile_id,
            profile.property_id,
            *contact_columns(self._vault, profile.property_id, profile.phone_number, profile.email),
            key.seal(personal, f"guest:{profile.profile_id}"),
        )

    async def add_charge(self, charge: Charge, property_id: str) -> None:
        document, personal = parted(charge)
        await self._connection.execute(
            ADD_CHARGE,
            charge.charge_id,
            property_id,
            charge.reservation_id,
            document,
            self._keys.known(charge.reservation_id).seal(personal, f"charge:{charge.charge_id}"),
            charge.post_time,
        )

    async def append_event(self, event_type: EventType, reservation: Reservation, now: datetime) -> ReservationEvent:
        document, personal = parted(reservation)
        place = event_place(reservation.reservation_id, reservation.version)
        sequence = await self._connection.fetchval(
            ADD_EVENT,
            reservation.property_id,
            event_type.value,
            document,
            self._keys.known(reservation.reservation_id).seal(personal, place),
            now,
        )
        return ReservationEvent(
            property_id=reservation.property_id,
            sequence=sequence,
            event_type=event_type,
            reservation=reservation,
            event_time=now,
        )

    async def audit(
        self, *, resource_id: str, operation: str, holder_id: str, since: datetime, until: datetime
    ) -> None:
        await self._connection.execute(
            "INSERT INTO lock_audit (resource_id, operation_type, holder_id, acquired_at, released_at)"
            " VALUES ($1, $2, $3, $4, $5)",
            resource_id,
            operation,
            holder_id,
            since,
            until,
        )

    async def stored_property(self, property_id: str) -> StoredProperty | None:
        await self._connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('books ' || $1, 0))", property_id)
        row = await self._connection.fetchrow("SELECT * FROM property WHERE property_id = $1", property_id)
        if row is None:
            return None
        return StoredProperty(
            hotel=record.from_text(Property, row["document"]),
            configuration=record.from_text(Configuration, row["configuration"]),
            digest=row["digest"],
        )

    async def put_property(self, stored: StoredProperty) -> None:
        await self._connection.execute(
            "INSERT INTO property (property_id, document, configuration, digest) VALUES ($1, $2, $3, $4)"
            " ON CONFLICT (property_id) DO UPDATE SET document = excluded.document,"
            " configuration = excluded.configuration, digest = excluded.digest, update_time = now()",
            stored.hotel.property_id,
            record.to_text(stored.hotel),
            record.to_text(stored.configuration),
            stored.digest,
        )

    async def put_nights(self, property_id: str, nights: Sequence[InventoryNight]) -> None:
        await self._connection.execute(
            "UPDATE inventory_night SET capacity = sold + held"
            " WHERE property_id = $1 AND night >= $2 AND room_type_id <> ALL($3::text[]) AND capacity > sold + held",
            property_id,
            min(night.night for night in nights),
            sorted({night.room_type_id for night in nights}),
        )
        ordered = sorted(nights, key=lambda night: (night.room_type_id, night.night))
        columns = [[getattr(night, name) for night in ordered] for name in NIGHT_COLUMNS]
        await self._connection.execute(PUT_NIGHTS, property_id, *columns)

    def _guest_of(self, row: asyncpg.Record | None) -> GuestProfile | None:
        if row is None:
            return None
        self._keys.note(row, row["profile_id"])
        return guest_of(self._vault, row)


def _answer_place(write: Write) -> str:
    return f"answer:{write.request_id}"


def _subject(result: Answer) -> str:
    """Whose key seals an answer; a hold has nothing to be sealed."""
    match result:
        case Reservation() | Charge():
            return result.reservation_id
        case GuestProfile():
            return result.profile_id
        case Hold():
            raise TypeError("a hold names nobody")


def _sold_out(move: NightMove) -> Refused:
    return Refused("SOLD_OUT", "too few rooms left", room_type_id=move.room_type_id, date=move.night.isoformat())
