"""Google's pushes: whose token they carry, and what they say."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx
import jwt
from mesh.clock import Clock

from services.gateway.channels import reading
from services.gateway.channels.email.gmail import decoded

_KEYS_SECONDS = 3600.0
_AGAIN_SECONDS = 30.0
_LEEWAY_SECONDS = 30


class KeysAway(Exception):
    """The issuer's keys could not be fetched: nobody can be told from anybody."""


class IssuerKeys:
    """The issuer's public keys by id, kept for an hour; an unknown id is asked for again, but not all the time."""

    def __init__(self, *, http: httpx.AsyncClient, url: str, clock: Clock) -> None:
        self._http = http
        self._url = url
        self._clock = clock
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched: float | None = None

    async def key(self, key_id: str) -> jwt.PyJWK | None:
        """None for a key the issuer does not have. Raises KeysAway."""
        age = None if self._fetched is None else self._clock.monotonic() - self._fetched
        if age is None or age > _KEYS_SECONDS or (key_id not in self._keys and age > _AGAIN_SECONDS):
            await self._fetch()
        return self._keys.get(key_id)

    async def _fetch(self) -> None:
        try:
            response = await self._http.get(self._url, timeout=5.0)
            response.raise_for_status()
            keys = jwt.PyJWKSet.from_dict(response.json()).keys
        except (httpx.HTTPError, ValueError, RecursionError, jwt.PyJWTError):
            if self._keys:
                return
            raise KeysAway from None
        self._keys = {str(key.key_id): key for key in keys}
        self._fetched = self._clock.monotonic()


@dataclass(frozen=True, slots=True, kw_only=True)
class PushPolicy:
    """Whose tokens are believed. `service_account` is the e-mail that the subscription pushes as."""

    issuers: Sequence[str]
    audience: str
    service_account: str


async def is_from_google(authorization: str, *, keys: IssuerKeys, policy: PushPolicy) -> bool:
    """Whether the bearer token is the subscription's, for us, and still good. Raises KeysAway."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or len(token) > 8192:
        return False
    try:
        key = await keys.key(str(jwt.get_unverified_header(token.strip()).get("kid", "")))
        if key is None:
            return False
        claims: dict[str, Any] = jwt.decode(
            token.strip(),
            key.key,
            algorithms=["RS256"],
            audience=policy.audience,
            issuer=list(policy.issuers),
            leeway=_LEEWAY_SECONDS,
            options={"require": ["exp", "iat", "aud", "iss"]},
        )
    except (jwt.PyJWTError, ValueError, TypeError):
        return False
    return claims.get("email") == policy.service_account and claims.get("email_verified") in (True, "true")


def read_push(payload: object) -> tuple[str, str]:
    """The mailbox and the history id, each empty where none can be read. Wrapped or not, camel or snake."""
    data = reading.prose(reading.mapping(payload, "message"), "data")
    told: object = payload
    if data:
        try:
            told = json.loads(decoded(data))
        except (ValueError, RecursionError):
            return "", ""
    address = reading.text(told, "emailAddress", limit=320) or reading.text(told, "email_address", limit=320)
    mark = reading.text(told, "historyId", limit=20) or reading.text(told, "history_id", limit=20)
    return address.lower(), mark if mark.isascii() and mark.isdigit() else ""
