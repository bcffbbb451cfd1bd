"""`python -m services.gateway admin …`: accounts without the console, first of all the first one."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import secrets
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from mesh.clock import SystemClock
from mesh.errors import DomainError, Invalid
from mesh.store.postgres import connect_pool

from services.gateway.staff.adapters.audit import PostgresAudit
from services.gateway.staff.adapters.users import PostgresUsers, no_account
from services.gateway.staff.domain.audit import Action, Entry
from services.gateway.staff.domain.role import Role
from services.gateway.staff.domain.user import LANGUAGES, User, check_password, new_user, read_email
from services.gateway.staff.passwords import Passwords
from services.gateway.staff.settings import StaffSettings

ACTOR = "command"
DEV_EMAIL = "admin@hotel.test"


def run(settings: StaffSettings, argv: Sequence[str]) -> int:
    """Does what the arguments say; 0 well, 1 when it is refused. What was refused is on standard error."""
    arguments = _parser().parse_args(argv)
    try:
        asyncio.run(_with_stores(settings, lambda accounts: _do(accounts, settings, arguments)))
    except DomainError as error:
        details = "; ".join(f"{name} {fault}" for name, fault in getattr(error, "fields", {}).items())
        print(f"admin: {error.message}{f' ({details})' if details else ''}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m services.gateway admin", description="Accounts of staff.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    create = commands.add_parser("create", help="make an account; the password is asked for, or read from a pipe")
    create.add_argument("email")
    create.add_argument("--name", default="Administrator")
    create.add_argument("--role", choices=[role.value for role in Role], default=Role.ADMIN.value)
    create.add_argument("--language", choices=LANGUAGES, default=LANGUAGES[0])
    password = commands.add_parser("password", help="give an account a new password; ends its sign-ins")
    password.add_argument("email")
    lock = commands.add_parser("lock", help="close an account; ends its sign-ins")
    lock.add_argument("email")
    commands.add_parser("first", help="development only: an admin with a random password, if there is no account yet")
    return parser


class _Accounts:
    """The stores a command works on."""

    def __init__(self, users: PostgresUsers, audit: PostgresAudit) -> None:
        self.users = users
        self._audit = audit
        self._passwords = Passwords()
        self._clock = SystemClock()

    async def create(self, email: str, name: str, role: Role, language: str, password: str) -> User:
        user = new_user(email=email, name=name, role=role, language=language, now=self._clock.now())
        check_password(password, email=user.email)
        if await self.users.find(user.email) is not None:
            raise Invalid("there is an account with this address", fields={"email": "is taken"})
        await self._write(Action.USER_CREATED, user.user_id, role=role.value)
        return await self.users.add(user, await self._passwords.hash(password))

    async def change(self, email: str, *, password: str = "", active: bool = True) -> User:
        found = await self.users.find(read_email(email))
        if found is None:
            raise no_account()
        user = found[0]
        if password:
            check_password(password, email=user.email)
        await self._write(
            Action.PASSWORD_CHANGED if password else Action.USER_CHANGED, user.user_id, active=str(active).lower()
        )
        digest = await self._passwords.hash(password) if password else ""
        return await self.users.change(replace(user, active=active), now=self._clock.now(), password_hash=digest)

    async def _write(self, action: Action, subject: str, **details: str) -> None:
        await self._audit.write(
            Entry(actor=ACTOR, action=action, subject=subject, details=details, time=self._clock.now())
        )


async def _with_stores(settings: StaffSettings, work: Callable[[_Accounts], Awaitable[None]]) -> None:
    url = settings.postgres_url.get_secret_value()
    pool = await connect_pool(url, application_name="gateway-admin", schema="gateway", size=1, overflow=0)
    try:
        await work(_Accounts(PostgresUsers(pool=pool), PostgresAudit(pool=pool)))
    finally:
        await pool.close()


async def _do(accounts: _Accounts, settings: StaffSettings, arguments: argparse.Namespace) -> None:
    match arguments.command:
        case "create":
            role = Role(arguments.role)
            user = await accounts.create(
                arguments.email, arguments.name, role, arguments.language, await asyncio.to_thread(_ask)
            )
            _say(f"{user.email} may sign in as {user.role}")
        case "password":
            user = await accounts.change(arguments.email, password=await asyncio.to_thread(_ask))
            _say(f"{user.email} has a new password")
        case "lock":
            user = await accounts.change(arguments.email, active=False)
            _say(f"{user.email} is locked")
        case "first":
            await _first(accounts, settings)


async def _first(accounts: _Accounts, settings: StaffSettings) -> None:
    if settings.env != "dev":
        raise Invalid("only in development: use `admin create` here")
    if await accounts.users.count():
        raise Invalid("there are accounts already; `admin password EMAIL` gives one a new password")
    password = secrets.token_urlsafe(12)
    user = await accounts.create(DEV_EMAIL, "Admin", Role.ADMIN, LANGUAGES[0], password)
    _say(f"{user.email} {password}")


def _ask() -> str:
    """The password: typed twice at a terminal, else the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != password:
        raise Invalid("the two differ", fields={"password": "was typed differently"})
    return password


def _say(words: str) -> None:
    print(words)  # noqa: T201 (a command speaks to its caller)
