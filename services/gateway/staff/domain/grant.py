"""Sign-ins: a family of refresh tokens of which only the newest is good, and a use of an older one ends them all."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from mesh.errors import Unauthenticated
from mesh.values import new_id

_TOKEN = re.compile(r"(rft_[0-9a-f]{20})\.([A-Za-z0-9_-]{43})")


class Verdict(StrEnum):
    """What a refresh token that was shown is worth."""

    GOOD = "good"
    OVER = "over"
    REUSED = "reused"  # it had been exchanged before: somebody else has it


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshToken:
    """One token as stored: its secret only as a digest."""

    token_id: str
    family_id: str
    user_id: str
    digest: bytes
    expire_time: datetime
    used: bool = False
    revoked: bool = False

    def verdict(self, secret: str, now: datetime) -> Verdict:
        """A wrong secret is `over`: who guesses ids must not be able to end sign-ins."""
        if not hmac.compare_digest(self.digest, digest_of(secret)):
            return Verdict.OVER
        if self.revoked or now >= self.expire_time:
            return Verdict.OVER
        return Verdict.REUSED if self.used else Verdict.GOOD


def issue(*, family_id: str, user_id: str, now: datetime, life: timedelta) -> tuple[str, RefreshToken]:
    """A new token of a family: what is given out, and what is stored."""
    token_id, secret = new_id("rft"), secrets.token_urlsafe(32)
    stored = RefreshToken(
        token_id=token_id,
        family_id=family_id,
        user_id=user_id,
        digest=digest_of(secret),
        expire_time=now + life,
    )
    return f"{token_id}.{secret}", stored


def parse(token: str) -> tuple[str, str]:
    """Id and secret. Raises Unauthenticated for what was never a token of ours."""
    match = _TOKEN.fullmatch(token)
    if match is None:
        raise not_signed_in()
    return match.group(1), match.group(2)


def digest_of(secret: str) -> bytes:
    """The secrets have 256 random bits: a plain digest cannot be turned back."""
    return hashlib.sha256(secret.encode()).digest()


def not_signed_in() -> Unauthenticated:
    """One answer for everything that is wrong with a token: no hint what."""
    return Unauthenticated("UNAUTHENTICATED", "sign in")
