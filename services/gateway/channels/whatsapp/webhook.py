"""The webhook's two routes: the handshake, and receiving. Verify, store, 200; nothing else happens here."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mesh.clock import Clock
from mesh.tracing import current_traceparent, span
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from services.gateway.channels.intake import Accept, Refuse, admit_signed, keep, read_body, refusal, refuse_unsigned
from services.gateway.channels.whatsapp.handshake import answer_to
from services.gateway.channels.whatsapp.parse import read_webhook
from services.gateway.channels.whatsapp.signature import is_signed
from services.gateway.domain.message import Channel
from services.gateway.limits import Limits
from services.gateway.metrics import WEBHOOK_SECONDS

PATH = "/webhooks/whatsapp"
_CHANNEL = Channel.WHATSAPP.value


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookPolicy:
    """What is believed and how much is read. `numbers` maps phone_number_id to property."""

    verify_token: str
    secrets: Sequence[bytes]
    numbers: Mapping[str, str]
    max_body_bytes: int


class WhatsAppWebhook:
    """Receives for Meta. `accept` stores a delivery durably or raises."""

    def __init__(self, *, policy: WebhookPolicy, accept: Accept, limits: Limits, clock: Clock) -> None:
        self._policy = policy
        self._accept = accept
        self._limits = limits
        self._clock = clock

    def routes(self) -> list[BaseRoute]:
        return [
            Route(PATH, self.handshake, methods=["GET"]),
            Route(PATH, self.receive, methods=["POST"]),
        ]

    async def handshake(self, request: Request) -> Response:
        challenge = answer_to(request.scope["query_string"], self._policy.verify_token)
        if challenge is None:
            return refusal(Channel.WHATSAPP, Refuse(403, "verify_token_mismatch"))
        return PlainTextResponse(challenge)

    async def receive(self, request: Request) -> Response:
        try:
            body = await read_body(request, limit=self._policy.max_body_bytes)
            with WEBHOOK_SECONDS.labels(_CHANNEL).time(), span("webhook.receive", {"channel": _CHANNEL}):
                if not is_signed(body, request.headers.get("x-hub-signature-256"), self._policy.secrets):
                    await refuse_unsigned(self._limits, request)
                await self._take(body)
        except Refuse as refused:
            return refusal(Channel.WHATSAPP, refused)
        return JSONResponse({"status": "stored"})

    async def _take(self, body: bytes) -> None:
        try:
            payload = json.loads(body)
        except (ValueError, RecursionError):
            raise Refuse(400, "malformed_json") from None
        delivery = read_webhook(
            payload, numbers=self._policy.numbers, now=self._clock.now(), traceparent=current_traceparent()
        )
        await admit_signed(self._limits, {message.account for message in delivery.messages})
        # What is not kept Meta sends again, for days if need be.
        await keep(self._accept, delivery, Channel.WHATSAPP)
