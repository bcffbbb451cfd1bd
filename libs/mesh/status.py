"""Our errors to gRPC statuses and back, in one place: the callee raises `Refused`, the caller catches `Refused`.

An exception that is not one of ours becomes INTERNAL with an error id; its text stays in our logs.
"""

from __future__ import annotations

import asyncio
from typing import Any, NoReturn

import grpc
import grpc.aio
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.message import DecodeError, Message
from google.rpc import error_details_pb2, status_pb2

from mesh.errors import (
    Busy,
    Conflict,
    DeadlineExceeded,
    DomainError,
    Down,
    Fault,
    Invalid,
    NotAllowed,
    NotFound,
    NotInstalled,
    Refused,
    Unauthenticated,
)
from mesh.interception import Call, Proceed
from mesh.telemetry import get_logger
from mesh.values import new_id

ERROR_DOMAIN = "hotel"
DETAILS_KEY = "grpc-status-details-bin"

# The first class that fits; refinements before what they refine.
_CODES: list[tuple[type[DomainError], grpc.StatusCode]] = [
    (NotInstalled, grpc.StatusCode.UNIMPLEMENTED),
    (Unauthenticated, grpc.StatusCode.UNAUTHENTICATED),
    (NotAllowed, grpc.StatusCode.PERMISSION_DENIED),
    (DeadlineExceeded, grpc.StatusCode.DEADLINE_EXCEEDED),
    (Fault, grpc.StatusCode.INTERNAL),
    (Invalid, grpc.StatusCode.INVALID_ARGUMENT),
    (NotFound, grpc.StatusCode.NOT_FOUND),
    (Conflict, grpc.StatusCode.ABORTED),
    (Refused, grpc.StatusCode.FAILED_PRECONDITION),
    (Busy, grpc.StatusCode.RESOURCE_EXHAUSTED),
    (Down, grpc.StatusCode.UNAVAILABLE),
]
_CLASSES: dict[grpc.StatusCode, type[DomainError]] = {code: kind for kind, code in _CODES}
# What a status means when it comes from gRPC itself, without details.
_PLAIN_REASONS = {
    grpc.StatusCode.RESOURCE_EXHAUSTED: "OVERLOADED",
    grpc.StatusCode.UNIMPLEMENTED: "UNIMPLEMENTED",
    grpc.StatusCode.UNAUTHENTICATED: "UNAUTHENTICATED",
    grpc.StatusCode.PERMISSION_DENIED: "CALLER_NOT_ALLOWED",
    grpc.StatusCode.INVALID_ARGUMENT: "INVALID_ARGUMENT",
    grpc.StatusCode.INTERNAL: "INTERNAL",
    grpc.StatusCode.UNKNOWN: "INTERNAL",
}

log = get_logger(__name__)


def code_of(error: DomainError) -> grpc.StatusCode:
    """The gRPC status code of an error."""
    return next(code for kind, code in _CODES if isinstance(error, kind))


def to_status(error: DomainError) -> status_pb2.Status:
    """The rich status: ErrorInfo always, BadRequest and RetryInfo where they apply."""
    details: list[Message] = [
        error_details_pb2.ErrorInfo(reason=error.reason, domain=ERROR_DOMAIN, metadata=error.metadata)
    ]
    if isinstance(error, Invalid) and error.fields:
        violations = [
            error_details_pb2.BadRequest.FieldViolation(field=path, description=why)
            for path, why in error.fields.items()
        ]
        details.append(error_details_pb2.BadRequest(field_violations=violations))
    if isinstance(error, Busy):
        retry = error_details_pb2.RetryInfo()
        retry.retry_delay.FromMilliseconds(int(error.retry_after * 1000))
        details.append(retry)
    return status_pb2.Status(
        code=code_of(error).value[0], message=error.message, details=[_packed(detail) for detail in details]
    )


def from_rpc_error(error: grpc.aio.AioRpcError) -> DomainError:
    """The error that the callee raised, as far as the status tells."""
    code = error.code()
    message = error.details() or code.name
    info, fields, retry_after = _details(error.trailing_metadata())
    reason = info.reason or _PLAIN_REASONS.get(code, "UNAVAILABLE")
    metadata: dict[str, Any] = {
        key: value for key, value in info.metadata.items() if key not in ("message", "reason", "fields", "retry_after")
    }
    match _CLASSES.get(code, Fault if code is grpc.StatusCode.UNKNOWN else Down):
        case kind if kind is Invalid:
            return Invalid(message, reason=reason, fields=fields, **metadata)
        case kind if kind is Busy:
            return Busy(reason, message, retry_after=retry_after or 1.0, **metadata)
        case kind if kind is DeadlineExceeded:
            return DeadlineExceeded(message, **metadata)
        case kind:
            return kind(reason, message, **metadata)


async def serving(call: Call, proceed: Proceed) -> Any:
    """The errors layer of the chain: whatever the handler raises becomes a status, and nothing of it leaks."""
    try:
        return await proceed()
    except (grpc.aio.AbortError, asyncio.CancelledError):
        raise
    except DomainError as error:
        if isinstance(error, Fault):
            log.error("fault_in_callee", method=call.path, error_id=error.metadata.get("error_id", ""))
        await refuse(call, error)
    except Exception as error:
        if isinstance(error, NotImplementedError) and call.code() is grpc.StatusCode.UNIMPLEMENTED:
            # What generated servicers do for a method that ours does not have.
            await refuse(call, NotInstalled("UNIMPLEMENTED", f"{call.path} is not implemented"))
        error_id = new_id("err")
        log.exception("unexpected_error", method=call.path, error_id=error_id, error=type(error).__name__)
        await refuse(call, Fault("INTERNAL", "internal error", error_id=error_id))


async def refuse(call: Call, error: DomainError) -> NoReturn:
    """Ends a call with an error's status.

    Not by `abort_with_status`: the details go as trailing metadata, which every gRPC client reads.
    """
    status = to_status(error)
    await call.context.abort(
        code_of(error), status.message, trailing_metadata=((DETAILS_KEY, status.SerializeToString()),)
    )
    raise AssertionError("abort returned")


def _packed(detail: Message) -> AnyMessage:
    packed = AnyMessage()
    packed.Pack(detail)
    return packed


def _details(trailing: Any) -> tuple[error_details_pb2.ErrorInfo, dict[str, str], float | None]:
    info = error_details_pb2.ErrorInfo()
    request = error_details_pb2.BadRequest()
    retry = error_details_pb2.RetryInfo()
    raw = next((value for key, value in trailing or () if key == DETAILS_KEY), b"")
    try:
        status = status_pb2.Status.FromString(raw)
    except DecodeError:
        return info, {}, None
    for detail in status.details:
        _ = detail.Unpack(info) or detail.Unpack(request) or detail.Unpack(retry)
    fields = {violation.field: violation.description for violation in request.field_violations}
    delay = retry.retry_delay.ToMilliseconds() / 1000 if retry.HasField("retry_delay") else None
    return info, fields, delay
