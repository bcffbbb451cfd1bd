"""Web chat as a channel of the gateway: sending is writing to the log that the page's stream reads."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from mesh.clock import Clock
from starlette.routing import BaseRoute

from services.gateway.channels.files import Files
from services.gateway.channels.webchat.log import Bell, ChatLog
from services.gateway.domain.attachment import Attachment, FileKind
from services.gateway.domain.message import Channel, OutboundMessage
from services.gateway.domain.outbox import Accepted, OutboxItem, SendOutcome


class WebChatChannel:
    """`ChannelAdapter` for the chat page."""

    def __init__(self, *, log: ChatLog, bell: Bell, files: Files, routes: Sequence[BaseRoute], clock: Clock) -> None:
        self._log = log
        self._files = files
        self._bell = bell
        self._routes = tuple(routes)
        self._clock = clock

    @property
    def channel(self) -> Channel:
        return Channel.WEBCHAT

    @property
    def window(self) -> timedelta | None:
        return None

    def account_for(self, property_id: str) -> str:
        del property_id
        return ""

    def routes(self) -> Sequence[BaseRoute]:
        return self._routes

    async def pace(self, item: OutboxItem) -> float:
        del item
        return 0.0

    def refuses(self, attachment: Attachment, *, address: str) -> str:
        del attachment, address
        return ""

    async def send(self, item: OutboxItem) -> SendOutcome:
        conversation_id = item.conversation.conversation_id
        now = self._clock.now()
        await self._log.append(
            conversation_id=conversation_id,
            message_id=item.message_id,
            payload=from_hotel(item.message_id, item.content, now, file=self._file(item)),
            now=now,
        )
        self._bell.ring(conversation_id)
        return Accepted(channel_message_id=item.message_id)

    def _file(self, item: OutboxItem) -> dict[str, object]:
        """The file as the page shows it: a picture of ours as one, whatever else as a link."""
        attachment = item.content.attachment
        if attachment is None:
            return {}
        # The page loads pictures from us alone, and says so in its policy.
        picture = not attachment.url and attachment.kind in (FileKind.IMAGE, FileKind.STICKER)
        url = attachment.url or self._files.path_of(item.message_id, item.create_time)
        return {"url": url, "name": attachment.name, "mime_type": attachment.mime_type, "picture": picture}


def from_hotel(
    message_id: str, content: OutboundMessage, now: datetime, *, file: Mapping[str, object] | None = None
) -> str:
    """A message of ours as the page reads it."""
    choices = [{"id": c.id, "title": c.title, "description": c.description} for c in content.choices]
    return _dump(
        {
            "id": message_id,
            "from": "hotel",
            "text": content.text,
            "language": content.language,
            "choices": choices,
            "time": now.isoformat(),
            **({"file": file} if file else {}),
        }
    )


def from_guest(message_id: str, client_id: str, text: str, now: datetime) -> str:
    """A visitor's own message as the page reads it again after a reload."""
    return _dump({"id": message_id, "client_id": client_id, "from": "guest", "text": text, "time": now.isoformat()})


def _dump(value: dict[str, object]) -> str:
    return json.dumps(value, separators=(",", ":"))
