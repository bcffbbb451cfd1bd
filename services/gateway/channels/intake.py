"""What every webhook does alike: a bounded body, a counted refusal, a stored delivery."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Collection
from typing import NoReturn

from mesh.errors import DomainError
from mesh.telemetry import get_logger
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from services.gateway.domain.message import Channel, Delivery
from services.gateway.limits import Limits, Tier, client_address
from services.gateway.metrics import WEBHOOK_REFUSALS

Accept = Callable[[Delivery], Awaitable[None]]
log = get_logger(__name__)


class Refuse(Exception):
    """The call is not taken: an HTTP status, the reason in a word, and the seconds after which it may be."""

    def __init__(self, status: int, reason: str, *, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.wait = wait


async def read_body(request: Request, *, limit: int) -> bytes:
    """The body's bytes as they came. Raises Refuse for more than `limit` of them and for a body that breaks off."""
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared[:12]) > limit:
        raise Refuse(413, "body_too_large")
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > limit:
                raise Refuse(413, "body_too_large")
    except ClientDisconnect:
        raise Refuse(400, "body_incomplete") from None
    return bytes(body)


async def keep(accept: Accept, delivery: Delivery, channel: Channel) -> None:
    """Returns once everything is durable. Raises Refuse when nothing was kept, so that the sender sends it again."""
    try:
        await accept(delivery)
    except DomainError as error:
        log.error("webhook_not_stored", channel=channel.value, reason=error.reason)
        raise Refuse(503, "not_stored", wait=5.0) from None


async def refuse_unsigned(limits: Limits, request: Request) -> NoReturn:
    """For a signature that is not right. Raises Refuse, and counts.

    Only what is not signed counts against an address: behind one proxy stand the provider and everybody else.
    """
    wait = await limits.admit(Tier.WEBHOOKS, client_address(request))
    raise Refuse(429, "too_many_requests", wait=wait) if wait > 0 else Refuse(401, "signature_mismatch")


async def admit_signed(limits: Limits, accounts: Collection[str]) -> None:
    """For what a provider signed, for these numbers or addresses of ours. Raises Refuse over the limit."""
    for account in sorted(accounts):
        wait = await limits.admit(Tier.SIGNED_WEBHOOKS, account)
        if wait > 0:
            raise Refuse(429, "too_many_requests", wait=wait)


def refusal(channel: Channel, refused: Refuse) -> Response:
    """The answer to a call that is not taken; counted."""
    WEBHOOK_REFUSALS.labels(channel.value, refused.reason).inc()
    headers = {"Retry-After": str(math.ceil(refused.wait))} if refused.wait > 0 else None
    return JSONResponse({"error": refused.reason}, status_code=refused.status, headers=headers)
