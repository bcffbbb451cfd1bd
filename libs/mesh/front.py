"""One listening gRPC port for a process that holds several services: other systems reach them all there."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import grpc
import grpc.aio
from grpc_health.v1 import health_pb2_grpc

from mesh.errors import Down
from mesh.health import Health
from mesh.runtime import Runtime, Switchboard
from mesh.server import OPTIONS
from mesh.settings import MeshSettings


class Front(grpc.GenericRpcHandler):
    """Hands each call to the service that has it; the chain around the handler is that service's own."""

    def __init__(self, settings: MeshSettings, switchboard: Switchboard, runtimes: list[Runtime]) -> None:
        self._settings = settings
        self._switchboard = switchboard
        self._health = Health("mesh")
        for runtime in runtimes:
            self._health.depend_on(runtime.name, _ready(runtime), hard=True)
        self._server = grpc.aio.server(options=OPTIONS)
        self._watch: asyncio.Task[None] | None = None

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Any:
        for registry in self._switchboard.registries.values():
            if (handler := registry.find(handler_call_details.method)) is not None:
                return handler
        return None

    async def start(self) -> None:
        """Listens. Raises OSError naming the port when it is taken."""
        self._server.add_generic_rpc_handlers((self,))
        health_pb2_grpc.add_HealthServicer_to_server(self._health.servicer, self._server)
        address = f"{self._settings.grpc_host}:{self._settings.grpc_port}"
        try:
            self._server.add_insecure_port(address)
        except RuntimeError:
            raise OSError(f"{address} is busy or cannot be bound; set GRPC_PORT to a free one") from None
        await self._server.start()
        await self._health.start([])
        self._watch = asyncio.create_task(self._health.run())

    async def stop(self) -> None:
        """Takes no more calls; those in work end with their services' drain."""
        await self._health.drain()
        if self._watch is not None:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
        await self._server.stop(self._settings.drain_seconds)


def _ready(runtime: Runtime) -> Any:
    async def probe() -> None:
        if not runtime.health.ready:
            raise Down("UNAVAILABLE", f"{runtime.name} is not ready")

    return probe
