"""What a service is built with: stores, peers, servers and background work, opened and closed in the right order.

`build(runtime, settings)` of each service is the same in five processes and in one; only the runtime knows which it is.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from opentelemetry.sdk.trace import SpanProcessor
from redis.asyncio import Redis

from mesh import client, inprocess, tracing
from mesh.access import Gate
from mesh.auth import AllowList
from mesh.clock import Clock, SystemClock
from mesh.flags import Flags
from mesh.health import Health, Probe
from mesh.server import Adder, Server, chain, credentials_of
from mesh.settings import MeshSettings
from mesh.store import postgres
from mesh.store import redis as redis_store
from mesh.supervision import Supervisor
from mesh.telemetry import SERVICE, get_logger
from mesh.web import WebServer

Closer = Callable[[], Awaitable[object]]
log = get_logger(__name__)


class Switchboard:
    """The services of one process, by name: how channels without sockets find their peers."""

    def __init__(self) -> None:
        self.registries: dict[str, inprocess.Registry] = {}


class Runtime:
    """One service's surroundings."""

    def __init__(
        self,
        name: str,
        settings: MeshSettings,
        *,
        clock: Clock | None = None,
        switchboard: Switchboard | None = None,
        span_processors: tuple[SpanProcessor, ...] = (),
    ) -> None:
        self.name = name
        self.settings = settings
        self.clock = clock or SystemClock()
        self.health = Health(name)
        self._switchboard = switchboard
        self._span_processors = span_processors
        self._servicers: list[tuple[Adder, Any, str, AllowList]] = []
        self._channels: dict[str, client.Channel] = {}
        self._supervisor = Supervisor(name)
        self._closers: list[Closer] = []
        self._gate = Gate(settings.max_concurrent_calls)
        self._server: Server | None = None
        self._web: WebServer | None = None

    # What build() calls.

    async def postgres(self, *, schema: str) -> postgres.Pool:
        """A pool on `schema`; a hard dependency: without it the service is not ready."""
        pool = await postgres.connect_pool(
            self.settings.postgres_url.get_secret_value(),
            application_name=f"{self.settings.app_name}-{self.name}",
            schema=schema,
            size=self.settings.postgres_pool_size,
            overflow=self.settings.postgres_pool_overflow,
        )
        self.on_close(pool.close)
        self.dependency("database", lambda: postgres.ping(pool), hard=True)
        return pool

    async def redis(self) -> Redis:
        """A client; a soft dependency: with Redis away everything works, slower."""
        connected = redis_store.connect(
            self.settings.redis_url.get_secret_value(), client_name=f"{self.settings.app_name}-{self.name}"
        )
        self.on_close(connected.aclose)
        self.dependency("redis", lambda: redis_store.ping(connected), hard=False)
        return connected

    def channel(self, service: str) -> client.Channel:
        """The channel to another service, one for the life of the process."""
        if service not in self._channels:
            switchboard = self._switchboard
            transport = (
                client.dial(self.settings.address_of(service), credentials_of(self.settings))
                if switchboard is None
                else inprocess.Transport(lambda: switchboard.registries.get(service), service)
            )
            self._channels[service] = client.Channel(transport, caller=self.name)
        return self._channels[service]

    def flags(self, safe: Mapping[str, bool]) -> Flags:
        """The service's feature flags, each with the value that is safe when nothing is said about it."""
        path = Path(self.settings.flags_file) if self.settings.flags_file else None
        flags = Flags(safe, path)
        if path is not None:
            self.background("flags", flags.watch)
        return flags

    def serve(self, adder: Adder, servicer: Any, *, allow: AllowList | None = None) -> None:
        """Serves a servicer. `allow` maps method names (or "*") to those who may call them; none means anybody."""
        self._servicers.append((adder, servicer, _service_name(adder), allow or {}))

    def http(self, app: Any, *, host: str, port: int) -> None:
        """Serves an ASGI application."""
        self._web = WebServer(app, host=host, port=port)

    def background(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Runs `work()` for ever: begun again, after a growing pause, when it ends; cancelled at the drain."""
        self._supervisor.add(name, work)

    def dependency(self, name: str, probe: Probe, *, hard: bool) -> None:
        """Something the service needs; `probe()` raising means down. Never a sibling service."""
        self.health.depend_on(name, probe, hard=hard)

    def on_close(self, closer: Closer) -> None:
        """Called after the drain, latest first."""
        self._closers.append(closer)

    # What the process calls.

    async def start(self) -> None:
        """Opens the doors: everything is built, background work runs, calls are taken, then readiness is told."""
        SERVICE.set(self.name)
        allow: Mapping[str, AllowList] = {
            name: {method: callers | self.settings.other_callers for method, callers in allowed.items()}
            for _, _, name, allowed in self._servicers
        }
        chained = chain(self.name, self.settings, allow, self._gate)
        if self._switchboard is None:
            self._server = Server(self.settings, chained, self._gate, self.health)
            for adder, servicer, name, _ in self._servicers:
                self._server.add(adder, servicer, name)
            await self._server.start()
        else:
            registry = inprocess.Registry(chained)
            for adder, servicer, _, _ in self._servicers:
                adder(servicer, registry)
            self._switchboard.registries[self.name] = registry
        self.background("health", self.health.run)
        self._supervisor.start()
        if self._web is not None:
            await self._web.start()
        await self.health.start([name for _, _, name, _ in self._servicers])
        log.info("service_started", port=self.port, ready=self.health.ready)

    def trace(self) -> None:
        """Turns tracing on for this service, before anything is built."""
        provider = tracing.configure(
            self.name,
            environment=self.settings.env,
            ratio=self.settings.trace_sample_ratio,
            processors=self._span_processors,
        )
        # Registered first, so closed last: everything before it may still make spans.
        self._closers.insert(0, lambda: asyncio.to_thread(provider.shutdown))

    async def drain(self) -> None:
        """Leaves in order: not ready → clients go elsewhere → calls in work end → channels → stores → telemetry."""
        SERVICE.set(self.name)
        log.info("service_draining")
        await self.health.drain()
        await asyncio.sleep(self.settings.drain_seconds)
        if self._web is not None:
            await self._web.stop()
        await self._supervisor.stop()
        if self._server is not None:
            await self._server.stop(self.settings.drain_grace_seconds)
        if self._switchboard is not None:
            self._switchboard.registries.pop(self.name, None)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._gate.idle(), self.settings.drain_grace_seconds)
        await self.close()
        log.info("service_stopped")

    async def close(self) -> None:
        """Closes what was opened, latest first, whatever each of them says."""
        for channel in self._channels.values():
            await channel.close()
        for closer in reversed(self._closers):
            with contextlib.suppress(Exception):
                await closer()
        self._closers.clear()

    @property
    def port(self) -> int:
        """The gRPC port in use; 0 without sockets."""
        return self._server.port if self._server is not None else 0


def _service_name(adder: Adder) -> str:
    """The full gRPC name of the service that a generated `add_…_to_server` function adds."""
    names: list[str] = []

    class Probe:
        def __getattr__(self, _: str) -> Callable[..., None]:
            return lambda *_: None

        def add_generic_rpc_handlers(self, _: Any) -> None: ...

        def add_registered_method_handlers(self, name: str, _: Any) -> None:
            names.append(name)

    adder(Probe(), Probe())  # type: ignore[arg-type]
    return names[0]
