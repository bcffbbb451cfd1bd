"""Taking a guest out of the books in PostgreSQL: what is sealed goes, and the key when nothing is left that it opens.

A reservation that still needs its guest stands in `guest_to_forget` until its day. Everything may be done again at any
time: what was taken out is found by nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from mesh.store.postgres import Connection
from mesh.store.vault import Vault

from services.pms.adapters.rows import reservation_of
from services.pms.adapters.sealing import JOIN_KEY, KEY, looked_up
from services.pms.domain.forgetting import Forgetting, Kept, keeps_guest_until

# Bookings of a guest by any of the hashes, locked. Those that were taken out have no hashes.
_BOOKED = f"""
    SELECT r.reservation_id, r.document, {KEY.format(alias="r")} FROM reservation r {JOIN_KEY.format(alias="r")}
    WHERE property_id = $1 AND (phone_key = ANY($2) OR email_key = ANY($3) OR identity_key = ANY($4))
    ORDER BY reservation_id FOR UPDATE OF r
"""  # noqa: S608 (put together of constants)
# The rule of `keeps_guest_until`.
_DEPARTED = """
    SELECT reservation_id FROM guest_to_forget JOIN reservation r USING (reservation_id)
    WHERE r.check_out <= $1 OR r.state IN ('CANCELED', 'NO_SHOW')
    ORDER BY reservation_id LIMIT $2 FOR UPDATE OF r SKIP LOCKED
"""
_LATER = "INSERT INTO guest_to_forget (reservation_id) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING"
_DROP_PROFILES = """
    DELETE FROM guest WHERE property_id = $1 AND (phone_key = ANY($2) OR email_key = ANY($3))
    RETURNING substring(sealed FOR 16)
"""
# Empty is what was sealed once and is no more; NULL never held anything.
_EMPTY = (
    """
    UPDATE reservation_event SET sealed = '', document = document || '{"profile_id": ""}'
    WHERE document ->> 'reservation_id' = ANY($1)
    """,
    "UPDATE charge SET sealed = '' WHERE reservation_id = ANY($1)",
    """
    UPDATE request_answer SET sealed = '', answer = (answer::jsonb || '{"profile_id": ""}')::text
    WHERE sealed IS NOT NULL AND answer::jsonb ->> 'reservation_id' = ANY($1)
    """,
    "DELETE FROM guest_to_forget WHERE reservation_id = ANY($1)",
)
_EMPTY_RESERVATIONS = """
    WITH old AS (SELECT reservation_id, substring(sealed FOR 16) AS key_id FROM reservation
        WHERE reservation_id = ANY($1))
    UPDATE reservation r SET sealed = '', phone_key = '', email_key = '', identity_key = '', profile_id = '',
        document = document || '{"profile_id": ""}'
    FROM old WHERE r.reservation_id = old.reservation_id RETURNING old.key_id
"""
_DESTROY = """
    WITH gone AS (
        DELETE FROM data_key k WHERE key_id = ANY($1::bytea[])
            AND NOT EXISTS (SELECT FROM reservation WHERE substring(sealed FOR 16) = k.key_id)
            AND NOT EXISTS (SELECT FROM guest WHERE substring(sealed FOR 16) = k.key_id)
        RETURNING key_id
    ), emptied AS (
        UPDATE request_answer SET sealed = '' WHERE substring(sealed FOR 16) IN (SELECT key_id FROM gone)
    )
    SELECT key_id FROM gone
"""


async def forget_guest(
    db: Connection, vault: Vault, property_id: str, forgetting: Forgetting, *, today: date, retention: timedelta
) -> tuple[int, list[Kept]]:
    """How many bookings of a property lost their guest, and those that keep theirs for now. In a transaction."""
    hashes = _hashes(vault, property_id, forgetting)
    booked = [reservation_of(vault, row) for row in await db.fetch(_BOOKED, property_id, *hashes)]
    own = [each for each in booked if each.create_time <= forgetting.time]
    until = {each.reservation_id: keeps_guest_until(each, retention) for each in own}
    over = [each.reservation_id for each in own if until[each.reservation_id] <= today]
    await db.execute(_LATER, [each.reservation_id for each in own if each.reservation_id not in over])
    # The profile of a guest who booked again since is the new guest's.
    profiles = [] if len(own) < len(booked) else await db.fetch(_DROP_PROFILES, property_id, *hashes[:2])
    await _take_out(db, vault, over, [row[0] for row in profiles])
    kept = [
        Kept(property_id=property_id, confirmation_code=each.confirmation_code, until=until[each.reservation_id])
        for each in own
        if each.reservation_id not in over
    ]
    return len(over), kept


async def forget_departed(db: Connection, vault: Vault, *, today: date, retention: timedelta, limit: int) -> int:
    """Takes out the guests whose day has come; how many reservations. In a transaction."""
    departed = [row["reservation_id"] for row in await db.fetch(_DEPARTED, today - retention, limit)]
    await _take_out(db, vault, departed, [])
    return len(departed)


async def _take_out(db: Connection, vault: Vault, reservation_ids: Sequence[str], keys: Sequence[bytes]) -> None:
    rows = await db.fetch(_EMPTY_RESERVATIONS, reservation_ids)
    for statement in _EMPTY:
        await db.execute(statement, reservation_ids)
    used = {*keys, *(row["key_id"] for row in rows)}
    for (key_id,) in await db.fetch(_DESTROY, sorted(used)):
        vault.forget(key_id)


def _hashes(vault: Vault, property_id: str, forgetting: Forgetting) -> tuple[list[str], list[str], list[str]]:
    def hashes(kind: str, keys: Sequence[str]) -> list[str]:
        return sorted({looked_up(vault, kind, property_id, key) for key in keys if key})

    people = forgetting.identities
    return (
        hashes("phone", [person.phone_key for person in people]),
        hashes("email", [person.email_key for person in people]),
        hashes("identity", [person.key for person in people]),
    )
