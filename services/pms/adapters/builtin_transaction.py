"""One PostgreSQL transaction over the books: row locks in a fixed order, and constraints behind them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import asyncpg
from mesh.errors import Conflict, Invalid, Refused
from mesh.store.postgres import Connection
from mesh.telemetry import get_logger

from services.pms.adapters.ledger import StoredProperty
from services.pms.adapters.night_statements import LOCK_NIGHTS, MOVE_NIGHTS, NIGHT_COLUMNS, PUT_HOLD, PUT_NIGHTS
from services.pms.adapters.rows import columns_of, hold_of
from services.pms.domain import record
from services.pms.domain.availability import InventoryNight
from services.pms.domain.configuration import Configuration
from services.pms.domain.event import EventType, ReservationEvent
from services.pms.domain.guest import Charge, GuestProfile
from services.pms.domain.hold import Hold
from services.pms.domain.night_move import NightMove
from services.pms.domain.phone import email_key as email_key_of
from services.pms.domain.phone import match_key
from services.pms.domain.property import Property
from services.pms.domain.reservation import Reservation
from services.pms.metrics import LOCK_WAIT, OVERSELLS_PREVENTED
from services.pms.ports import Write

log = get_logger(__name__)


class PostgresTransaction:
    """See `ledger.Transaction` for what each call promises."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.moved: set[tuple[str, date]] = set()

    async def claim(self, write: Write, now: datetime) -> str | None:
        try:
            # Waits here while an equal write is on its way; afterwards its answer is visible.
            claimed = await self._connection.fetchval(
                "INSERT INTO request_answer (request_id, operation, digest, create_time) VALUES ($1, $2, $3, $4)"
                " ON CONFLICT (request_id) DO NOTHING RETURNING true",
                write.request_id,
                write.operation,
                write.digest,
                now,
            )
        except asyncpg.LockNotAvailableError as error:
            raise Conflict("REQUEST_IN_PROGRESS", "the same request is still running") from error
        if claimed:
            return None
        statement = "SELECT digest, answer FROM request_answer WHERE request_id = $1"
        row = await self._connection.fetchrow(statement, write.request_id)
        if row is None:
            raise Conflict("REQUEST_IN_PROGRESS", "the same request was just forgotten")
        if row["digest"] != write.digest:
            raise Invalid("the request id was used for something else", reason="REQUEST_ID_REUSED")
        return str(row["answer"])

    async def answer(self, write: Write, text: str) -> None:
        statement = "UPDATE request_answer SET answer = $2 WHERE request_id = $1"
        await self._connection.execute(statement, write.request_id, text)

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
        statement = "SELECT document FROM reservation WHERE reservation_id = $1 FOR UPDATE"
        row = await self._connection.fetchrow(statement, reservation_id)
        return record.from_text(Reservation, row["document"]) if row else None

    async def add_reservation(self, reservation: Reservation) -> bool:
        statement = (
            "INSERT INTO reservation VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
            " ON CONFLICT DO NOTHING RETURNING true"
        )
        return bool(await self._connection.fetchval(statement, *columns_of(reservation)))

    async def replace_reservation(self, reservation: Reservation) -> None:
        await self._connection.execute(
            "UPDATE reservation SET property_id = $2, confirmation_code = $3, state = $4, room_type_id = $5,"
            " check_in = $6, check_out = $7, units = $8, version = $9, profile_id = $10, phone_key = $11,"
            " email_key = $12, identity_key = $13, document = $14 WHERE reservation_id = $1",
            *columns_of(reservation),
        )

    async def rooms_in_use(self, property_id: str) -> frozenset[str]:
        # The check-in desk is one queue: two guests must not be given one room.
        await self._connection.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('check-in ' || $1, 0))", property_id
        )
        statement = "SELECT document FROM reservation WHERE property_id = $1 AND state = 'IN_HOUSE'"
        rows = await self._connection.fetch(statement, property_id)
        guests = [record.from_text(Reservation, row["document"]) for row in rows]
        return frozenset(room.room_number for guest in guests for room in guest.rooms if room.room_number)

    async def guest(self, property_id: str, *, phone_key: str = "", email_key: str = "") -> GuestProfile | None:
        row = await self._connection.fetchrow(
            "SELECT document FROM guest WHERE property_id = $1"
            " AND (($2 <> '' AND phone_key = $2) OR ($3 <> '' AND email_key = $3))"
            " ORDER BY ($2 <> '' AND phone_key = $2) DESC, profile_id LIMIT 1",
            property_id,
            phone_key,
            email_key,
        )
        return record.from_text(GuestProfile, row["document"]) if row else None

    async def guest_by_id(self, profile_id: str) -> GuestProfile | None:
        row = await self._connection.fetchrow("SELECT document FROM guest WHERE profile_id = $1 FOR UPDATE", profile_id)
        return record.from_text(GuestProfile, row["document"]) if row else None

    async def put_guest(self, profile: GuestProfile) -> None:
        await self._connection.execute(
            "INSERT INTO guest (profile_id, property_id, phone_key, email_key, document) VALUES ($1, $2, $3, $4, $5)"
            " ON CONFLICT (profile_id) DO UPDATE SET phone_key = excluded.phone_key, email_key = excluded.email_key,"
            " document = excluded.document",
            profile.profile_id,
            profile.property_id,
            match_key(profile.phone_number),
            email_key_of(profile.email),
            record.to_text(profile),
        )

    async def add_charge(self, charge: Charge, property_id: str) -> None:
        await self._connection.execute(
            "INSERT INTO charge (charge_id, property_id, reservation_id, document, post_time)"
            " VALUES ($1, $2, $3, $4, $5)",
            charge.charge_id,
            property_id,
            charge.reservation_id,
            record.to_text(charge),
            charge.post_time,
        )

    async def append_event(self, event_type: EventType, reservation: Reservation, now: datetime) -> ReservationEvent:
        sequence = await self._connection.fetchval(
            "WITH next AS (UPDATE property SET last_sequence = last_sequence + 1 WHERE property_id = $1"
            " RETURNING last_sequence)"
            " INSERT INTO reservation_event (property_id, sequence, event_type, document, event_time)"
            " SELECT $1, last_sequence, $2, $3, $4 FROM next RETURNING sequence",
            reservation.property_id,
            event_type.value,
            record.to_text(reservation),
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


def _sold_out(move: NightMove) -> Refused:
    return Refused("SOLD_OUT", "too few rooms left", room_type_id=move.room_type_id, date=move.night.isoformat())
