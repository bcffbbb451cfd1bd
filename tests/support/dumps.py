"""What can be read by whoever has a database: every row as text, and the secrets to be found in it."""

from __future__ import annotations

import base64
from collections.abc import Iterable

import asyncpg


async def rows_of(url: str, schema: str) -> dict[str, list[str]]:
    """Every row of a schema as text, by table."""
    db = await asyncpg.connect(url)
    tables = await db.fetch("SELECT tablename FROM pg_tables WHERE schemaname = $1 ORDER BY 1", schema)
    found = {
        name: [row[0] for row in await db.fetch(f'SELECT t::text FROM {schema}."{name}" t ORDER BY 1')]
        for (name,) in tables
    }
    await db.close()
    return found


def leaks(text: str, secrets: Iterable[str]) -> list[str]:
    """Secrets that can be read in a text: as they are, in hex, or in base64 at any offset."""
    plain = text.casefold()
    found = []
    for secret in secrets:
        raw = secret.encode()
        shifted = [base64.b64encode(b"\0" * pad + raw).decode()[4 if pad else 0 : -4] for pad in range(3)]
        if secret.casefold() in plain or raw.hex() in plain or any(part and part in text for part in shifted):
            found.append(secret)
    return found
