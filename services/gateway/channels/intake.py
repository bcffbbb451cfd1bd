"""What every webhook does alike: a bounded body, a counted refusal, a stored delivery."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from mesh.errors import DomainError
from mesh.telemetry import get_logger
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from services.gateway.domain.message import Channel, Delivery
from services.gateway.metrics import WEBHOOK_REFUSALS

Accept = Callable[[Delivery], Awaitable[None]]
log = get_logger(__name__)


class Refuse(Exception):
    """The call is not taken: an HTTP status and the reason in a word."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


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
        raise Refuse(503, "not_stored") from None


def refusal(channel: Channel, refused: Refuse) -> Response:
    """The answer to a call that is not taken; counted."""
    WEBHOOK_REFUSALS.labels(channel.value, refused.reason).inc()
    headers = {"Retry-After": "5"} if refused.status == 503 else None
    return JSONResponse({"error": refused.reason}, status_code=refused.status, headers=headers)
