"""Access tokens: JWT with one algorithm, checked against our clock and, at each use, against the sign-in itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import jwt
from mesh.values import new_id

from services.gateway.staff.domain.grant import not_signed_in

ISSUER = "agente-hotelero"
AUDIENCE = "staff"
_CLAIMS = ("iss", "aud", "sub", "sid", "iat", "exp", "jti")
# Replicas' clocks differ by a little.
_SKEW = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """Who, by which sign-in, until when."""

    user_id: str
    family_id: str
    expire_time: datetime


class AccessTokens:
    """Issues and reads them. The algorithm is ours, never the token's."""

    def __init__(self, *, secret: str, algorithm: str, life: timedelta) -> None:
        self._secret = secret
        self._algorithm = algorithm
        self._life = life

    def issue(self, *, user_id: str, family_id: str, now: datetime) -> tuple[str, datetime]:
        """A token and its end."""
        end = now + self._life
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": user_id,
            "sid": family_id,
            "iat": int(now.timestamp()),
            "exp": int(end.timestamp()),
            "jti": new_id("jti"),
        }
        return jwt.encode(claims, self._secret, algorithm=self._algorithm), end

    def read(self, token: str, *, now: datetime) -> Claims:
        """What it says. Raises Unauthenticated for anything but a token of ours that is not over."""
        try:
            claims = jwt.decode(
                token,
                self._secret,
                algorithms=[self._algorithm],
                issuer=ISSUER,
                audience=AUDIENCE,
                # Times are held against our clock below.
                options={"require": list(_CLAIMS), "verify_exp": False, "verify_iat": False, "verify_nbf": False},
            )
            issued, end = int(claims["iat"]), int(claims["exp"])
        except (jwt.InvalidTokenError, ValueError, TypeError):
            raise not_signed_in() from None
        if not issued - _SKEW.total_seconds() <= now.timestamp() < end:
            raise not_signed_in()
        return Claims(
            user_id=str(claims["sub"]), family_id=str(claims["sid"]), expire_time=datetime.fromtimestamp(end, UTC)
        )
