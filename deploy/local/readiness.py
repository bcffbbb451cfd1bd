"""Asks a process whether it serves: over grpc.health.v1, and over HTTP for the gateway. Never raises."""

import asyncio
import contextlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

_SECONDS = 2.0
# A refused connection is tried again soon: the other side is just being started.
_OPTIONS = (("grpc.initial_reconnect_backoff_ms", 100), ("grpc.max_reconnect_backoff_ms", 500))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`detail` says why not, in a few words."""

    serving: bool
    detail: str = ""


async def ask_grpc(address: str, *, service: str = "") -> Answer:
    """Health/Check of one server; the empty service name means all of it."""
    async with grpc.aio.insecure_channel(address, options=_OPTIONS) as channel:
        try:
            stub: Any = health_pb2_grpc.HealthStub(channel)
            reply = await stub.Check(health_pb2.HealthCheckRequest(service=service), timeout=_SECONDS)
        except grpc.aio.AioRpcError as error:
            return Answer(serving=False, detail=error.code().name)
    status = health_pb2.HealthCheckResponse.ServingStatus.Name(reply.status)
    return Answer(serving=status == "SERVING", detail="" if status == "SERVING" else status)


async def ask_http(url: str) -> Answer:
    """GET; 200 means it serves. Anything else is told with its status line."""
    parts = urlsplit(url)
    try:
        async with asyncio.timeout(_SECONDS):
            reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
            try:
                request = f"GET {parts.path or '/'} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n\r\n"
                writer.write(request.encode())
                await writer.drain()
                status = (await reader.readline()).decode(errors="replace").split(" ", 2)
            finally:
                writer.close()
                with contextlib.suppress(OSError):
                    await writer.wait_closed()
    except (OSError, TimeoutError) as error:
        return Answer(serving=False, detail=type(error).__name__)
    code = status[1] if len(status) > 1 else "no answer"
    return Answer(serving=code == "200", detail="" if code == "200" else f"HTTP {code.strip()}")
