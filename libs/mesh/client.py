"""Calls to other services: one channel per peer for the life of the process, the same with and without sockets.

A stub made from `Channel` shaves the deadline, carries trace, correlation id and the caller's name, repeats what is
UNAVAILABLE (every method of ours is a read or takes a request id) and raises the error the callee raised. A peer that
is away is waited for until the deadline: one that restarts is back within it, and nobody notices.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

import grpc
import grpc.aio

from mesh import deadline, tracing
from mesh.auth import CALLER_HEADER
from mesh.reopening import ReopeningChannel
from mesh.security import Credentials
from mesh.silence import Silence
from mesh.status import from_rpc_error
from mesh.wrapping import ChannelAround

MAX_MESSAGE_BYTES = 1024 * 1024
DEFAULT_TIMEOUT_SECONDS = 10.0

# UNAVAILABLE only: the call did not happen, or happened under a request id that makes the repeat harmless.
# `timeout` must not stand here: from Python it was seen to fail calls at once, with no deadline at the server.
SERVICE_CONFIG = {
    "loadBalancingConfig": [{"round_robin": {}}],
    "healthCheckConfig": {"serviceName": ""},
    "methodConfig": [
        {
            "name": [{}],
            "retryPolicy": {
                "maxAttempts": 3,
                "initialBackoff": "0.05s",
                "maxBackoff": "1s",
                "backoffMultiplier": 2,
                "retryableStatusCodes": ["UNAVAILABLE"],
            },
        }
    ],
    "retryThrottling": {"maxTokens": 50, "tokenRatio": 0.1},
}

OPTIONS: list[tuple[str, Any]] = [
    ("grpc.service_config", json.dumps(SERVICE_CONFIG)),
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
    # A connection that carries nothing any more and says so to nobody is given up soon. A ping is mostly on its way
    # already, the one that measures bandwidth, and waits a minute by default; keepalive begins only in silence.
    ("grpc.keepalive_time_ms", 10_000),
    ("grpc.keepalive_timeout_ms", 5_000),
    ("grpc.http2.ping_timeout_ms", 5_000),
    # A peer that restarts is found again within a fraction of a second.
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 2_000),
    # Every channel of the process has its own connection, as in production; tests count on it.
    ("grpc.use_local_subchannel_pool", 1),
]


def dial(address: str, credentials: Credentials | None, *, silence: Silence | None = None) -> grpc.aio.Channel:
    """A real channel to `host:port`, `dns:///…` or `ipv4:…,…`, balanced over every healthy address it resolves to.

    After `silence` it is opened anew.
    """
    target = address if ":///" in address or address.startswith(("ipv4:", "ipv6:", "unix:")) else f"dns:///{address}"

    def opened(with_credentials: grpc.ChannelCredentials | None) -> grpc.aio.Channel:
        if with_credentials is None:
            return grpc.aio.insecure_channel(target, options=OPTIONS)
        return grpc.aio.secure_channel(target, with_credentials, options=OPTIONS)

    return ReopeningChannel(credentials, opened, silence=silence)


class Channel(ChannelAround):
    """What generated stubs are given: the client's half of the chain around a transport."""

    def __init__(self, transport: grpc.aio.Channel, *, caller: str) -> None:
        self._transport = transport
        self._caller = caller
        self._reopening = transport if isinstance(transport, ReopeningChannel) else None

    def unary_unary(self, method: str, *serializers: Any, **options: Any) -> Any:
        inner = self._transport.unary_unary(method, *serializers, **options)

        async def call(request: Any, *, timeout: float = DEFAULT_TIMEOUT_SECONDS) -> Any:
            return await self._once(inner, method, request, timeout)

        return call

    def stream_unary(self, method: str, *serializers: Any, **options: Any) -> Any:
        inner = self._transport.stream_unary(method, *serializers, **options)

        async def call(requests: AsyncIterator[Any], *, timeout: float = DEFAULT_TIMEOUT_SECONDS) -> Any:
            return await self._once(inner, method, requests, timeout)

        return call

    def unary_stream(self, method: str, *serializers: Any, **options: Any) -> Any:
        inner = self._transport.unary_stream(method, *serializers, **options)

        async def call(request: Any, *, timeout: float | None = None) -> AsyncIterator[Any]:
            async for response in self._stream(inner, method, request, timeout):
                yield response

        return call

    def stream_stream(self, method: str, *serializers: Any, **options: Any) -> Any:
        inner = self._transport.stream_stream(method, *serializers, **options)

        async def call(requests: AsyncIterator[Any], *, timeout: float | None = None) -> AsyncIterator[Any]:
            async for response in self._stream(inner, method, requests, timeout):
                yield response

        return call

    async def _once(self, inner: Any, method: str, request: Any, timeout: float) -> Any:
        budget = deadline.shaved(timeout)
        try:
            with tracing.calling(method) as headers:
                answer = await inner(request, timeout=budget, metadata=self._metadata(headers), wait_for_ready=True)
        except grpc.aio.AioRpcError as error:
            _let_cancellation_through(error)
            self._heard(error.code() is not grpc.StatusCode.DEADLINE_EXCEEDED)
            raise from_rpc_error(error) from None
        self._heard(True)
        return answer

    def _heard(self, answer: bool) -> None:
        if self._reopening is None:
            return
        if answer:
            self._reopening.answered()
        else:
            self._reopening.unanswered()

    async def _stream(self, inner: Any, method: str, request: Any, timeout: float | None) -> AsyncIterator[Any]:
        try:
            with tracing.calling(method) as headers:
                metadata = self._metadata(headers)
            # The span ends with the call's start: a watch of days makes no useful span.
            async for response in inner(request, timeout=timeout, metadata=metadata):
                yield response
        except grpc.aio.AioRpcError as error:
            _let_cancellation_through(error)
            raise from_rpc_error(error) from None

    def _metadata(self, headers: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        return (*headers, (CALLER_HEADER, self._caller))


def _let_cancellation_through(error: grpc.aio.AioRpcError) -> None:
    """A call that was cancelled because we were is a cancellation, not an error of the peer's."""
    task = asyncio.current_task()
    if error.code() is grpc.StatusCode.CANCELLED and task is not None and task.cancelling():
        raise asyncio.CancelledError from None
