"""Reads a round's history out of the stores, once the mesh has come to rest."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence

import asyncpg
from hotel.session.v1 import session_pb2, session_pb2_grpc
from mesh.client import Channel, dial

from services.gateway.adapters.sealing import REPLY, TURN, Sealing
from services.pms.adapters.sealing import looked_up
from services.pms.domain.phone import match_key
from services.pms.settings import Settings
from tests.chaos.history import Booked, Call, History, Night, Said, Turn, Written
from tests.support.gateway_stores import new_sealing

# Who a guest is stands there as a hash.
_AT_REST = """
    SELECT NOT EXISTS (SELECT FROM gateway.inbound_messages m JOIN gateway.conversation_addresses a
                       USING (conversation_id) WHERE m.state IN ('pending', 'turn') AND a.address = ANY ($1))
        AND NOT EXISTS (SELECT FROM gateway.outbox o JOIN gateway.conversation_addresses a USING (conversation_id)
                        WHERE o.state = 'queued' AND a.address = ANY ($1))
"""
_KEY = "c.conversation_id, c.key_id, c.master, c.wrapped"
# In the order in which the session took them: clocks step, and times with them.
_TURNS = f"""
    SELECT t.turn_id, t.payload, t.state, t.tries, a.address, {_KEY} FROM gateway.turns t
    JOIN gateway.conversations c USING (conversation_id) JOIN gateway.conversation_addresses a USING (conversation_id)
    LEFT JOIN session.turns s USING (turn_id)
    WHERE a.address = ANY ($1) ORDER BY t.conversation_id, s.sequence, t.create_time
"""
_OUTBOX = f"""
    SELECT o.message_id, o.content, o.state, o.turn_id, o.possibly_repeated, o.failure_reason, a.address, {_KEY}
    FROM gateway.outbox o
    JOIN gateway.conversations c USING (conversation_id) JOIN gateway.conversation_addresses a USING (conversation_id)
    WHERE a.address = ANY ($1) ORDER BY o.sequence
"""
_RESERVATIONS = """
    SELECT confirmation_code, phone_key, state, room_type_id, check_in, check_out, units FROM pms.reservation
"""
_NIGHTS = "SELECT room_type_id, night, capacity, sold, held FROM pms.inventory_night"
_PAGE = 200


async def at_rest(postgres_url: str, guests: Collection[str]) -> bool:
    """Whether nothing of these guests is pending, open or queued; False while PostgreSQL does not answer."""
    try:
        connection = await asyncpg.connect(postgres_url, timeout=5)
    except (OSError, TimeoutError, asyncpg.PostgresError):
        return False
    try:
        return bool(await connection.fetchval(_AT_REST, list(_hashes(new_sealing(), guests))))
    finally:
        await connection.close()


async def read(
    postgres_url: str,
    session_address: str,
    *,
    said: Sequence[Said],
    calls: Sequence[Call],
    recovery: Mapping[str, float | None],
) -> History:
    """The history of those who said something. Raises OSError or asyncpg.PostgresError when the books are closed."""
    guests = sorted({one.guest for one in said})
    handoffs = await _handoffs(session_address)
    sealing = new_sealing()
    by_hash = _hashes(sealing, guests)
    connection = await asyncpg.connect(postgres_url, timeout=5)
    try:
        turns = await connection.fetch(_TURNS, list(by_hash))
        outbox = await connection.fetch(_OUTBOX, list(by_hash))
        reservations = await connection.fetch(_RESERVATIONS)
        nights = await connection.fetch(_NIGHTS)
    finally:
        await connection.close()
    # The books have no phones in the clear; these are the keys of the guests of this round.
    vault = Settings().vault()
    by_phone_key = {looked_up(vault, "phone", "alameda", match_key(guest)): guest for guest in guests}
    return History(
        said=tuple(said),
        turns=tuple(_turn(sealing, row, by_hash) for row in turns),
        outbox=tuple(_written(sealing, row, by_hash) for row in outbox),
        calls=tuple(call for call in calls if call.guest in guests),
        reservations=tuple(_booked(row, by_phone_key) for row in reservations),
        nights=tuple(Night(**dict(zip(Night.__slots__, row.values(), strict=True))) for row in nights),
        handoffs=handoffs & frozenset(guests),
        recovery=recovery,
    )


async def _handoffs(session_address: str) -> frozenset[str]:
    """Numbers of the guests who wait for a person."""
    found: set[str] = set()
    async with Channel(dial(session_address, None), caller="gateway") as channel:
        session = session_pb2_grpc.SessionServiceStub(channel)
        token = ""
        while True:
            request = session_pb2.ListHandoffsRequest(page_size=_PAGE, page_token=token)
            listed = await session.ListHandoffs(request, timeout=10.0)
            found.update(case.session.identity.address for case in listed.cases)
            token = listed.next_page_token
            if not token:
                return frozenset(found)


def _hashes(sealing: Sealing, guests: Collection[str]) -> dict[str, str]:
    """Guests by what stands in the database for their addresses."""
    return {sealing.address("whatsapp", "", guest): guest for guest in guests}


def _turn(sealing: Sealing, row: asyncpg.Record, by_hash: Mapping[str, str]) -> Turn:
    sealing.learn(row)
    payload = json.loads(sealing.open(row["payload"], f"{TURN}:{row['turn_id']}"))
    return Turn(
        turn_id=row["turn_id"],
        guest=by_hash[row["address"]],
        state=row["state"],
        messages=tuple(message["message_id"] for message in payload),
        tries=row["tries"],
    )


def _written(sealing: Sealing, row: asyncpg.Record, by_hash: Mapping[str, str]) -> Written:
    sealing.learn(row)
    return Written(
        message_id=row["message_id"],
        guest=by_hash[row["address"]],
        text=json.loads(sealing.open(row["content"], f"{REPLY}:{row['message_id']}"))["text"],
        state=row["state"],
        turn_id=row["turn_id"] or "",
        possibly_repeated=row["possibly_repeated"],
        failure_reason=row["failure_reason"],
    )


def _booked(row: asyncpg.Record, by_phone_key: Mapping[str, str]) -> Booked:
    return Booked(
        code=row["confirmation_code"],
        guest=by_phone_key.get(row["phone_key"], ""),
        state=row["state"],
        room_type=row["room_type_id"],
        check_in=row["check_in"],
        check_out=row["check_out"],
        units=row["units"],
    )
