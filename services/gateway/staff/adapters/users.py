"""Accounts in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import asyncpg
from mesh.errors import Conflict, NotFound
from mesh.store.postgres import Pool, connection, transaction

from services.gateway.staff.domain.role import Role
from services.gateway.staff.domain.user import User

_COLUMNS = "user_id, email, name, role, language, active, version, create_time, update_time"
_ADD = f"""
    INSERT INTO staff_users ({_COLUMNS}, password_hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT DO NOTHING RETURNING {_COLUMNS}
"""  # noqa: S608 (constants only, as below)
_GET = f"SELECT {_COLUMNS} FROM staff_users WHERE user_id = $1"  # noqa: S608
_FIND = f"SELECT {_COLUMNS}, password_hash FROM staff_users WHERE email = $1"  # noqa: S608
_SIGNED_IN = f"""
    SELECT u.* FROM (SELECT {_COLUMNS} FROM staff_users WHERE user_id = $1 AND active) u
    JOIN staff_sign_ins s USING (user_id)
    WHERE s.family_id = $2 AND s.revoke_time IS NULL AND s.expire_time > $3
"""  # noqa: S608
_CHANGE = f"""
    UPDATE staff_users SET name = $3, role = $4, language = $5, active = $6, update_time = $7, version = version + 1,
        password_hash = CASE WHEN $8 = '' THEN password_hash ELSE $8 END
    WHERE user_id = $1 AND version = $2 RETURNING {_COLUMNS}
"""  # noqa: S608
_REHASH = f"UPDATE staff_users SET password_hash = $2 WHERE user_id = $1 RETURNING {_COLUMNS}"  # noqa: S608
_END_ALL = """
    UPDATE staff_sign_ins SET revoke_time = $2, revoke_reason = 'account_changed'
    WHERE user_id = $1 AND revoke_time IS NULL
"""
_PAGE = f"SELECT {_COLUMNS} FROM staff_users WHERE email > $1 ORDER BY email LIMIT $2"  # noqa: S608


class PostgresUsers:
    """`Users` on a pool whose search path is the gateway's schema."""

    def __init__(self, *, pool: Pool) -> None:
        self._pool = pool

    async def add(self, user: User, password_hash: str) -> User:
        async with connection(self._pool) as conn:
            values = (user.user_id, user.email, user.name, user.role.value, user.language, user.active, user.version)
            row = await conn.fetchrow(_ADD, *values, user.create_time, user.update_time, password_hash)
            row = row or await conn.fetchrow(_GET, user.user_id)
        if row is None or row["email"] != user.email:
            raise Conflict("VERSION_MISMATCH", "there is an account with this address")
        return _user(row)

    async def get(self, user_id: str) -> User:
        async with connection(self._pool) as conn:
            row = await conn.fetchrow(_GET, user_id)
        if row is None:
            raise no_account()
        return _user(row)

    async def find(self, email: str) -> tuple[User, str] | None:
        async with connection(self._pool) as conn:
            row = await conn.fetchrow(_FIND, email)
        return (_user(row), row["password_hash"]) if row is not None else None

    async def signed_in(self, user_id: str, family_id: str, *, now: datetime) -> User | None:
        async with connection(self._pool) as conn:
            row = await conn.fetchrow(_SIGNED_IN, user_id, family_id, now)
        return _user(row) if row is not None else None

    async def change(self, user: User, *, now: datetime, password_hash: str = "") -> User:
        async with transaction(self._pool) as conn:
            values = (user.user_id, user.version, user.name, user.role.value, user.language, user.active)
            row = await conn.fetchrow(_CHANGE, *values, now, password_hash)
            if row is None:
                if await conn.fetchrow(_GET, user.user_id) is None:
                    raise no_account()
                raise Conflict("VERSION_MISMATCH", "the account has changed since it was read")
            if password_hash or not user.active:
                await conn.execute(_END_ALL, user.user_id, now)
        return _user(row)

    async def rehash(self, user: User, password_hash: str) -> User:
        async with connection(self._pool) as conn:
            row = await conn.fetchrow(_REHASH, user.user_id, password_hash)
        if row is None:
            raise no_account()
        return _user(row)

    async def page(self, *, after: str, size: int) -> Sequence[User]:
        async with connection(self._pool) as conn:
            return [_user(row) for row in await conn.fetch(_PAGE, after, size)]

    async def count(self) -> int:
        async with connection(self._pool) as conn:
            return int(await conn.fetchval("SELECT count(*) FROM staff_users"))


def no_account() -> NotFound:
    """Nobody has this id."""
    return NotFound("RECORD_NOT_FOUND", "there is no such account")


def _user(row: asyncpg.Record) -> User:
    return User(
        user_id=row["user_id"],
        email=row["email"],
        name=row["name"],
        role=Role(row["role"]),
        language=row["language"],
        active=row["active"],
        version=row["version"],
        create_time=row["create_time"],
        update_time=row["update_time"],
    )
