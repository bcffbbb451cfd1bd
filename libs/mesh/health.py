"""Readiness with hysteresis, answered by the standard gRPC health service.

Names: "" and each service = ready to work (started, and own hard dependencies answer); "liveness" = the loop turns.
A dependency is down after three failed probes and up after one: a blip must not empty the pool of replicas.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from grpc_health.v1 import health_pb2
from grpc_health.v1.health import aio
from prometheus_client import Gauge

from mesh.telemetry import SERVICE, get_logger

LIVENESS = "liveness"
FAILURES_TO_DOWN = 3
PROBE_INTERVAL_SECONDS = 2.0
PROBE_TIMEOUT_SECONDS = 2.5

UP = Gauge("mesh_dependency_up", "1 while a dependency answers its probe.", ["service", "dependency"])
READY = Gauge("mesh_ready", "1 while the service tells its callers that it is ready.", ["service"])

Probe = Callable[[], Awaitable[object]]
log = get_logger(__name__)


@dataclass(slots=True)
class Dependency:
    """Something a service needs: hard ones decide readiness, soft ones are only shown."""

    name: str
    probe: Probe
    hard: bool
    failures: int = 0
    fault: str = "not probed yet"

    @property
    def up(self) -> bool:
        return self.failures < FAILURES_TO_DOWN and self.fault != "not probed yet"


class Health:
    """Keeps the health service's answers true."""

    def __init__(self, service: str) -> None:
        self.servicer = aio.HealthServicer()
        self._service = service
        self._names: list[str] = [""]
        self._dependencies: list[Dependency] = []
        self._started = False
        self._draining = False

    def depend_on(self, name: str, probe: Probe, *, hard: bool) -> None:
        self._dependencies.append(Dependency(name, probe, hard))

    @property
    def ready(self) -> bool:
        """Whether callers may send work."""
        return self._started and not self._draining and all(d.up for d in self._dependencies if d.hard)

    def report(self) -> dict[str, str]:
        """Each dependency with `ok` or what is wrong, for the readiness page."""
        return {d.name: "ok" if d.up and not d.failures else d.fault for d in self._dependencies}

    async def start(self, services: Iterable[str]) -> None:
        """Everything is built: probe once, then tell the world."""
        self._names.extend(services)
        await self.servicer.set(LIVENESS, health_pb2.HealthCheckResponse.SERVING)
        await self.probe()
        self._started = True
        await self._publish()

    async def run(self) -> None:
        """Probes for ever."""
        while True:
            await asyncio.sleep(PROBE_INTERVAL_SECONDS)
            await self.probe()
            await self._publish()

    async def drain(self) -> None:
        """Tells callers to go elsewhere; nothing makes it ready again."""
        self._draining = True
        await self._publish()

    async def probe(self) -> None:
        """Asks every dependency once, all together."""
        await asyncio.gather(*(self._probe(dependency) for dependency in self._dependencies))

    async def _probe(self, dependency: Dependency) -> None:
        before = dependency.up
        try:
            async with asyncio.timeout(PROBE_TIMEOUT_SECONDS):
                await dependency.probe()
            dependency.failures, dependency.fault = 0, ""
        except Exception as error:
            # At start there is no good past to fall back on: the first failure counts in full.
            first = dependency.fault == "not probed yet"
            dependency.failures = FAILURES_TO_DOWN if first else min(dependency.failures + 1, FAILURES_TO_DOWN)
            dependency.fault = f"{type(error).__name__}"
        UP.labels(self._service, dependency.name).set(dependency.up)
        if dependency.up != before:
            log.warning("dependency_changed", dependency=dependency.name, up=dependency.up, fault=dependency.fault)

    async def _publish(self) -> None:
        SERVICE.set(self._service)
        response = health_pb2.HealthCheckResponse
        READY.labels(self._service).set(self.ready)
        for name in self._names:
            await self.servicer.set(name, response.SERVING if self.ready else response.NOT_SERVING)
