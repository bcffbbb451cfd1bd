"""Requests carried out before, so that a repeat has no second effect."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mesh.store.postgres import Connection

from services.session.adapters.postgres.rows import Rows
from services.session.domain.document import dumps
from services.session.ports import Request

_FIND = "SELECT fingerprint, result FROM requests WHERE method = $1 AND request_id = $2"
_INSERT = """
    INSERT INTO requests (method, request_id, fingerprint, subject, result, create_time)
    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING 1
"""


class Lost(Exception):
    """Somebody else was faster. What was done is rolled back; look again."""


@dataclass(frozen=True, slots=True)
class StoredRequest:
    """A request carried out before; `result` only where it could not be read again."""

    result: Any


def fingerprint_of(rows: Rows, request: Request) -> str:
    """What is stored of a request's content. Without our key nobody can try what the content may have been."""
    return rows.vault.veil(request.fingerprint)


def check_same(rows: Rows, request: Request, fingerprint: str) -> None:
    """Raises Invalid unless the request stored under this id was this one."""
    request.check_same(request.fingerprint if fingerprint == fingerprint_of(rows, request) else "another")


async def stored(connection: Connection, rows: Rows, request: Request) -> StoredRequest | None:
    """The request if it was carried out before. Raises Invalid when its id was used for another one."""
    row = await connection.fetchrow(_FIND, request.method, request.request_id)
    if row is None:
        return None
    check_same(rows, request, row["fingerprint"])
    return StoredRequest(json.loads(row["result"]) if row["result"] else None)


async def remember(
    connection: Connection, rows: Rows, request: Request, *, subject: str, time: datetime, result: object = None
) -> None:
    """Stores that a request is carried out. Raises Lost when another transaction has just done so."""
    done = await connection.fetchval(
        _INSERT,
        request.method,
        request.request_id,
        fingerprint_of(rows, request),
        subject,
        None if result is None else dumps(result),
        time,
    )
    if not done:
        raise Lost
