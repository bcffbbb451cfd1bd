"""Staff on a database of their own: accounts, sign-ins and the audit log, without the rest of the gateway."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from mesh.clock import ManualClock
from mesh.store.postgres import Pool, connect_pool

from services.gateway.staff.access import Access
from services.gateway.staff.access_token import AccessTokens
from services.gateway.staff.adapters.audit import PostgresAudit
from services.gateway.staff.adapters.grants import PostgresAttempts, PostgresGrants
from services.gateway.staff.adapters.users import PostgresUsers
from services.gateway.staff.domain.role import Role
from services.gateway.staff.domain.user import User, new_user
from services.gateway.staff.passwords import Passwords
from tests.support.local_mesh import LocalMesh

START = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
PASSWORD = "un caballo, una pila"
KEY = "k" * 32


@dataclass(frozen=True)
class StaffHouse:
    """The stores, the rules on them, and the clock they go by."""

    access: Access
    users: PostgresUsers
    audit: PostgresAudit
    tokens: AccessTokens
    clock: ManualClock
    pool: Pool

    async def hire(self, email: str = "ana@alameda.test", role: Role = Role.AGENT, *, name: str = "Ana Ruiz") -> User:
        """Somebody with an account; the password is PASSWORD."""
        return await hire(self.pool, email, role, name=name)

    async def actions(self) -> list[str]:
        """What the log has, oldest first."""
        return [entry.action.value for entry in reversed(await self.audit.page(before=None, size=200))]


async def hire(pool: Pool, email: str, role: Role, *, name: str = "Ana Ruiz", language: str = "es") -> User:
    """Makes an account."""
    user = new_user(email=email, name=name, role=role, language=language, now=START)
    return await PostgresUsers(pool=pool).add(user, await Passwords().hash(PASSWORD))


def hire_by_command(mesh: LocalMesh, accounts: Mapping[str, str], *, password: str = PASSWORD) -> None:
    """Makes accounts as an operator does; name → role, each with the address `<name>@alameda.test`."""
    for name, role in accounts.items():
        command = ["admin", "create", f"{name}@alameda.test", "--name", name.capitalize(), "--role", role]
        subprocess.run(
            [sys.executable, "-m", "services.gateway", *command],
            env=os.environ | mesh.told,
            input=f"{password}\n",
            text=True,
            check=True,
        )


@asynccontextmanager
async def staff_house(url: str) -> AsyncIterator[StaffHouse]:
    """On a database with the gateway's tables."""
    pool = await connect_pool(url, application_name="test", schema="gateway", size=2, overflow=4)
    clock = ManualClock(START)
    users, audit = PostgresUsers(pool=pool), PostgresAudit(pool=pool)
    tokens = AccessTokens(secret=KEY, algorithm="HS256", life=timedelta(hours=24))
    access = Access(
        users=users,
        grants=PostgresGrants(pool=pool),
        attempts=PostgresAttempts(pool=pool),
        audit=audit,
        passwords=Passwords(),
        tokens=tokens,
        refresh_life=timedelta(days=30),
        clock=clock,
    )
    try:
        yield StaffHouse(access, users, audit, tokens, clock, pool)
    finally:
        await pool.close()
