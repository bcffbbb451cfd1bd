"""Twilio's end: signed forms in, REST out. A choice is typed, since a text message has no buttons."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from hotel.common.v1 import channel_pb2
from pydantic import SecretStr

from services.orchestrator.rehearse.lines.line import Got, Hotel, NotCarried, Outgoing, Sent, phone_of, post, short_id

_PATH = "/webhooks/twilio"
_NUMBER = "+15005550006"
_TOKEN = "rehearsal-auth-token"  # noqa: S105 (both ends of the webhook are here)
_MIME_TYPES = {"image": "image/jpeg", "video": "video/mp4", "document": "application/pdf"}


def settings(property_id: str, api: str) -> dict[str, Any]:
    """What the gateway is told of the channel; `api` is where the sandbox is."""
    return {
        "sms_numbers": f"{_NUMBER}={property_id}",
        "twilio_auth_token": SecretStr(_TOKEN),
        "twilio_base_url": f"{api}/sandbox/twilio",
        # The pace is measured on a clock that stands.
        "sms_number_rate": 10_000.0,
        "sms_guest_burst": 10_000,
    }


class SmsLine:
    """A phone that writes text messages."""

    def __init__(self, hotel: Hotel, address: str) -> None:
        self._hotel = hotel
        self._phone = phone_of(address) or address
        self._outgoing = Outgoing(hotel=hotel, channel="sms", recipient=self._phone)

    @property
    def identity(self) -> channel_pb2.ChannelIdentity:
        return channel_pb2.ChannelIdentity(
            channel=channel_pb2.CHANNEL_SMS, address=self._phone, phone_number=phone_of(self._phone)
        )

    async def open(self) -> None:
        """A phone can write at once."""

    async def deliver(self, messages: Sequence[Sent]) -> bool:
        taken = [await self._post(self._form(message)) for message in messages]
        return all(taken)

    async def received(self) -> list[Got]:
        return [Got(words=str(item["text"])) for item in await self._outgoing.news()]

    async def _post(self, form: dict[str, str]) -> bool:
        url = f"{str(self._hotel.http.base_url).rstrip('/')}{_PATH}"
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Twilio-Signature": signature(url, form),
        }
        return await post(self._hotel, _PATH, urlencode(form).encode(), headers)

    def _form(self, message: Sent) -> dict[str, str]:
        sid = f"SM{short_id(message.message_id)}"
        form = {"MessageSid": sid, "From": self._phone, "To": _NUMBER, "NumMedia": "0", "Body": ""}
        match message.kind:
            case "g" | "button":
                return {**form, "Body": message.words}
            case "image" | "video" | "document" as kind:
                medium = {"MediaUrl0": f"https://api.twilio.com/media/{sid}", "MediaContentType0": _MIME_TYPES[kind]}
                return {**form, **medium, "NumMedia": "1", "Body": message.words}
            case "location":
                latitude, longitude = message.content
                return {**form, "Latitude": str(latitude), "Longitude": str(longitude)}
            case kind:
                raise NotCarried("sms", kind)


def signature(url: str, form: Mapping[str, str]) -> str:
    """The header by which Twilio proves who calls: address and parameters by name, under the account's token."""
    signed = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.new(_TOKEN.encode(), signed.encode(), hashlib.sha1).digest()).decode()
