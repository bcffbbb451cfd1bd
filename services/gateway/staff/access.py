"""Getting in: sign-in with a brake, tokens that are renewed, and who somebody is at each request."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mesh.clock import Clock
from mesh.errors import Busy, Invalid
from mesh.values import new_id

from services.gateway.staff.access_token import AccessTokens
from services.gateway.staff.domain import grant
from services.gateway.staff.domain.audit import Action, Entry
from services.gateway.staff.domain.grant import Verdict, not_signed_in
from services.gateway.staff.domain.user import LONGEST_PASSWORD, Person, User, check_password, read_email
from services.gateway.staff.passwords import Passwords
from services.gateway.staff.ports import Attempts, Audit, Grants, Users

WINDOW = timedelta(minutes=15)
# One person at one place, one place, one account: the last so high that nobody is locked out by a stranger's guesses.
_MOST_HERE, _MOST_PLACE, _MOST_ACCOUNT = 5, 30, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """What somebody gets who has signed in. Times are the tokens' ends."""

    user: User
    family_id: str
    access_token: str
    access_expire_time: datetime
    refresh_token: str


class Access:
    """Sign-ins of staff. `refresh_life` is how long one may lie unused."""

    def __init__(
        self,
        *,
        users: Users,
        grants: Grants,
        attempts: Attempts,
        audit: Audit,
        passwords: Passwords,
        tokens: AccessTokens,
        refresh_life: timedelta,
        clock: Clock,
    ) -> None:
        self._users = users
        self._grants = grants
        self._attempts = attempts
        self._audit = audit
        self._passwords = passwords
        self._tokens = tokens
        self._refresh_life = refresh_life
        self._clock = clock

    async def sign_in(self, email: str, password: str, *, address: str) -> Tokens:
        """Raises Unauthenticated, without saying whether there is such an account, and Busy after too many failures."""
        now = self._clock.now()
        try:
            email = read_email(email)
        except Invalid:
            email = ""
        keys = _keys(email, address)
        await self._brake(keys, now)
        found = await self._users.find(email) if email else None
        stored = found[1] if found is not None and found[0].active else None
        if not await self._passwords.verify(stored, password[: LONGEST_PASSWORD + 1]) or found is None:
            await self._attempts.add(keys, now=now)
            subject = found[0].user_id if found is not None else ""
            await self._note(subject or "nobody", Action.SIGN_IN_FAILED, subject, address)
            raise not_signed_in()
        user = found[0]
        await self._attempts.clear(keys[:1])
        if self._passwords.is_outdated(found[1]):
            user = await self._users.rehash(user, await self._passwords.hash(password))
        family_id = new_id("sgn")
        given, token = grant.issue(family_id=family_id, user_id=user.user_id, now=now, life=self._refresh_life)
        await self._grants.begin(token, now=now)
        await self._note(user.user_id, Action.SIGN_IN, family_id, address)
        return self._given(user, family_id, given, now)

    async def refresh(self, refresh_token: str, *, address: str) -> Tokens:
        """New tokens for an old one, which is good no more. Raises Unauthenticated; a second use ends the sign-in."""
        now = self._clock.now()
        token_id, secret = grant.parse(refresh_token)
        issued: list[str] = []

        def successor(token: grant.RefreshToken) -> grant.RefreshToken:
            given, stored = grant.issue(
                family_id=token.family_id, user_id=token.user_id, now=now, life=self._refresh_life
            )
            issued.append(given)
            return stored

        verdict, token = await self._grants.rotate(token_id, lambda held: held.verdict(secret, now), successor, now=now)
        if token is None or verdict is not Verdict.GOOD:
            if token is not None and verdict is Verdict.REUSED:
                await self._note(token.user_id, Action.TOKEN_REUSED, token.family_id, address)
            raise not_signed_in()
        user = await self._users.signed_in(token.user_id, token.family_id, now=now)
        if user is None:
            raise not_signed_in()
        return self._given(user, token.family_id, issued[-1], now)

    async def authenticate(self, access_token: str) -> Person:
        """Whose token it is. Raises Unauthenticated, also when the account or the sign-in has ended since."""
        now = self._clock.now()
        claims = self._tokens.read(access_token, now=now)
        user = await self._users.signed_in(claims.user_id, claims.family_id, now=now)
        if user is None:
            raise not_signed_in()
        return Person(user=user, family_id=claims.family_id)

    async def sign_out(self, person: Person, *, address: str) -> None:
        """Ends this sign-in: its access token is good no more either."""
        await self._grants.revoke(person.family_id, reason="signed_out", now=self._clock.now())
        await self._note(person.user.user_id, Action.SIGN_OUT, person.family_id, address)

    async def change_password(self, person: Person, old: str, new: str, *, address: str) -> None:
        """Ends every sign-in of the account. Raises Invalid naming what is wrong, Busy after too many wrong guesses."""
        now = self._clock.now()
        keys = _keys(person.user.email, address)
        await self._brake(keys, now)
        found = await self._users.find(person.user.email)
        if found is None or not await self._passwords.verify(found[1], old[: LONGEST_PASSWORD + 1]):
            await self._attempts.add(keys, now=now)
            raise Invalid("the old password is another", fields={"old_password": "is not the password"})
        check_password(new, email=person.user.email)
        await self._users.change(replace(found[0]), now=now, password_hash=await self._passwords.hash(new))
        await self._note(person.user.user_id, Action.PASSWORD_CHANGED, person.user.user_id, address)

    async def _brake(self, keys: tuple[str, str, str], now: datetime) -> None:
        counts = await self._attempts.count(keys, since=now - WINDOW)
        limits = (_MOST_HERE, _MOST_PLACE, _MOST_ACCOUNT)
        if any(count >= limit for count, limit in zip(counts, limits, strict=True)):
            raise Busy("RATE_LIMITED", "too many attempts to sign in", retry_after=WINDOW.total_seconds())

    async def _note(self, actor: str, action: Action, subject: str, address: str) -> None:
        await self._audit.write(
            Entry(actor=actor, action=action, subject=subject, address=address, time=self._clock.now())
        )

    def _given(self, user: User, family_id: str, refresh_token: str, now: datetime) -> Tokens:
        access, end = self._tokens.issue(user_id=user.user_id, family_id=family_id, now=now)
        return Tokens(
            user=user,
            family_id=family_id,
            access_token=access,
            access_expire_time=end,
            refresh_token=refresh_token,
        )


def _keys(email: str, address: str) -> tuple[str, str, str]:
    """What failures are counted under; the account only as a digest, since anybody may type anything there."""
    account = hashlib.sha256(email.encode()).hexdigest()[:24]
    return f"here:{account}:{address}", f"place:{address}", f"account:{account}"
