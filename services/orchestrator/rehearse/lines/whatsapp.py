"""Meta's end: signed webhooks in, the Graph API out, voice notes fetched from it."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from hotel.common.v1 import channel_pb2
from pydantic import SecretStr

from services.orchestrator.rehearse import speech
from services.orchestrator.rehearse.lines.line import Got, Hotel, Outgoing, Sent, phone_of, post, short_id

Payload = dict[str, Any]
_NUMBER = "100000000000001"
_APP_SECRET = "rehearsal-app-secret"  # noqa: S105 (both ends of the webhook are here)
_MEDIA = ("image", "video", "document", "sticker")
_UNKNOWN_TYPE = {"code": 131051, "title": "Message type unknown"}


def settings(property_id: str, api: str) -> dict[str, Any]:
    """What the gateway is told of the channel; `api` is where the sandbox is."""
    return {
        "whatsapp_graph_base_url": f"{api}/sandbox/graph",
        "whatsapp_numbers": f"{_NUMBER}={property_id}",
        "whatsapp_app_secret": SecretStr(_APP_SECRET),
        # The pace is measured on a clock that stands.
        "whatsapp_guest_burst": 10_000,
        "whatsapp_number_rate": 10_000.0,
    }


class WhatsAppLine:
    """A phone with WhatsApp, or somebody who is known by a business-scoped id."""

    def __init__(self, hotel: Hotel, address: str) -> None:
        self._hotel = hotel
        self._wa_id = address.removeprefix("+")
        self._outgoing = Outgoing(hotel=hotel, channel="whatsapp", recipient=self._wa_id)

    @property
    def identity(self) -> channel_pb2.ChannelIdentity:
        return channel_pb2.ChannelIdentity(
            channel=channel_pb2.CHANNEL_WHATSAPP, address=self._wa_id, phone_number=phone_of(self._wa_id)
        )

    async def open(self) -> None:
        """A phone can write at once."""

    async def deliver(self, messages: Sequence[Sent]) -> bool:
        for message in messages:
            if message.kind == "voice":
                await self._record(message)
        body = webhook([(message, content_of(message)) for message in messages], sender=self._wa_id)
        headers = {"X-Hub-Signature-256": signature(body, _APP_SECRET)}
        return await post(self._hotel, "/webhooks/whatsapp", body, headers)

    async def received(self) -> list[Got]:
        return [Got(words=str(item["text"]), choices=_choices(item["payload"])) for item in await self._outgoing.news()]

    async def _record(self, message: Sent) -> None:
        """Meta has the note before it tells of it."""
        path = f"/sandbox/graph/media/{short_id(message.message_id)}"
        recording = speech.recording(message.content, message.options)
        (
            await self._hotel.http.put(path, content=recording, headers={"Content-Type": speech.MIME_TYPE})
        ).raise_for_status()


def content_of(message: Sent) -> Payload:
    """The part of a message that says what it is."""
    kind, content, options = message.kind, message.content, message.options
    if kind == "g":
        return _text(content, options)
    if kind == "voice":
        medium = {"id": short_id(message.message_id), "mime_type": speech.MIME_TYPE, "voice": True}
        return {"type": "audio", "audio": medium}
    if kind in _MEDIA:
        return {"type": kind, kind: _medium(kind, content)}
    made = _made(kind, content, options)
    name = "interactive" if kind == "button" else kind
    return {"type": name, name: made} if made else {"type": "unsupported", "errors": [_UNKNOWN_TYPE]}


def _text(content: Any, options: Mapping[str, Any]) -> Payload:
    context = {"context": {"forwarded": True}} if options.get("forwarded") else {}
    group = {"group_id": str(options["group"])} if options.get("group") else {}
    return {"type": "text", "text": {"body": str(content)}, **context, **group}


def _made(kind: str, content: Any, options: Mapping[str, Any]) -> Any:
    made: Any = None
    match kind:
        case "location":
            made = {"latitude": content[0], "longitude": content[1]}
        case "contacts":
            made = [{"name": {"formatted_name": str(content)}, "phones": []}]
        case "button":
            reply = {"id": str(content), "title": str(options.get("title") or content)}
            made = {"type": "button_reply", "button_reply": reply}
        case "reaction":
            made = {"message_id": options["of"], "emoji": str(content or "")}
        case "edit":
            edited = {"type": "text", "text": {"body": str(content["text"])}}
            made = {"original_message_id": content["of"], "message": edited}
        case "revoke":
            made = {"original_message_id": content}
    return made


def _medium(kind: str, caption: Any) -> Payload:
    medium = {"id": f"media-{kind}", "mime_type": "application/octet-stream", "sha256": "0" * 64}
    return {**medium, "caption": str(caption)} if caption else medium


def webhook(messages: Sequence[tuple[Sent, Payload]], *, sender: str) -> bytes:
    """The body of one webhook with messages of one sender."""
    # Who has a username is known to us by a business-scoped id, and the number stays away.
    scoped = re.fullmatch(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}", sender) is not None
    contact, writer = (
        ({"user_id": sender}, {"from_user_id": sender}) if scoped else ({"wa_id": sender}, {"from": sender})
    )
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": _NUMBER, "phone_number_id": _NUMBER},
        "contacts": [{**contact, "profile": {"name": ""}}],
        "messages": [
            {**writer, "id": message.message_id, "timestamp": str(int(message.time.timestamp())), **content}
            for message, content in messages
        ],
    }
    entry = {"id": "rehearsal", "changes": [{"field": "messages", "value": value}]}
    # Escaped as Meta escapes it: the signature is over these bytes and no others.
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).replace("/", "\\/").encode("ascii")


def signature(body: bytes, secret: str) -> str:
    """The header that proves who sent a webhook."""
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def _choices(payload: Mapping[str, Any]) -> list[tuple[str, str]]:
    action = payload.get("interactive", {}).get("action", {})
    buttons = [button["reply"] for button in action.get("buttons", ())]
    rows = [row for section in action.get("sections", ()) for row in section.get("rows", ())]
    return [(str(item["id"]), str(item["title"])) for item in (*buttons, *rows)]
