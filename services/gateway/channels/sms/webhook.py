"""Twilio's calls, by POST or GET, form or JSON. Verify, store, answer; nothing else happens here."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from mesh.clock import Clock
from mesh.errors import DomainError
from mesh.tracing import current_traceparent, span
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.channels.intake import Accept, Refuse, admit_signed, keep, read_body, refusal, refuse_unsigned
from services.gateway.channels.offers import LastOffer, with_choices
from services.gateway.channels.public_address import PublicAddress
from services.gateway.channels.sms.naming import Fields, calls_in, parameters_of
from services.gateway.channels.sms.parse import read_webhook
from services.gateway.channels.sms.signature import is_body_of, is_signed
from services.gateway.domain.message import Channel, Delivery
from services.gateway.limits import Limits
from services.gateway.metrics import WEBHOOK_SECONDS

PATH = "/webhooks/twilio"
_MAX_FIELDS = 1_000
_EMPTY_ANSWER = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookPolicy:
    """What is believed and how much is read. `owners` maps numbers of ours to properties."""

    tokens: Sequence[bytes]
    owners: Mapping[str, str]
    address: PublicAddress
    max_body_bytes: int


class TwilioWebhook:
    """Receives for Twilio. `accept` stores a delivery durably or raises."""

    def __init__(
        self, *, policy: WebhookPolicy, accept: Accept, last_offer: LastOffer, limits: Limits, clock: Clock
    ) -> None:
        self._policy = policy
        self._accept = accept
        self._last_offer = last_offer
        self._limits = limits
        self._clock = clock

    def routes(self) -> list[BaseRoute]:
        return [Route(PATH, self.receive, methods=["GET", "POST"])]

    async def receive(self, request: Request) -> Response:
        channel = Channel.SMS.value
        try:
            body = await read_body(request, limit=self._policy.max_body_bytes)
            with WEBHOOK_SECONDS.labels(channel).time(), span("webhook.receive", {"channel": channel}):
                await self._take(request, body)
        except Refuse as refused:
            return refusal(Channel.SMS, refused)
        # Answers go by REST: in here they would be tied to Twilio's time limit, and lost when it asks twice.
        return Response(_EMPTY_ANSWER, media_type="text/xml")

    async def _take(self, request: Request, body: bytes) -> None:
        calls = self._verified(request, body)
        if calls is None:
            await refuse_unsigned(self._limits, request)
        delivery = read_webhook(
            [parameters_of(fields) for fields in calls],
            owners=self._policy.owners,
            message_id=request.query_params.get("message_id", ""),
            now=self._clock.now(),
            traceparent=current_traceparent(),
        )
        await admit_signed(self._limits, {message.account for message in delivery.messages})
        await keep(self._accept, await self._chosen(delivery), Channel.SMS)

    def _verified(self, request: Request, body: bytes) -> list[Fields] | None:
        """The calls in a request, mostly one, or None when Twilio did not sign it for us. Raises Refuse for a malformed
        body.
        """
        url, tokens = self._policy.address.url_of(request), self._policy.tokens
        signature = request.headers.get("x-twilio-signature")
        if request.method == "GET":
            return [_fields(request.scope["query_string"])] if is_signed(url, (), signature, tokens) else None
        if _is_form(request, body):
            fields = _fields(body)
            return [fields] if is_signed(url, fields, signature, tokens) else None
        return _from_json(body) if is_signed(url, (), signature, tokens) and is_body_of(url, body) else None

    async def _chosen(self, delivery: Delivery) -> Delivery:
        try:
            return await with_choices(delivery, self._last_offer)
        except DomainError:
            raise Refuse(503, "not_stored", wait=5.0) from None


def _is_form(request: Request, body: bytes) -> bool:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == "application/x-www-form-urlencoded" or (not kind and not body.lstrip().startswith((b"{", b"[")))


def _fields(encoded: bytes) -> Fields:
    """Names and values as they came, empty ones too. Raises Refuse for more of them than anybody sends."""
    try:
        text = encoded.decode()
        return parse_qsl(text, keep_blank_values=True, max_num_fields=_MAX_FIELDS, errors="surrogateescape")
    except ValueError:
        raise Refuse(400, "malformed_form") from None


def _from_json(body: bytes) -> list[Fields]:
    try:
        return calls_in(json.loads(body))
    except (ValueError, RecursionError):
        raise Refuse(400, "malformed_json") from None
