"""Puts the admin API together: an application of its own, with its own OpenAPI document at /admin/v1/openapi.json."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from mesh import __version__
from mesh.runtime import Runtime
from mesh.store.postgres import Pool
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import BaseRoute, Mount

from services.gateway.admin import accounts, conversations, hotel, wording
from services.gateway.admin.door import Door, tell_problems
from services.gateway.admin.operations import operation_routes
from services.gateway.limits import Limits
from services.gateway.settings import Settings
from services.gateway.staff.adapters.operations import PostgresOperations
from services.gateway.staff.compose import Staff
from services.gateway.staff.flags_file import FlagsFile

PATH = "/admin/v1"


def compose(runtime: Runtime, settings: Settings, staff: Staff, *, pool: Pool, limits: Limits) -> list[BaseRoute]:
    """Its one route."""
    app = FastAPI(
        title="Agente Hotelero: admin API",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    tell_problems(app)
    if settings.allowed_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.allowed_origins,
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["authorization", "content-type", "idempotency-key"],
        )
    door = Door(access=staff.access, limits=limits)
    state = PostgresOperations(pool=pool, open_channels=[channel.value for channel in settings.open_channels])
    app.include_router(accounts.routes(staff, door, runtime.clock))
    app.include_router(hotel.hotel_routes(staff, door))
    app.include_router(conversations.conversation_routes(staff, door))
    app.include_router(wording.flag_routes(staff, door, file=FlagsFile(settings.flags_file)))
    app.include_router(wording.wording_routes(staff, door))
    app.include_router(operation_routes(staff, door, operations=state, clock=runtime.clock))
    _describe(app)
    return [Mount(PATH, app=app)]


def _describe(app: FastAPI) -> None:
    """The document as it is sent: refusals are problem+json, and malformed requests are 400 like all of them."""
    document = get_openapi(title=app.title, version=app.version, routes=app.routes, servers=[{"url": PATH}])
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["responses"].pop("422", None)
            for status, response in operation["responses"].items():
                if status.startswith(("4", "5")):
                    response["content"] = {"application/problem+json": response["content"]["application/json"]}
    app.openapi = lambda: document  # type: ignore[method-assign]
