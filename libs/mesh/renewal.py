"""A channel that is opened anew when its certificate files change; calls in work end on the one they began on.

A gRPC channel keeps the credentials it was opened with: with a certificate that is renewed every few days it would
stop at the first reconnection after the old one's end.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import grpc.aio

from mesh.errors import DomainError
from mesh.security import Credentials
from mesh.telemetry import get_logger
from mesh.wrapping import ChannelAround

# How long after a change calls may still begin on the old channel.
LOOK_SECONDS = 1.0
# What is left of a call on the old channel is given up then, as after a server's max_connection_age.
GRACE_SECONDS = 30.0
log = get_logger(__name__)


class RenewingChannel(ChannelAround):
    """`open_with(credentials)` makes the real channel. Files that do not belong together are not taken: they are looked
    at again a second later."""

    def __init__(self, credentials: Credentials, open_with: Callable[[grpc.ChannelCredentials], Any]) -> None:
        self._credentials = credentials
        self._open_with = open_with
        self._stamp = credentials.stamp()
        self._transport: grpc.aio.Channel = open_with(credentials.for_client())
        self._methods: dict[tuple[str, str], Any] = {}
        self._looked = time.monotonic()
        self._closing: set[asyncio.Task[None]] = set()

    def unary_unary(self, method: str, *serializers: Any, **options: Any) -> Any:
        return self._renewed("unary_unary", method, serializers, options)

    def unary_stream(self, method: str, *serializers: Any, **options: Any) -> Any:
        return self._renewed("unary_stream", method, serializers, options)

    def stream_unary(self, method: str, *serializers: Any, **options: Any) -> Any:
        return self._renewed("stream_unary", method, serializers, options)

    def stream_stream(self, method: str, *serializers: Any, **options: Any) -> Any:
        return self._renewed("stream_stream", method, serializers, options)

    def _renewed(self, kind: str, method: str, serializers: Any, options: Any) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            self._renew()
            known = self._methods.get((kind, method))
            if known is None:
                known = self._methods[kind, method] = getattr(self._transport, kind)(method, *serializers, **options)
            return known(*arguments, **named)

        return call

    def _renew(self) -> None:
        now = time.monotonic()
        if now - self._looked < LOOK_SECONDS:
            return
        self._looked = now
        try:
            stamp = self._credentials.stamp()
            if stamp == self._stamp:
                return
            self._credentials.check()
            renewed = self._open_with(self._credentials.for_client())
        except DomainError as error:
            log.warning("certificates_not_taken", reason=error.message)
            return
        old, self._transport, self._stamp = self._transport, renewed, stamp
        self._methods.clear()
        closing = asyncio.get_running_loop().create_task(old.close(GRACE_SECONDS))
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)
        log.info("certificates_renewed")

    async def close(self, grace: float | None = None) -> None:
        for closing in self._closing:
            closing.cancel()
        await super().close(grace)
