"""What a chat page shows, in order, and the bell that tells its streams of news."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatEvent:
    """One thing on the page; `payload` is its JSON text."""

    event_id: int
    payload: str


class ChatLog(Protocol):
    """Where chats are kept."""

    async def append(self, *, conversation_id: str, message_id: str, payload: str, now: datetime) -> None:
        """Adds an event; a message that is there already is left alone."""

    async def after(self, conversation_id: str, event_id: int, *, limit: int) -> tuple[ChatEvent, ...]:
        """Events later than `event_id`, oldest first."""


class Bell:
    """Wakes the streams of a conversation that are open in this process."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[asyncio.Event]] = defaultdict(set)

    def ring(self, conversation_id: str) -> None:
        """Something is new."""
        for listener in self._listeners.get(conversation_id, ()):
            listener.set()

    @contextmanager
    def listen(self, conversation_id: str) -> Iterator[asyncio.Event]:
        """An event that is set at every ring while the context lasts."""
        listener = asyncio.Event()
        self._listeners[conversation_id].add(listener)
        try:
            yield listener
        finally:
            self._listeners[conversation_id].discard(listener)
            if not self._listeners[conversation_id]:
                del self._listeners[conversation_id]

    @property
    def listeners(self) -> int:
        """Streams that are open."""
        return sum(len(listeners) for listeners in self._listeners.values())
