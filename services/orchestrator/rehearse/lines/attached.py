"""The end of a channel that somebody attached to the generic webhook: signed JSON in, a callback out."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Collection, Sequence
from typing import Any

from hotel.common.v1 import channel_pb2
from pydantic import SecretStr

from services.orchestrator.rehearse.lines.line import Got, Hotel, Outgoing, Sent, phone_of, post

_SECRET = "rehearsal-generic-secret"  # noqa: S105 (both ends of the webhook are here)


def settings(property_id: str, api: str, names: Collection[str]) -> dict[str, Any]:
    """What the gateway is told of these channels; `api` is where the sandbox is."""
    attached = {
        name: {"property": property_id, "secret": _SECRET, "callback_url": f"{api}/sandbox/generic/{name}"}
        for name in names
    }
    # The pace is measured on a clock that stands.
    return {"generic_channels": SecretStr(json.dumps(attached)), "generic_rate": 10_000.0}


class AttachedLine:
    """Somebody on a channel that the hotel does not know itself. What it has no word for it names by its type."""

    def __init__(self, hotel: Hotel, name: str, address: str) -> None:
        self._hotel = hotel
        self._name = name
        self._address = address
        self._outgoing = Outgoing(hotel=hotel, channel="generic", recipient=address)

    @property
    def identity(self) -> channel_pb2.ChannelIdentity:
        return channel_pb2.ChannelIdentity(
            channel=channel_pb2.CHANNEL_GENERIC,
            channel_name=self._name,
            address=self._address,
            phone_number=phone_of(self._address),
        )

    async def open(self) -> None:
        """The other side knows them already."""

    async def deliver(self, messages: Sequence[Sent]) -> bool:
        body = json.dumps({"messages": [self._message(message) for message in messages]}).encode()
        now = int(self._hotel.clock.now().timestamp())
        headers = {"Content-Type": "application/json", "X-Signature": signature(body, at=now)}
        return await post(self._hotel, f"/webhooks/generic/{self._name}", body, headers)

    async def received(self) -> list[Got]:
        return [_got(item["payload"]) for item in await self._outgoing.news()]

    def _message(self, message: Sent) -> dict[str, Any]:
        sender = {"id": self._address, "phone": phone_of(self._address)}
        told = {"id": message.message_id, "sender": sender, "sent_at": message.time.isoformat()}
        match message.kind:
            case "g":
                return {**told, "text": message.words, "forwarded": bool(message.options.get("forwarded"))}
            case "button":
                return {**told, "text": message.words, "choice_id": str(message.content)}
            case "image" | "video" | "document" | "sticker" as kind:
                attachment = {"type": kind, "url": "https://attached.invalid/medium"}
                return {**told, "text": message.words, "attachments": [attachment]}
            case "location":
                latitude, longitude = message.content
                return {**told, "location": {"latitude": latitude, "longitude": longitude}}
            case kind:
                return {**told, "type": kind}


def _got(payload: dict[str, Any]) -> Got:
    choices = [(str(item["id"]), str(item["title"])) for item in payload.get("choices", ())]
    return Got(words=str(payload.get("text", "")), choices=choices)


def signature(body: bytes, *, at: int) -> str:
    """The header by which the other side proves who calls, and when."""
    digest = hmac.new(_SECRET.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"
