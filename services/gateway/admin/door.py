"""Who calls the admin API, how often, and how refusals are told: problem+json (RFC 9457)."""

import math
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from mesh.errors import Busy, Conflict, DomainError, Down, Invalid, NotAllowed, NotFound, Unauthenticated
from mesh.telemetry import get_logger
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from services.gateway.admin.models import Problem
from services.gateway.limits import Limits, Tier
from services.gateway.staff.access import Access
from services.gateway.staff.domain.grant import not_signed_in
from services.gateway.staff.domain.user import Person

_STATUS: tuple[tuple[type[DomainError], int], ...] = (
    (Invalid, 400),
    (Unauthenticated, 401),
    (NotAllowed, 403),
    (NotFound, 404),
    (Conflict, 409),
    (Busy, 429),
    (Down, 503),
)
_REASONS = {404: "RECORD_NOT_FOUND", 405: "INVALID_ARGUMENT"}
PROBLEMS = {status: {"model": Problem} for status in (400, 401, 403, 404, 409, 429, 503)}
bearer = HTTPBearer(auto_error=False, description="An access token of `POST /tokens`.")
log = get_logger(__name__)


class Door:
    """Lets in whoever has a token and is not too fast."""

    def __init__(self, *, access: Access, limits: Limits) -> None:
        self._access = access
        self._limits = limits

    async def __call__(self, given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> Person:
        """The caller. Raises Unauthenticated, Busy."""
        if given is None:
            raise not_signed_in()
        person = await self._access.authenticate(given.credentials)
        wait = await self._limits.admit(Tier.API, person.user.user_id)
        if wait > 0:
            raise Busy("RATE_LIMITED", "too many calls", retry_after=wait)
        return person


def tell_problems(app: FastAPI) -> None:
    """Every refusal of the application is a Problem."""
    app.add_exception_handler(DomainError, _refused)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _unrouted)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, DomainError)
    status = next((status for family, status in _STATUS if isinstance(error, family)), 409)
    log.info("admin_refused", path=request.url.path, reason=error.reason)
    headers = {"Retry-After": str(math.ceil(error.retry_after))} if isinstance(error, Busy) else {}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    fields = dict(error.fields) if isinstance(error, Invalid) else {}
    return _problem(status, error.reason, error.message, fields, headers)


async def _malformed(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, RequestValidationError)
    fields = {".".join(map(str, fault["loc"])): str(fault["msg"]) for fault in error.errors()}
    return _problem(400, "INVALID_ARGUMENT", "the request is malformed", fields)


async def _unrouted(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, HTTPException)
    reason = _REASONS.get(error.status_code, "INVALID_ARGUMENT")
    return _problem(error.status_code, reason, str(error.detail), {}, dict(error.headers or {}))


def _problem(
    status: int, reason: str, title: str, fields: dict[str, str], headers: dict[str, str] | None = None
) -> Response:
    problem = Problem(title=title, status=status, reason=reason, fields=fields)
    content = {"type": "about:blank", **problem.model_dump()}
    return JSONResponse(
        content,
        status_code=status,
        media_type="application/problem+json",
        headers={"Cache-Control": "no-store", **(headers or {})},
    )
