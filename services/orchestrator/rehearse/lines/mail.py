"""Gmail's end: a mail arrives in the hotel's mailbox, Google pushes, the hotel reads, and answers in the thread."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from hotel.common.v1 import channel_pb2

from services.orchestrator.rehearse.lines.line import Got, Hotel, NotCarried, Outgoing, Sent, post, short_id

_MAILBOX = "reception@rehearsal.invalid"


def settings(property_id: str, api: str) -> dict[str, Any]:
    """What the gateway is told of the channel; `api` is where the sandbox is."""
    return {
        "email_transport": "gmail",
        "email_mailboxes": f"{_MAILBOX}={property_id}",
        "gmail_base_url": f"{api}/sandbox/gmail",
        # The pace is measured on a clock that stands.
        "email_mailbox_rate": 10_000.0,
        "email_answers_per_hour": 10_000,
    }


class MailLine:
    """Somebody with a mailbox, whose provider signs what they write."""

    def __init__(self, hotel: Hotel, address: str) -> None:
        self._hotel = hotel
        self._address = address.lower()
        self._outgoing = Outgoing(hotel=hotel, channel="email", recipient=self._address)

    @property
    def identity(self) -> channel_pb2.ChannelIdentity:
        return channel_pb2.ChannelIdentity(channel=channel_pb2.CHANNEL_EMAIL, address=self._address)

    async def open(self) -> None:
        """A mail can be written at once."""

    async def deliver(self, messages: Sequence[Sent]) -> bool:
        taken = [await self._arrive(message) for message in messages]
        return all(taken)

    async def received(self) -> list[Got]:
        return [Got(words=str(item["text"])) for item in await self._outgoing.news()]

    async def _arrive(self, message: Sent) -> bool:
        if message.kind not in ("g", "button"):
            raise NotCarried("e-mail", message.kind)
        mail = {
            "from": self._address,
            "subject": str(message.options.get("subject", "")),
            "text": message.words,
            "message_id": f"<{short_id(message.message_id)}@rehearsal.invalid>",
        }
        headers = {"Content-Type": "application/json"}
        return await post(self._hotel, f"/sandbox/gmail/inbox/{_MAILBOX}", json.dumps(mail).encode(), headers)
