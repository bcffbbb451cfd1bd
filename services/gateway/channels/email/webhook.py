"""Gmail's pushes. A push is only a hint that there is news: it is noted, answered, and then the mailbox is read."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from mesh.errors import DomainError
from mesh.telemetry import get_logger
from mesh.tracing import span
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.channels.email.ports import Marks
from services.gateway.channels.email.push import IssuerKeys, KeysAway, PushPolicy, is_from_google, read_push
from services.gateway.channels.events import event_of
from services.gateway.channels.intake import Accept, Refuse, keep, read_body, refusal, refuse_unsigned
from services.gateway.domain.message import Channel, Delivery
from services.gateway.limits import Limits
from services.gateway.metrics import WEBHOOK_SECONDS

PATH = "/webhooks/gmail"
_MAX_BODY_BYTES = 65_536
log = get_logger(__name__)


class GmailWebhook:
    """Receives for Pub/Sub. `news(address)` is called once a push is noted."""

    def __init__(
        self,
        *,
        policy: PushPolicy,
        keys: IssuerKeys,
        owners: Mapping[str, str],
        marks: Marks,
        accept: Accept,
        news: Callable[[str], None],
        limits: Limits,
    ) -> None:
        self._policy = policy
        self._keys = keys
        self._owners = owners
        self._marks = marks
        self._accept = accept
        self._news = news
        self._limits = limits

    def routes(self) -> list[BaseRoute]:
        return [Route(PATH, self.receive, methods=["POST"])]

    async def receive(self, request: Request) -> Response:
        channel = Channel.EMAIL.value
        try:
            body = await read_body(request, limit=_MAX_BODY_BYTES)
            with WEBHOOK_SECONDS.labels(channel).time(), span("webhook.receive", {"channel": channel}):
                await self._verify(request)
                await self._take(body)
        except Refuse as refused:
            return refusal(Channel.EMAIL, refused)
        return Response(status_code=204)

    async def _verify(self, request: Request) -> None:
        try:
            good = await is_from_google(request.headers.get("authorization", ""), keys=self._keys, policy=self._policy)
        except KeysAway:
            # Sent again later, when the keys can be had.
            log.error("push_keys_away")
            raise Refuse(503, "keys_away", wait=5.0) from None
        if not good:
            await refuse_unsigned(self._limits, request)

    async def _take(self, body: bytes) -> None:
        try:
            payload = json.loads(body)
        except (ValueError, RecursionError):
            payload = None
        address, mark = read_push(payload)
        if address not in self._owners:
            # What Google sent and we cannot use would otherwise come again for days.
            kind = "foreign_mailbox" if address else "unreadable_push"
            await keep(self._accept, Delivery(events=(event_of(Channel.EMAIL, kind, payload),)), Channel.EMAIL)
            return
        try:
            # Without a mark it still is a hint: we read from our own.
            if mark:
                await self._marks.tell(address, mark)
        except DomainError as error:
            log.error("push_not_noted", reason=error.reason)
            raise Refuse(503, "not_stored", wait=5.0) from None
        self._news(address)
