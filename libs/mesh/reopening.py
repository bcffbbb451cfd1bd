"""A channel that can be opened anew; calls in work end on the one they began on.

It is when its certificate files change: a gRPC channel keeps the credentials it was opened with, and with a certificate
that is renewed every few days it would stop at the first reconnection after the old one's end. And it is when nobody
answers: a connection that carries nothing any more, and says so to nobody, is found out by gRPC only after some silence
on it, which calls that are repeated do not leave.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import grpc.aio

from mesh.errors import DomainError
from mesh.security import Credentials
from mesh.silence import Silence
from mesh.telemetry import get_logger
from mesh.wrapping import ChannelAround

# How long after a change calls may still begin on the old channel.
LOOK_SECONDS = 1.0
# What is left of a call on the old channel is given up then, as after a server's max_connection_age.
GRACE_SECONDS = 30.0
log = get_logger(__name__)


class ReopeningChannel(ChannelAround):
    """`open_with(credentials)` makes the real channel. Files that do not belong together are not taken: they are looked
    at again a second later."""

    def __init__(
        self,
        credentials: Credentials | None,
        open_with: Callable[[grpc.ChannelCredentials | None], Any],
        *,
        silence: Silence | None = None,
    ) -> None:
        self._credentials = credentials
        self._open_with = open_with
        self._stamp = credentials.stamp() if credentials else ()
        self._transport: grpc.aio.Channel = self._opened()
        self._silence = silence or Silence()
        self._methods: dict[tuple[str, str], Any] = {}
        self._looked = time.monotonic()
        self._closing: set[asyncio.Task[None]] = set()

    def unary_unary(self, method: str, *serializers: Any, **options: Any) -> Any:
        return self._current("unary_unary", method, serializers, options)

    def unary_stream(self, method: str, *serializers: Any, **options: Any) -> Any:
        return self._current("unary_stream", method, serializers, options)

    def stream_unary(self, method: str, *serializers: Any, **options: Any) -> Any:
        return self._current("stream_unary", method, serializers, options)

    def stream_stream(self, method: str, *serializers: Any, **options: Any) -> Any:
        return self._current("stream_stream", method, serializers, options)

    def answered(self) -> None:
        """A call on this channel had an answer."""
        self._silence.broken()

    def unanswered(self) -> None:
        """A call on this channel had none in its time; after some of them the channel is opened anew."""
        if self._silence.lasts():
            self._replace(self._opened())
            log.warning("silent_connection_given_up")

    def _current(self, kind: str, method: str, serializers: Any, options: Any) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            self._renew()
            known = self._methods.get((kind, method))
            if known is None:
                known = self._methods[kind, method] = getattr(self._transport, kind)(method, *serializers, **options)
            return known(*arguments, **named)

        return call

    def _renew(self) -> None:
        if self._credentials is None:
            return
        now = time.monotonic()
        if now - self._looked < LOOK_SECONDS:
            return
        self._looked = now
        try:
            stamp = self._credentials.stamp()
            if stamp == self._stamp:
                return
            self._credentials.check()
            renewed = self._opened()
        except DomainError as error:
            log.warning("certificates_not_taken", reason=error.message)
            return
        self._stamp = stamp
        self._replace(renewed)
        log.info("certificates_renewed")

    def _opened(self) -> Any:
        return self._open_with(self._credentials.for_client() if self._credentials else None)

    def _replace(self, by: Any) -> None:
        old, self._transport = self._transport, by
        self._methods.clear()
        closing = asyncio.get_running_loop().create_task(old.close(GRACE_SECONDS))
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)

    async def close(self, grace: float | None = None) -> None:
        for closing in self._closing:
            closing.cancel()
        await super().close(grace)
