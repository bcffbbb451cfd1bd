"""What a channel's line is, and what lines share: posting as a provider does, and reading what was recorded as sent."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import httpx
from hotel.common.v1 import channel_pb2
from mesh import client
from mesh.clock import Clock


class NotCarried(Exception):
    """A channel has no such content: nobody can send a reaction by SMS."""

    def __init__(self, channel: str, kind: str) -> None:
        super().__init__(f"{channel} carries no {kind}")


class Hotel(Protocol):
    """What a line reaches: the gateway's doors, and other services where the channel is no door of it."""

    http: httpx.AsyncClient
    property_id: str

    @property
    def clock(self) -> Clock:
        """The hotel's time."""
        ...

    def channel(self, service: str) -> client.Channel:
        """A channel from outside, for a stub."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One thing a guest does: `kind` and `content` as dialogues have them, targets of it as message ids."""

    message_id: str
    kind: str
    content: Any
    options: Mapping[str, Any]
    time: datetime

    @property
    def words(self) -> str:
        """What the guest would type: a choice by its title."""
        return str(self.options.get("title") or self.content or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Got:
    """One message that came to the guest, and the choices on it as (id, title)."""

    words: str
    choices: Sequence[tuple[str, str]] = ()


class Line(Protocol):
    """One guest on one channel."""

    @property
    def identity(self) -> channel_pb2.ChannelIdentity:
        """Who the guest is to the hotel, once the line is open."""
        ...

    async def open(self) -> None:
        """What the guest does before writing for the first time."""
        ...

    async def deliver(self, messages: Sequence[Sent]) -> bool:
        """These at once; repeated, it is the same again. False when the hotel could not take it. Raises NotCarried."""
        ...

    async def received(self) -> list[Got]:
        """What came since the last look."""
        ...


async def post(hotel: Hotel, path: str, content: bytes, headers: Mapping[str, str]) -> bool:
    """Whether the hotel took it. Raises httpx.HTTPStatusError when it says that the call itself is wrong."""
    answer = await hotel.http.post(path, content=content, headers=dict(headers))
    if answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR:
        answer.raise_for_status()
    return answer.is_success


def short_id(message_id: str) -> str:
    """An id of 32 hexadecimal digits, always the same for a message."""
    return hashlib.sha256(message_id.encode()).hexdigest()[:32]


def phone_of(address: str) -> str:
    """E.164 where the address is a phone, else nothing."""
    digits = address.removeprefix("+")
    return f"+{digits}" if digits.isdigit() else ""


@dataclass(slots=True, kw_only=True)
class Outgoing:
    """What left for somebody on a channel, as the gateway's sandbox recorded it."""

    hotel: Hotel
    channel: str
    recipient: str
    _after: int = field(default=0, init=False)

    async def news(self) -> list[Mapping[str, Any]]:
        """Each message once, oldest first; none while they cannot be read."""
        query = {"channel": self.channel, "to": self.recipient, "after": str(self._after)}
        answer = await self.hotel.http.get("/sandbox/messages", params=query)
        found: list[Mapping[str, Any]] = answer.json()["messages"] if answer.is_success else []
        self._after = max((self._after, *(int(item["sequence"]) for item in found)))
        return found
