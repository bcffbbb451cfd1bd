"""The chat page's end: a token, messages posted with it, and the stream of what the page shows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import httpx
from hotel.common.v1 import channel_pb2

from services.orchestrator.rehearse.lines.line import Got, Hotel, NotCarried, Sent, post, short_id

# With a look as far apart as the stream's beats, an empty look is told at once: the page has seen everything.
_LOOK_SECONDS = 15.0
_NOTHING_MORE = ": still here"


def settings(property_id: str) -> dict[str, Any]:
    """What the gateway is told of the channel."""
    return {
        "webchat_property": property_id,
        "webchat_poll_seconds": _LOOK_SECONDS,
        "webchat_messages_per_minute": 10_000,
        # The page is not closed for as long as the dialogue goes on.
        "webchat_token_hours": 24.0 * 365,
    }


class ChatLine:
    """A visitor of the chat page. The name that the dialogue gives them is not known to the hotel."""

    def __init__(self, hotel: Hotel) -> None:
        self._hotel = hotel
        self._visitor = ""
        self._headers: dict[str, str] = {}
        self._after = 0

    @property
    def identity(self) -> channel_pb2.ChannelIdentity:
        return channel_pb2.ChannelIdentity(channel=channel_pb2.CHANNEL_WEBCHAT, address=self._visitor)

    async def open(self) -> None:
        # A browser of their own: with the cookies of another visitor they would be the other.
        async with httpx.AsyncClient(base_url=self._hotel.http.base_url) as browser:
            session = (await browser.post("/webchat/session")).raise_for_status().json()
        self._visitor = str(session["visitor"])
        self._headers = {"Authorization": f"Bearer {session['token']}", "Content-Type": "application/json"}

    async def deliver(self, messages: Sequence[Sent]) -> bool:
        taken = [await self._say(message) for message in messages]
        return all(taken)

    async def received(self) -> list[Got]:
        found: list[Got] = []
        query = {"after": str(self._after)}
        async with self._hotel.http.stream("GET", "/webchat/events", params=query, headers=self._headers) as stream:
            async for line in stream.aiter_lines():
                name, _, value = line.partition(": ")
                if line == _NOTHING_MORE:
                    break
                if name == "id":
                    self._after = int(value)
                elif name == "data":
                    found += _from_hotel(json.loads(value))
        return found

    async def _say(self, message: Sent) -> bool:
        if message.kind not in ("g", "button"):
            raise NotCarried("the chat page", message.kind)
        said = {"id": short_id(message.message_id), "text": message.words}
        if message.kind == "button":
            said["button_id"] = str(message.content)
        return await post(self._hotel, "/webchat/messages", json.dumps(said).encode(), self._headers)


def _from_hotel(shown: dict[str, Any]) -> list[Got]:
    """The page shows the visitor's own messages as well."""
    if shown["from"] != "hotel":
        return []
    return [Got(words=str(shown["text"]), choices=[(item["id"], item["title"]) for item in shown["choices"]])]
