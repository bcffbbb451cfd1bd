"""Limits on what is accepted, by tier and key; the tiers are settings. For channels, the admin API and the inbox."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.gateway.domain.rates import Bucket, Grant, Rate
from services.gateway.metrics import RATE_LIMITED
from services.gateway.ports import Allowance

Endpoint = Callable[[Request], Awaitable[Response]]


class Tier(StrEnum):
    """What is limited. The key says whose it is."""

    GUEST = "guest"  # messages of one conversation; over it they wait, none is refused
    NOTICE = "notice"  # how often a guest is told about it
    SAME_WORDS = "same_words"  # the same words again and again from one guest: a robot
    VISITOR = "visitor"  # messages of one chat page, refused over it: the page keeps them and tries again
    API = "api"  # calls of one user of the admin API
    WEBHOOKS = "webhooks"  # webhooks of one source that is no channel's provider: a generic webhook, an address
    SIGNED_WEBHOOKS = "signed_webhooks"  # webhooks that a channel's provider signed, for one number of ours
    HEALTH = "health"  # health checks of one address


class Limits:
    """A tier without a rate lets everything pass."""

    def __init__(self, *, allowance: Allowance, rates: Mapping[Tier, Rate | None]) -> None:
        self._allowance = allowance
        self._rates = {tier: rate for tier, rate in rates.items() if rate is not None}

    async def admit(self, tier: Tier, key: str) -> float:
        """0 when it may pass, and is counted; else the seconds until it may."""
        return (await self.take(tier, key, most=1)).wait

    async def take(self, tier: Tier, key: str, *, most: int) -> Grant:
        """Admits as many of `most` as may pass now."""
        rate = self._rates.get(tier)
        if rate is None:
            return Grant(taken=most)
        grant = await self._allowance.take([Bucket(key=f"{tier}:{key}", rate=rate)], most=most)
        if grant.taken < most:
            RATE_LIMITED.labels(tier.value).inc(most - grant.taken)
        return grant

    def guarded(self, tier: Tier, endpoint: Endpoint) -> Endpoint:
        """The endpoint, limited for each client address."""

        async def limited(request: Request) -> Response:
            wait = await self.admit(tier, client_address(request))
            return too_many(wait) if wait > 0 else await endpoint(request)

        return limited


def too_many(wait: float) -> Response:
    """429, and when to come back."""
    return JSONResponse(
        {"error": "too_many_requests"}, status_code=429, headers={"Retry-After": str(max(1, math.ceil(wait)))}
    )


def client_address(request: Request) -> str:
    """Who asks. Behind a proxy it is the forwarded address where FORWARDED_ALLOW_IPS names the proxy (uvicorn's)."""
    return request.client.host if request.client is not None else "unknown"
