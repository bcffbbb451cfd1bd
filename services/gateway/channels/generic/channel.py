"""An attached channel as a channel of the gateway: a message of ours is a signed POST to its callback."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import timedelta

import httpx
from mesh.clock import Clock
from mesh.errors import Refused
from starlette.routing import BaseRoute

from services.gateway.channels import reading
from services.gateway.channels.answers import by_http_status, by_silence, json_of, retry_after
from services.gateway.channels.files import Files
from services.gateway.channels.generic.settings import Attached
from services.gateway.channels.generic.signature import sign
from services.gateway.domain.attachment import Attachment
from services.gateway.domain.message import Channel
from services.gateway.domain.outbox import Accepted, Advice, OutboxItem, Rejected, SendOutcome
from services.gateway.domain.rates import Bucket, Rate
from services.gateway.ports import Allowance


class GenericChannel:
    """`ChannelAdapter` for attached channels. `Idempotency-Key` is the outbox id: a repeated try is recognised."""

    def __init__(
        self,
        *,
        http: httpx.AsyncClient,
        files: Files,
        attached: Mapping[str, Attached],
        routes: Sequence[BaseRoute],
        seconds: float,
        pace: Rate,
        allowance: Allowance,
        clock: Clock,
    ) -> None:
        self._http = http
        self._files = files
        self._attached = attached
        self._routes = tuple(routes)
        self._timeout = httpx.Timeout(seconds, connect=min(seconds, 3.0))
        self._pace = pace
        self._allowance = allowance
        self._clock = clock

    @property
    def channel(self) -> Channel:
        return Channel.GENERIC

    @property
    def window(self) -> timedelta | None:
        return None

    def account_for(self, property_id: str) -> str:
        if all(attached.property_id != property_id for attached in self._attached.values()):
            raise Refused("UNREACHABLE", "no channel is attached to the property")
        # The conversation on their side is theirs to find by the recipient.
        return ""

    def routes(self) -> Sequence[BaseRoute]:
        return self._routes

    async def pace(self, item: OutboxItem) -> float:
        bucket = Bucket(key=f"generic:{item.conversation.identity.channel_name}", rate=self._pace)
        return (await self._allowance.take([bucket])).wait

    def refuses(self, attachment: Attachment, *, address: str) -> str:
        del attachment, address
        return ""

    async def send(self, item: OutboxItem) -> SendOutcome:
        attached = self._attached.get(item.conversation.identity.channel_name)
        if attached is None:
            return Rejected(code="account", word="no channel of that name is attached", advice=Advice.FIX)
        body = _body(item, await self._attachments(item))
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": item.message_id,
            "X-Signature": sign(body, attached.secrets[0], now=self._clock.now().timestamp()),
        }
        try:
            response = await self._http.post(
                attached.callback_url, content=body, headers=headers, timeout=self._timeout
            )
        except httpx.HTTPError as error:
            return by_silence(error)
        if response.is_success or response.status_code == httpx.codes.CONFLICT:
            # 409: it has this Idempotency-Key already.
            return Accepted(channel_message_id=reading.text(json_of(response), "id", limit=256) or item.message_id)
        word, advice = by_http_status(response.status_code)
        return Rejected(
            code=f"HTTP {response.status_code}", word=word, advice=advice, retry_after=retry_after(response)
        )

    async def _attachments(self, item: OutboxItem) -> list[dict[str, object]]:
        """The file by its address; its bytes where nobody can fetch it from us. Raises NotFound, Down."""
        attachment = item.content.attachment
        if attachment is None:
            return []
        told: dict[str, object] = {"mime_type": attachment.mime_type, "name": attachment.name}
        if not attachment.url:
            told |= {"size": attachment.size, "sha256": attachment.sha256}
        url = self._files.address_of(item.message_id, item.create_time, attachment)
        if url:
            return [told | {"url": url}]
        return [told | {"content": base64.b64encode(await self._files.read(item)).decode()}]


def _body(item: OutboxItem, attachments: list[dict[str, object]]) -> bytes:
    content = item.content
    message = {
        "id": item.message_id,
        "conversation": item.conversation.account,
        "recipient": {"id": item.conversation.reply_address},
        "sent_at": item.create_time.isoformat(),
        "text": content.text,
        "language": content.language,
        "choices": [{"id": c.id, "title": c.title, "description": c.description} for c in content.choices],
        "attachments": attachments,
        "subject": content.subject,
        "reply_to": content.reply_to_message_id.partition(":")[2],
    }
    return json.dumps({name: value for name, value in message.items() if value}, separators=(",", ":")).encode()
