"""Sign-ins and failed attempts in PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from mesh.store.postgres import Connection, Pool, connection, transaction

from services.gateway.staff.domain.grant import RefreshToken, Verdict

# The lock makes two uses of one token at once come one after the other: the second finds it used.
_LOCK = """
    SELECT t.token_id, t.family_id, s.user_id, t.digest, t.expire_time, t.use_time, s.revoke_time
    FROM staff_refresh_tokens t JOIN staff_sign_ins s USING (family_id)
    WHERE t.token_id = $1 FOR UPDATE
"""
_STORE = "INSERT INTO staff_refresh_tokens (token_id, family_id, digest, expire_time) VALUES ($1, $2, $3, $4)"
_REVOKE = """
    UPDATE staff_sign_ins SET revoke_time = $2, revoke_reason = $3 WHERE family_id = $1 AND revoke_time IS NULL
"""


class PostgresGrants:
    """`Grants` on a pool whose search path is the gateway's schema."""

    def __init__(self, *, pool: Pool) -> None:
        self._pool = pool

    async def begin(self, token: RefreshToken, *, now: datetime) -> None:
        async with transaction(self._pool) as conn:
            await conn.execute(
                "INSERT INTO staff_sign_ins (family_id, user_id, create_time, expire_time) VALUES ($1, $2, $3, $4)",
                token.family_id,
                token.user_id,
                now,
                token.expire_time,
            )
            await _store(conn, token)

    async def rotate(
        self,
        token_id: str,
        judge: Callable[[RefreshToken], Verdict],
        successor: Callable[[RefreshToken], RefreshToken],
        *,
        now: datetime,
    ) -> tuple[Verdict, RefreshToken | None]:
        async with transaction(self._pool) as conn:
            row = await conn.fetchrow(_LOCK, token_id)
            if row is None:
                return Verdict.OVER, None
            token = RefreshToken(
                token_id=row["token_id"],
                family_id=row["family_id"],
                user_id=row["user_id"],
                digest=row["digest"],
                expire_time=row["expire_time"],
                used=row["use_time"] is not None,
                revoked=row["revoke_time"] is not None,
            )
            verdict = judge(token)
            if verdict is Verdict.REUSED:
                await conn.execute(_REVOKE, token.family_id, now, "token_reused")
            elif verdict is Verdict.GOOD:
                following = successor(token)
                await conn.execute(
                    "UPDATE staff_refresh_tokens SET use_time = $2 WHERE token_id = $1", token.token_id, now
                )
                await conn.execute(
                    "UPDATE staff_sign_ins SET expire_time = $2 WHERE family_id = $1",
                    token.family_id,
                    following.expire_time,
                )
                await _store(conn, following)
        return verdict, token

    async def revoke(self, family_id: str, *, reason: str, now: datetime) -> None:
        async with connection(self._pool) as conn:
            await conn.execute(_REVOKE, family_id, now, reason)


async def _store(conn: Connection, token: RefreshToken) -> None:
    await conn.execute(_STORE, token.token_id, token.family_id, token.digest, token.expire_time)


class PostgresAttempts:
    """`Attempts`: in the database, so that every replica counts the same ones."""

    def __init__(self, *, pool: Pool) -> None:
        self._pool = pool

    async def count(self, keys: Sequence[str], *, since: datetime) -> Sequence[int]:
        async with connection(self._pool) as conn:
            rows = await conn.fetch(
                "SELECT key, count(*) FROM staff_attempts WHERE key = ANY ($1) AND attempt_time > $2 GROUP BY key",
                list(keys),
                since,
            )
        counts = {row[0]: int(row[1]) for row in rows}
        return [counts.get(key, 0) for key in keys]

    async def add(self, keys: Sequence[str], *, now: datetime) -> None:
        async with connection(self._pool) as conn:
            await conn.execute(
                "INSERT INTO staff_attempts (key, attempt_time) SELECT unnest($1::text[]), $2", list(keys), now
            )

    async def clear(self, keys: Sequence[str]) -> None:
        async with connection(self._pool) as conn:
            await conn.execute("DELETE FROM staff_attempts WHERE key = ANY ($1)", list(keys))
