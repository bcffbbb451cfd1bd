"""Reading everything about a guest from PostgreSQL, and forgetting it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from mesh.store.postgres import Connection, Pool, transaction

from services.session.adapters.postgres.requests import remember, stored
from services.session.adapters.postgres.rows import guest_of, known_of, session_of, turns_of
from services.session.domain.document import Document, instant
from services.session.domain.dossier import Dossier
from services.session.domain.erasure import Receipt, erased_lines, retained_lines, suppression_of
from services.session.domain.guest import no_guest
from services.session.ports import Erased, EraseWrite

_GUEST = "SELECT document FROM guest_documents WHERE guest_id = $1"
_LOCK_GUEST = "SELECT 1 FROM guests WHERE guest_id = $1 FOR UPDATE"
_LOCK_SESSIONS = "SELECT 1 FROM sessions WHERE guest_id = $1 ORDER BY session_id FOR UPDATE"
_SESSIONS = """
    SELECT to_jsonb(s) AS session,
           (SELECT jsonb_agg(to_jsonb(t) ORDER BY t.sequence) FROM turns t WHERE t.session_id = s.session_id) AS turns
    FROM sessions s WHERE guest_id = $1 ORDER BY create_time, session_id
"""
_KEYS = "SELECT jsonb_agg(to_jsonb(i)) FROM guest_identities i WHERE guest_id = $1"
_SUPPRESS = "INSERT INTO suppressions SELECT hash, $2 FROM unnest($1::text[]) AS hash ON CONFLICT DO NOTHING"
# Identities, sessions and turns go with the guest.
_DELETE_GUEST = "DELETE FROM guests WHERE guest_id = $1"
_DELETE_REQUESTS = "DELETE FROM requests WHERE subject = ANY ($1)"


async def read_dossier(db: Connection, guest_id: str) -> Dossier | None:
    """Everything about a guest, None when there is no such guest."""
    text = await db.fetchval(_GUEST, guest_id)
    if text is None:
        return None
    rows = [(session_of(row["session"]), turns_of(row["turns"])) for row in await db.fetch(_SESSIONS, guest_id)]
    return Dossier(
        guest=guest_of(text),
        sessions=tuple(session for session, _ in rows),
        turns={session.session_id: turns for session, turns in rows},
    )


async def suppressions_of(db: Connection, guest_id: str) -> list[str]:
    """The hashes of a guest's keys."""
    return [suppression_of(key) for key in known_of(await db.fetchval(_KEYS, guest_id))]


async def erase_guest(pool: Pool, write: EraseWrite) -> Erased:
    """One attempt. Raises Lost, NotFound, Invalid (REQUEST_ID_REUSED)."""
    async with transaction(pool) as db:
        await db.execute(_LOCK_GUEST, write.guest_id)
        if before := await stored(db, write.request):
            return Erased(receipt=_read_receipt(before.result))
        await db.execute(_LOCK_SESSIONS, write.guest_id)
        dossier = await read_dossier(db, write.guest_id)
        if dossier is None:
            raise no_guest(write.guest_id)
        hashes = await suppressions_of(db, write.guest_id)
        receipt = Receipt(
            receipt_id=write.receipt_id,
            erase_time=write.now,
            erased=erased_lines(
                identities=len(hashes),
                sessions=len(dossier.sessions),
                turns=sum(len(turns) for turns in dossier.turns.values()),
                promises=sum(len(session.dialogue.promises) for session in dossier.sessions),
            ),
            retained=retained_lines(dossier.guest, dossier.sessions, write.now),
            retention=write.retention,
        )
        if dossier.guest.opted_out:
            await db.execute(_SUPPRESS, hashes, write.now)
        session_ids = tuple(session.session_id for session in dossier.sessions)
        await db.execute(_DELETE_GUEST, write.guest_id)
        await db.execute(_DELETE_REQUESTS, [write.guest_id, *session_ids])
        await remember(db, write.request, subject="", time=write.now, result=_receipt_document(receipt))
    return Erased(receipt=receipt, session_ids=session_ids)


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
