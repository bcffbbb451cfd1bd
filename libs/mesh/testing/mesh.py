"""Runs services inside a test: without sockets, or over gRPC on free ports."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Literal

from opentelemetry.sdk.trace import SpanProcessor

from mesh import client
from mesh.auth import ANONYMOUS
from mesh.clock import Clock
from mesh.runtime import Runtime, Switchboard
from mesh.settings import MeshSettings
from mesh.telemetry import SERVICE

Build = Callable[[Runtime, Any], Awaitable[None]]


class RunningMesh:
    """Services that run in this process."""

    def __init__(self, runtimes: dict[str, Runtime], outside: Runtime) -> None:
        self.runtimes = runtimes
        self._outside = outside

    def channel(self, service: str) -> client.Channel:
        """A channel from outside, for a stub."""
        return self._outside.channel(service)

    async def stop(self, service: str) -> None:
        """Takes one service away, as if it had died: calls to it are UNAVAILABLE from now on."""
        await self.runtimes.pop(service).drain()


@asynccontextmanager
async def running(
    services: Mapping[str, tuple[Build, MeshSettings]],
    *,
    clock: Clock | None = None,
    transport: Literal["inprocess", "grpc"] = "inprocess",
    span_processors: tuple[SpanProcessor, ...] = (),
    caller: str = ANONYMOUS,
) -> AsyncIterator[RunningMesh]:
    """Builds and starts the services, callees before callers as the mapping has them; drains them in reverse.

    `caller` is the name that calls from outside claim.
    Over gRPC each listens on a free port of 127.0.0.1, and later ones are told the addresses of earlier ones.
    """
    switchboard = Switchboard() if transport == "inprocess" else None
    addresses: dict[str, Any] = {}
    runtimes: dict[str, Runtime] = {}
    outside: Runtime | None = None
    try:
        for name, (build, settings) in services.items():
            told = settings.model_copy(update={**addresses, "grpc_port": 0, "drain_seconds": 0.0})
            runtime = Runtime(name, told, clock=clock, switchboard=switchboard, span_processors=span_processors)
            runtimes[name] = runtime
            runtime.trace()
            await build(runtime, told)
            await runtime.start()
            addresses[f"{name}_address"] = f"127.0.0.1:{runtime.port}"
        told = MeshSettings().model_copy(update={**addresses, "trace_sample_ratio": 1.0})
        outside = Runtime(caller, told, switchboard=switchboard, span_processors=span_processors)
        outside.trace()
        SERVICE.set(caller)
        yield RunningMesh(runtimes, outside)
    finally:
        for runtime in reversed(runtimes.values()):
            await runtime.drain()
        if outside is not None:
            await outside.close()
