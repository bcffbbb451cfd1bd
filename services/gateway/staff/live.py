"""Tells pages that something changed: at once in this replica, through Redis in the others.

Redis may be away: pages then see changes made elsewhere at their next look.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from mesh.telemetry import get_logger
from mesh.values import new_id
from redis.asyncio import Redis
from redis.exceptions import RedisError

_TOPIC = "console:changes"
_WAITING = 1_000
_PAUSE_SECONDS = 1.0
log = get_logger(__name__)


class Listener:
    """What has changed since it was last asked. `rung` is set while there is something."""

    def __init__(self) -> None:
        self.rung = asyncio.Event()
        self._changed: set[str] = set()

    def ring(self, session_id: str) -> None:
        """A conversation changed."""
        self._changed.add(session_id)
        self.rung.set()

    def take(self) -> frozenset[str]:
        """The conversations that changed."""
        changed = frozenset(self._changed)
        self._changed.clear()
        self.rung.clear()
        return changed


class Live:
    """One for the process; `run` is its background work."""

    def __init__(self, *, redis: Redis) -> None:
        self._redis = redis
        self._name = new_id("live")
        self._listeners: set[Listener] = set()
        self._outgoing: asyncio.Queue[str] = asyncio.Queue(_WAITING)

    @property
    def listeners(self) -> int:
        """Pages that listen at present."""
        return len(self._listeners)

    @contextmanager
    def listen(self) -> Iterator[Listener]:
        """A listener for the life of a stream."""
        listener = Listener()
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)

    def changed(self, session_id: str) -> None:
        """A conversation changed. Never waits; when Redis cannot keep up, other replicas look by themselves."""
        self._ring(session_id)
        if not self._outgoing.full():
            self._outgoing.put_nowait(session_id)

    async def run(self) -> None:
        """Hands on what changed here, and rings for what changed elsewhere."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._spread())
            group.create_task(self._hear())

    async def _spread(self) -> None:
        while True:
            session_id = await self._outgoing.get()
            try:
                await self._redis.publish(_TOPIC, f"{self._name} {session_id}")
            except RedisError:
                await asyncio.sleep(_PAUSE_SECONDS)

    async def _hear(self) -> None:
        while True:
            try:
                async with self._redis.pubsub() as subscription:
                    await subscription.subscribe(_TOPIC)
                    while True:
                        message = await subscription.get_message(ignore_subscribe_messages=True, timeout=_PAUSE_SECONDS)
                        if message is not None:
                            self._take(message["data"])
            except RedisError:
                await asyncio.sleep(_PAUSE_SECONDS)

    def _take(self, data: bytes | str) -> None:
        origin, _, session_id = (data.decode() if isinstance(data, bytes) else data).partition(" ")
        if origin != self._name:
            self._ring(session_id)

    def _ring(self, session_id: str) -> None:
        for listener in self._listeners:
            listener.ring(session_id)
