"""Around every HTTP answer: security headers, counting and timing. Pure ASGI, so that streams pass untouched."""

from __future__ import annotations

import time
from collections.abc import Iterable

from mesh.error_rate import answered
from mesh.telemetry import bind
from mesh.values import new_id
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.gateway.metrics import HTTP_REQUESTS, REQUEST_SECONDS

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
}
_RAW_HEADERS = tuple((name.lower().encode(), value.encode()) for name, value in _HEADERS.items())


class HttpGuard:
    """Wraps the application. `families` are the paths that get a label of their own in metrics, with all below them."""

    def __init__(self, app: ASGIApp, *, families: frozenset[str]) -> None:
        self._app = app
        self._families = families

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        bind(correlation_id=new_id("cor"))
        began = time.perf_counter()
        status = 500

        async def guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                given = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(pair for pair in _RAW_HEADERS if pair[0] not in given)]
            await send(message)

        try:
            await self._app(scope, receive, guarded)
        finally:
            HTTP_REQUESTS.labels(str(status)).inc()
            answered("gateway", fault=status >= 500)
            if not scope["path"].endswith("/events"):
                REQUEST_SECONDS.labels(self._family(scope["path"])).observe(time.perf_counter() - began)

    def _family(self, path: str) -> str:
        """Never one label for each address that somebody tries."""
        return next((family for family in _prefixes(path) if family in self._families), "other")


def families_of(paths: Iterable[str]) -> frozenset[str]:
    """The families of an application's paths: their fixed beginning, of at most two parts."""
    return frozenset(_prefixes(path.partition("{")[0].rstrip("/") or "/")[0] for path in paths)


def _prefixes(path: str) -> tuple[str, ...]:
    """The first two parts of a path, then the first: `/health/ready/x` → `/health/ready`, `/health`."""
    parts = path.split("/")
    return tuple("/".join(parts[:count]) or "/" for count in (3, 2) if len(parts) >= count)
