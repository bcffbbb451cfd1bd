"""Reading everything about a guest from PostgreSQL, and forgetting it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from mesh.store.postgres import Connection, Pool, transaction

from services.session.adapters.postgres.pending_erasures import keep_pending
from services.session.adapters.postgres.requests import remember, stored
from services.session.adapters.postgres.rows import Rows, with_keys
from services.session.adapters.postgres.said import turns_of
from services.session.domain.document import Document, dumps, instant
from services.session.domain.dossier import Dossier
from services.session.domain.erasure import (
    PendingErasure,
    Receipt,
    erased_lines,
    retained_lines,
    suppression_of,
)
from services.session.domain.guest import no_guest
from services.session.domain.identity import MatchKey
from services.session.ports import Erased, EraseWrite

_GUEST = "SELECT document FROM guest_documents WHERE guest_id = $1"
_LOCK_GUEST = "SELECT 1 FROM guests WHERE guest_id = $1 FOR UPDATE"
_LOCK_SESSIONS = "SELECT 1 FROM sessions WHERE guest_id = $1 ORDER BY session_id FOR UPDATE"
_SESSIONS = f"""
    SELECT {with_keys("s")} AS session,
           (SELECT jsonb_agg(to_jsonb(t) ORDER BY t.sequence) FROM turns t WHERE t.session_id = s.session_id) AS turns
    FROM sessions s WHERE guest_id = $1 ORDER BY create_time, session_id
"""  # noqa: S608 (put together of constants, as the next)
_KNOWN = f"SELECT jsonb_agg({with_keys('i')}) FROM guest_identities i WHERE guest_id = $1"  # noqa: S608
_COUNT_KEYS = "SELECT count(*) FROM data_keys WHERE guest_id = $1"
_SUPPRESS = "INSERT INTO suppressions SELECT hash, $2 FROM unnest($1::text[]) AS hash ON CONFLICT DO NOTHING"
# Identities, sessions, turns and the keys that open copies of them go with the guest.
_DELETE_GUEST = "DELETE FROM guests WHERE guest_id = $1"
_DELETE_REQUESTS = "DELETE FROM requests WHERE subject = ANY ($1)"
# A repeat of the turn that erased a guest finds nobody, but the receipt, which stays as receipts do.
_KEEP_FOR_TURN = """
    INSERT INTO requests (method, request_id, fingerprint, subject, result, create_time)
    VALUES ('EraseGuest by turn', $1, '', '', $2, $3) ON CONFLICT DO NOTHING
"""
_OF_TURN = "SELECT result FROM requests WHERE method = 'EraseGuest by turn' AND request_id = $1"


async def read_dossier(db: Connection, rows: Rows, guest_id: str) -> Dossier | None:
    """Everything about a guest, None when there is no such guest."""
    text = await db.fetchval(_GUEST, guest_id)
    if text is None:
        return None
    guest = rows.guest(text)
    found = await db.fetch(_SESSIONS, guest_id)
    held = [(rows.session(row["session"]), turns_of(rows.vault, row["turns"])) for row in found]
    return Dossier(
        guest=guest,
        sessions=tuple(session for session, _ in held),
        turns={session.session_id: turns for session, turns in held},
    )


async def suppressions_of(db: Connection, rows: Rows, guest_id: str) -> list[str]:
    """The hashes of a guest's keys."""
    return [hash_of_stop(rows, key) for key in rows.known(await db.fetchval(_KNOWN, guest_id))]


def hash_of_stop(rows: Rows, key: MatchKey) -> str:
    """What is stored of an address that nobody is to write to: nobody without our key can try numbers against it."""
    return rows.vault.veil(suppression_of(key))


async def erase_guest(pool: Pool, rows: Rows, write: EraseWrite) -> Erased:
    """One attempt. Raises Lost, NotFound, Invalid (REQUEST_ID_REUSED)."""
    async with transaction(pool) as db:
        await db.execute(_LOCK_GUEST, write.guest_id)
        if before := await stored(db, rows, write.request):
            return Erased(receipt=_read_receipt(before.result))
        await db.execute(_LOCK_SESSIONS, write.guest_id)
        dossier = await read_dossier(db, rows, write.guest_id)
        if dossier is None:
            raise no_guest(write.guest_id)
        hashes = await suppressions_of(db, rows, write.guest_id)
        receipt = Receipt(
            receipt_id=write.receipt_id,
            erase_time=write.now,
            erased=erased_lines(
                identities=len(hashes),
                sessions=len(dossier.sessions),
                turns=sum(len(turns) for turns in dossier.turns.values()),
                promises=sum(len(session.dialogue.promises) for session in dossier.sessions),
                keys=await db.fetchval(_COUNT_KEYS, write.guest_id),
            ),
            retained=retained_lines(dossier.guest, dossier.sessions, write.now),
            retention=write.retention,
        )
        if dossier.guest.opted_out:
            await db.execute(_SUPPRESS, hashes, write.now)
        session_ids = tuple(session.session_id for session in dossier.sessions)
        await keep_pending(
            db,
            rows.vault,
            PendingErasure(
                receipt_id=receipt.receipt_id,
                erase_time=write.now,
                identities=dossier.guest.identities,
                session_ids=session_ids,
            ),
        )
        await db.execute(_DELETE_GUEST, write.guest_id)
        await db.execute(_DELETE_REQUESTS, [write.guest_id, *session_ids])
        await remember(db, rows, write.request, subject="", time=write.now, result=_receipt_document(receipt))
        if write.turn_id:
            await db.execute(_KEEP_FOR_TURN, write.turn_id, dumps(_receipt_document(receipt)), write.now)
    rows.forget((write.guest_id, *session_ids))
    return Erased(receipt=receipt, session_ids=session_ids)


async def receipt_of(db: Connection, turn_id: str) -> Receipt | None:
    """The receipt of the erasure that a turn carried out."""
    text = await db.fetchval(_OF_TURN, turn_id)
    return _read_receipt(json.loads(text)) if text is not None else None


def _receipt_document(receipt: Receipt) -> Document:
    return {
        "receipt_id": receipt.receipt_id,
        "erase_time": receipt.erase_time.isoformat(),
        "erased": list(receipt.erased),
        "retained": list(receipt.retained),
        "retention_seconds": receipt.retention.total_seconds(),
    }


def _read_receipt(document: Any) -> Receipt:
    return Receipt(
        receipt_id=document["receipt_id"],
        erase_time=instant(document["erase_time"]),
        erased=tuple(document["erased"]),
        retained=tuple(document["retained"]),
        retention=timedelta(seconds=document["retention_seconds"]),
    )
