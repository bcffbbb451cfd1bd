"""What attached channels post: messages, and what became of ours. Verify, store, answer; nothing else happens here."""

from __future__ import annotations

import json
from collections.abc import Mapping

from mesh.clock import Clock
from mesh.errors import DomainError
from mesh.tracing import current_traceparent, span
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from services.gateway.channels.generic.parse import read_messages, read_statuses
from services.gateway.channels.generic.settings import Attached
from services.gateway.channels.generic.signature import is_signed
from services.gateway.channels.intake import Accept, Refuse, keep, read_body, refusal, refuse_unsigned
from services.gateway.channels.offers import LastOffer, with_choices
from services.gateway.domain.cleaning import storable
from services.gateway.domain.message import Channel, Delivery
from services.gateway.limits import Limits, Tier
from services.gateway.metrics import WEBHOOK_SECONDS

PATH = "/webhooks/generic/{name}"


class GenericWebhook:
    """Receives for attached channels. `accept` stores a delivery durably or raises."""

    def __init__(
        self,
        *,
        attached: Mapping[str, Attached],
        max_body_bytes: int,
        accept: Accept,
        last_offer: LastOffer,
        limits: Limits,
        clock: Clock,
    ) -> None:
        self._attached = attached
        self._max_body_bytes = max_body_bytes
        self._accept = accept
        self._last_offer = last_offer
        self._limits = limits
        self._clock = clock

    def routes(self) -> list[BaseRoute]:
        return [
            Route(PATH, self.receive, methods=["POST"]),
            Route(f"{PATH}/status", self.receive_status, methods=["POST"]),
        ]

    async def receive(self, request: Request) -> Response:
        return await self._received(request, statuses=False)

    async def receive_status(self, request: Request) -> Response:
        return await self._received(request, statuses=True)

    async def _received(self, request: Request, *, statuses: bool) -> Response:
        channel = Channel.GENERIC.value
        try:
            body = await read_body(request, limit=self._max_body_bytes)
            with WEBHOOK_SECONDS.labels(channel).time(), span("webhook.receive", {"channel": channel}):
                delivery = await self._take(request, body, statuses=statuses)
        except Refuse as refused:
            return refusal(Channel.GENERIC, refused)
        unread = [event.kind for event in delivery.events if event.kind != "metadata"]
        # Kept all the same, and said, so that who attaches a channel sees what is missing.
        return JSONResponse({"status": "kept", "reason": unread[0]} if unread else {"status": "stored"})

    async def _take(self, request: Request, body: bytes, *, statuses: bool) -> Delivery:
        attached = await self._verified(request, body)
        try:
            payload = json.loads(body)
        except (ValueError, RecursionError):
            raise Refuse(400, "malformed_json") from None
        now, traceparent = self._clock.now(), current_traceparent()
        if statuses:
            delivery = read_statuses(payload, attached=attached, now=now, traceparent=traceparent)
        else:
            key = storable(request.headers.get("idempotency-key", ""), limit=256)
            delivery = read_messages(payload, attached=attached, idempotency_key=key, now=now, traceparent=traceparent)
        try:
            delivery = await with_choices(delivery, self._last_offer)
        except DomainError:
            raise Refuse(503, "not_stored", wait=5.0) from None
        await keep(self._accept, delivery, Channel.GENERIC)
        return delivery

    async def _verified(self, request: Request, body: bytes) -> Attached:
        attached = self._attached.get(request.path_params["name"])
        now = self._clock.now().timestamp()
        secrets = attached.secrets if attached is not None else ()
        if attached is None or not is_signed(body, request.headers.get("x-signature"), secrets, now=now):
            # A name that nobody attached is answered no differently: names are not to be guessed.
            await refuse_unsigned(self._limits, request)
        wait = await self._limits.admit(Tier.WEBHOOKS, f"generic:{attached.name}")
        if wait > 0:
            raise Refuse(429, "too_many_requests", wait=wait)
        return attached
