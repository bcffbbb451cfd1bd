"""Around every HTTP answer: security headers, counting and timing. Pure ASGI, so that streams pass untouched."""

from __future__ import annotations

import time

from mesh.telemetry import bind
from mesh.values import new_id
from starlette.datastructures import MutableHeaders
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
# One label for each family of paths: never one for each address that somebody tries.
_FAMILIES = ("/webhooks/whatsapp", "/webchat", "/health/live", "/health/ready", "/metrics", "/sandbox")


class HttpGuard:
    """Wraps the application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

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
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, guarded)
        finally:
            HTTP_REQUESTS.labels(str(status)).inc()
            if not scope["path"].endswith("/events"):
                REQUEST_SECONDS.labels(_family(scope["path"])).observe(time.perf_counter() - began)


def _family(path: str) -> str:
    if path == "/":
        return "/"
    return next((family for family in _FAMILIES if path == family or path.startswith(f"{family}/")), "other")
