"""Liveness and readiness over HTTP, as load balancers and people read them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from mesh import __version__
from mesh.clock import Clock
from mesh.health import Health
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from services.gateway.limits import Limits, Tier
from services.gateway.metrics import HEALTH_CHECKS, HEALTH_SUCCESSES

# Told, never a reason to be unready: with the orchestrator away webhooks are still stored.
Informative = Callable[[], Awaitable[str]]


class HealthPage:
    """`/health/live` and `/health/ready`. `informative` are shown beside the dependencies and decide nothing."""

    def __init__(self, *, health: Health, informative: dict[str, Informative], limits: Limits, clock: Clock) -> None:
        self._limits = limits
        self._health = health
        self._informative = informative
        self._clock = clock

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/health/live", self._limits.guarded(Tier.HEALTH, self.live), methods=["GET"]),
            Route("/health/ready", self._limits.guarded(Tier.HEALTH, self.ready), methods=["GET"]),
        ]

    async def live(self, request: Request) -> Response:
        del request
        return self._answer("live", True, {"status": "alive", "time": self._clock.now().isoformat()})

    async def ready(self, request: Request) -> Response:
        del request
        checks = self._health.report()
        checks |= {name: await ask() for name, ask in self._informative.items()}
        ready = self._health.ready
        failed = sorted(name for name, state in checks.items() if state != "ok")
        body: dict[str, object] = {
            "status": "ready" if ready else "not ready",
            "time": self._clock.now().isoformat(),
            "version": __version__,
            "checks": checks,
            "failed": failed,
        }
        return self._answer("ready", ready, body)

    def _answer(self, check: str, good: bool, body: dict[str, object]) -> Response:
        HEALTH_CHECKS.labels(check).inc()
        if good:
            HEALTH_SUCCESSES.labels(check).inc()
        return JSONResponse(body, status_code=200 if good else 503, headers={"Cache-Control": "no-store"})
