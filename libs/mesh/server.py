"""The gRPC server: the chain as a plain list, health, reflection, and how it listens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import grpc
import grpc.aio
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from mesh import access, auth, deadline, status, tracing
from mesh.client import MAX_MESSAGE_BYTES
from mesh.health import Health
from mesh.interception import Chain, Layer
from mesh.security import Credentials
from mesh.settings import MeshSettings

# Health checks and reflection are answered outside the chain: always, unshed, unlogged, to anybody.
_BESIDE = ("/grpc.health.", "/grpc.reflection.", "/grpc.channelz.")

OPTIONS: list[tuple[str, Any]] = [
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
    # Clients come back to a balancer every five minutes, so that a new replica gets its share.
    ("grpc.max_connection_age_ms", 300_000),
    ("grpc.max_connection_age_grace_ms", 30_000),
    ("grpc.keepalive_time_ms", 10_000),
    ("grpc.keepalive_timeout_ms", 5_000),
    ("grpc.http2.ping_timeout_ms", 5_000),
    # Matches the clients' keepalive: a server that expects fewer pings would close their connections.
    ("grpc.http2.min_ping_interval_without_data_ms", 5_000),
    ("grpc.keepalive_permit_without_calls", 1),
    # Two servers must not share a port unnoticed: a busy port is an error at start.
    ("grpc.so_reuseport", 0),
]


def chain(service: str, settings: MeshSettings, allow: Mapping[str, auth.AllowList], gate: access.Gate) -> Chain:
    """Outermost first. Tracing outside errors, or it would record raised exceptions as successes; access outside errors
    and auth, so that refusals are counted; deadline innermost, so that its error is mapped like any other."""
    layers: list[Layer] = [
        tracing.serving,
        gate.serving,
        status.serving,
        auth.serving(allow, tls=settings.tls),
        deadline.serving(settings.default_deadline_seconds),
    ]
    return Chain(service, layers, beside=_BESIDE)


Adder = Callable[[Any, grpc.aio.Server], None]


class Server:
    """A listening server with its health service on the same port, or on a plaintext one beside it under TLS."""

    def __init__(self, settings: MeshSettings, chain_: Chain, gate: access.Gate, health: Health) -> None:
        self._settings = settings
        self._gate = gate
        self._health = health
        self._server = grpc.aio.server(interceptors=[chain_], options=OPTIONS)
        self._probes: grpc.aio.Server | None = None
        self.names: list[str] = []
        self.port = 0

    def add(self, adder: Adder, servicer: Any, name: str) -> None:
        adder(servicer, self._server)
        self.names.append(name)

    async def start(self) -> None:
        """Listens. Raises OSError naming address and port when the port is taken."""
        health_pb2_grpc.add_HealthServicer_to_server(self._health.servicer, self._server)
        if self._settings.reflection and self._settings.env != "prod":
            names = [*self.names, health_pb2.DESCRIPTOR.services_by_name["Health"].full_name, reflection.SERVICE_NAME]
            reflection.enable_server_reflection(names, self._server)
        address = f"{self._settings.grpc_host}:{self._settings.grpc_port}"
        credentials = credentials_of(self._settings)
        try:
            if credentials is None:
                self.port = self._server.add_insecure_port(address)
            else:
                self.port = self._server.add_secure_port(address, credentials.for_server())
        except RuntimeError:
            raise OSError(f"{address} is busy or cannot be bound; set GRPC_PORT to a free one") from None
        await self._server.start()
        if credentials is not None and self._settings.health_port:
            # The kubelet's gRPC probes speak plaintext.
            self._probes = grpc.aio.server(options=OPTIONS)
            health_pb2_grpc.add_HealthServicer_to_server(self._health.servicer, self._probes)
            self._probes.add_insecure_port(f"{self._settings.grpc_host}:{self._settings.health_port}")
            await self._probes.start()

    async def stop(self, grace: float) -> None:
        """Takes no more calls, gives those in work `grace` seconds, then ends the watches, which would never end."""
        stopping = asyncio.create_task(self._server.stop(grace))
        idle = asyncio.create_task(self._gate.idle())
        await asyncio.wait({stopping, idle}, return_when=asyncio.FIRST_COMPLETED)
        idle.cancel()
        await self._server.stop(None)
        await stopping
        if self._probes is not None:
            await self._probes.stop(None)


def credentials_of(settings: MeshSettings) -> Credentials | None:
    """mTLS credentials, or None when TLS is off."""
    if not settings.tls:
        return None
    return Credentials(Path(settings.tls_cert_file), Path(settings.tls_key_file), Path(settings.tls_ca_file))
