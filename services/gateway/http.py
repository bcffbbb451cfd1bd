"""The HTTP surface: webhooks, chat, health, metrics, put together from the parts that own them."""

from __future__ import annotations

from collections.abc import Sequence

from mesh.errors import DomainError
from mesh.telemetry import get_logger
from mesh.values import new_id
from prometheus_client import REGISTRY
from prometheus_client.exposition import choose_encoder
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from services.gateway.http_guard import HttpGuard, families_of

log = get_logger(__name__)


def create_app(*, routes: Sequence[BaseRoute], metrics: bool) -> HttpGuard:
    """The ASGI application. The admin API within it is described at /admin/v1/openapi.json."""
    served = [*routes, Route("/metrics", _metrics, methods=["GET"])] if metrics else routes
    app = Starlette(routes=served, exception_handlers={DomainError: _domain_error, Exception: _fault})
    return HttpGuard(app, families=families_of(route.path for route in app.routes if isinstance(route, Route)))


async def _metrics(request: Request) -> Response:
    encode, content_type = choose_encoder(request.headers.get("accept", ""))
    return Response(encode(REGISTRY), media_type=content_type)


async def _domain_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, DomainError)
    log.warning("http_request_failed", path=request.url.path, reason=error.reason)
    return JSONResponse({"error": error.reason.lower()}, status_code=503, headers={"Retry-After": "5"})


async def _fault(request: Request, error: Exception) -> Response:
    """A fault of ours: the caller gets an id that finds it in the logs, and nothing else."""
    error_id = new_id("err")
    log.error("http_request_raised", path=request.url.path, error_id=error_id, exc_info=error)
    return JSONResponse({"error": "internal", "error_id": error_id}, status_code=500)
