"""What the rules about staff need kept. Every method raises Down when the store is away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from services.gateway.staff.domain.audit import Entry
from services.gateway.staff.domain.grant import RefreshToken, Verdict
from services.gateway.staff.domain.user import User


class Users(Protocol):
    """Accounts."""

    async def add(self, user: User, password_hash: str) -> User:
        """Stores a new account; the same again is the same. Raises Conflict(VERSION_MISMATCH) for a taken address."""

    async def get(self, user_id: str) -> User:
        """Raises NotFound(RECORD_NOT_FOUND)."""

    async def find(self, email: str) -> tuple[User, str] | None:
        """The account with an address, and its password's hash."""

    async def signed_in(self, user_id: str, family_id: str, *, now: datetime) -> User | None:
        """The account, if it is active and the sign-in has not ended."""

    async def change(self, user: User, *, now: datetime, password_hash: str = "") -> User:
        """Stores name, role, language, active and, unless empty, the hash, if the version still is the one read.

        Without `active`, or with a new hash, every sign-in of the account ends. Raises NotFound, Conflict.
        """

    async def rehash(self, user: User, password_hash: str) -> User:
        """Stores the same password under a stronger hash; sign-ins go on."""

    async def page(self, *, after: str, size: int) -> Sequence[User]:
        """Accounts by address, after one."""

    async def count(self) -> int:
        """How many accounts there are."""


class Grants(Protocol):
    """Sign-ins and their refresh tokens."""

    async def begin(self, token: RefreshToken, *, now: datetime) -> None:
        """Stores a new sign-in with its first token."""

    async def rotate(
        self,
        token_id: str,
        judge: Callable[[RefreshToken], Verdict],
        successor: Callable[[RefreshToken], RefreshToken],
        *,
        now: datetime,
    ) -> tuple[Verdict, RefreshToken | None]:
        """Judges a token and, if it is good, marks it used and stores its successor; if it was used before, ends the
        family. All in one transaction. The token comes back as it was; None when there is none."""

    async def revoke(self, family_id: str, *, reason: str, now: datetime) -> None:
        """Ends a sign-in. Ending it twice is no error."""


class Attempts(Protocol):
    """Attempts to sign in that failed."""

    async def count(self, keys: Sequence[str], *, since: datetime) -> Sequence[int]:
        """How many under each key."""

    async def add(self, keys: Sequence[str], *, now: datetime) -> None:
        """One more under each."""

    async def clear(self, keys: Sequence[str]) -> None:
        """Forgets those under these keys."""


class Audit(Protocol):
    """The log. It is only added to, until entries are older than they are kept."""

    async def write(self, entry: Entry) -> None:
        """Stores an entry before the thing it is about is shown."""

    async def page(
        self, *, before: int | None, size: int, actor: str = "", action: str = "", subject: str = ""
    ) -> Sequence[Entry]:
        """Entries, newest first."""

    async def forget(self, *, entries_before: datetime, attempts_before: datetime) -> None:
        """Removes entries, and sign-ins that ended and attempts that were made before these times."""
