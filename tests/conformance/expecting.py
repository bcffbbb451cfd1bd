"""What a check says when the service does something else than documented."""

from collections.abc import Awaitable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

import grpc
import grpc.aio
from google.rpc import error_details_pb2, status_pb2

DETAILS_KEY = "grpc-status-details-bin"
ERROR_DOMAIN = "hotel"


class NotAsDocumentedError(Exception):
    """The service did something else than its contract says."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error as the contract has it: a code, a reason, and what a client needs to react."""

    code: grpc.StatusCode
    reason: str
    domain: str
    metadata: dict[str, str] = field(default_factory=dict)
    fields: frozenset[str] = frozenset()
    retry_info: bool = False


def expect(holds: bool, otherwise: str) -> None:
    """Raises NotAsDocumentedError with `otherwise` unless it holds."""
    if not holds:
        raise NotAsDocumentedError(otherwise)


def expect_equal(found: object, documented: object, what: str) -> None:
    """Raises NotAsDocumentedError unless both are equal."""
    expect(found == documented, f"{what} is {_short(found)}, should be {_short(documented)}")


async def expect_refused(
    call: Awaitable[Any], code: grpc.StatusCode, *reasons: str, field: str = "", metadata: str = ""
) -> Refusal:
    """The refusal of a call that must fail with this code and one of these reasons, in the contract's error format.

    `field`: a path that BadRequest must name; `metadata`: a key that ErrorInfo must carry.
    """
    try:
        await call
    except grpc.aio.AioRpcError as error:
        refusal = refusal_of(error)
    else:
        raise NotAsDocumentedError(f"succeeded, should be {code.name} {' or '.join(reasons)}")
    expect_equal(refusal.code.name, code.name, f"the code of {refusal.reason or 'the refusal'}")
    expect(refusal.reason in reasons, f"the reason is {refusal.reason!r}, should be {' or '.join(reasons)}")
    expect_equal(refusal.domain, ERROR_DOMAIN, "the domain of ErrorInfo")
    if field:
        expect(field in refusal.fields, f"BadRequest names {sorted(refusal.fields)}, should name {field}")
    if metadata:
        expect(metadata in refusal.metadata, f"ErrorInfo has no metadata {metadata!r}")
    return refusal


async def expect_each_refused(
    calls: Sequence[Coroutine[Any, Any, Any]], code: grpc.StatusCode, *reasons: str, **details: str
) -> None:
    """The same of several calls; once one is not refused the others are not made."""
    try:
        for call in calls:
            await expect_refused(call, code, *reasons, **details)
    finally:
        for call in calls:
            call.close()


def refusal_of(error: grpc.aio.AioRpcError) -> Refusal:
    """What the status details say; raises NotAsDocumentedError when there are none."""
    raw = next((value for key, value in error.trailing_metadata() or () if key == DETAILS_KEY), None)
    if raw is None:
        raise NotAsDocumentedError(f"{error.code().name} came without status details: {error.details()}")
    info, bad, retry = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest(), error_details_pb2.RetryInfo()
    status = status_pb2.Status.FromString(raw)
    found_retry = False
    for detail in status.details:
        found_retry = detail.Unpack(retry) or found_retry
        _ = detail.Unpack(info) or detail.Unpack(bad)
    expect_equal(status.code, error.code().value[0], "the code inside the status details")
    return Refusal(
        code=error.code(),
        reason=info.reason,
        domain=info.domain,
        metadata=dict(info.metadata),
        fields=frozenset(violation.field for violation in bad.field_violations),
        retry_info=found_retry,
    )


def _short(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= 200 else f"{text[:200]}…"
