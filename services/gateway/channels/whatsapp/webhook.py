"""The webhook's two routes: the handshake, and receiving. Verify, store, 200; nothing else happens here."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from mesh.clock import Clock
from mesh.errors import DomainError
from mesh.telemetry import get_logger
from mesh.tracing import current_traceparent, span
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from services.gateway.channels.whatsapp.handshake import answer_to
from services.gateway.channels.whatsapp.parse import read_webhook
from services.gateway.channels.whatsapp.signature import is_signed
from services.gateway.domain.message import Channel, Delivery
from services.gateway.metrics import WEBHOOK_REFUSALS, WEBHOOK_SECONDS

PATH = "/webhooks/whatsapp"
_CHANNEL = Channel.WHATSAPP.value
log = get_logger(__name__)

Accept = Callable[[Delivery], Awaitable[None]]


class TooLarge(Exception):
    """The body is larger than Meta ever sends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookPolicy:
    """What is believed and how much is read. `numbers` maps phone_number_id to property."""

    verify_token: str
    secrets: Sequence[bytes]
    numbers: Mapping[str, str]
    max_body_bytes: int


class WhatsAppWebhook:
    """Receives for Meta. `accept` stores a delivery durably or raises."""

    def __init__(self, *, policy: WebhookPolicy, accept: Accept, clock: Clock) -> None:
        self._policy = policy
        self._accept = accept
        self._clock = clock

    def routes(self) -> list[BaseRoute]:
        return [
            Route(PATH, self.handshake, methods=["GET"]),
            Route(PATH, self.receive, methods=["POST"]),
        ]

    async def handshake(self, request: Request) -> Response:
        challenge = answer_to(request.scope["query_string"], self._policy.verify_token)
        if challenge is None:
            return _refusal(403, "verify_token_mismatch")
        return PlainTextResponse(challenge)

    async def receive(self, request: Request) -> Response:
        try:
            body = await self._read(request)
        except TooLarge:
            return _refusal(413, "body_too_large")
        except ClientDisconnect:
            return _refusal(400, "body_incomplete")
        with WEBHOOK_SECONDS.labels(_CHANNEL).time(), span("webhook.receive", {"channel": _CHANNEL}):
            return await self._take(body, request.headers.get("x-hub-signature-256"))

    async def _take(self, body: bytes, signature: str | None) -> Response:
        if not is_signed(body, signature, self._policy.secrets):
            return _refusal(401, "signature_mismatch")
        try:
            payload = json.loads(body)
        except (ValueError, RecursionError):
            return _refusal(400, "malformed_json")
        delivery = read_webhook(
            payload, numbers=self._policy.numbers, now=self._clock.now(), traceparent=current_traceparent()
        )
        try:
            await self._accept(delivery)
        except DomainError as error:
            # Nothing was kept: Meta sends it again, for days if need be.
            log.error("webhook_not_stored", channel=_CHANNEL, reason=error.reason)
            return _refusal(503, "not_stored")
        return JSONResponse({"status": "stored"})

    async def _read(self, request: Request) -> bytes:
        limit = self._policy.max_body_bytes
        declared = request.headers.get("content-length", "")
        if declared.isascii() and declared.isdigit() and int(declared[:12]) > limit:
            raise TooLarge
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > limit:
                raise TooLarge
        return bytes(body)


def _refusal(status: int, reason: str) -> Response:
    WEBHOOK_REFUSALS.labels(_CHANNEL, reason).inc()
    headers = {"Retry-After": "5"} if status == 503 else None
    return JSONResponse({"error": reason}, status_code=status, headers=headers)
