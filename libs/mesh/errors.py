"""The six ways in which a call can fail, for domain code and callers alike.

Pure: `mesh.status` turns them into gRPC statuses and back, so a caller catches `Refused`, never `AioRpcError`.
"""

from __future__ import annotations

from collections.abc import Mapping


class DomainError(Exception):
    """A failure with a reason that clients branch on.

    `reason` is a name of the contracts' `ErrorReason` without its prefix; `message` is English for logs and developers,
    never for guests; `metadata` carries what a client needs to react, as strings.
    """

    def __init__(self, reason: str, message: str, **metadata: object) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.metadata: Mapping[str, str] = {key: str(value) for key, value in metadata.items()}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.reason})"


class Invalid(DomainError):
    """The request is malformed. `fields` maps field paths to what is wrong with them."""

    def __init__(
        self,
        message: str,
        *,
        reason: str = "INVALID_ARGUMENT",
        fields: Mapping[str, str] | None = None,
        **metadata: object,
    ) -> None:
        super().__init__(reason, message, **metadata)
        self.fields: Mapping[str, str] = dict(fields or {})


class NotFound(DomainError):
    """What was named does not exist, or the caller may not know of it."""


class Conflict(DomainError):
    """A race was lost: read again, decide again, write again."""


class Refused(DomainError):
    """The request is well formed and the rules say no."""


class Busy(DomainError):
    """Too much at once. `retry_after` is in seconds."""

    def __init__(self, reason: str, message: str, *, retry_after: float = 1.0, **metadata: object) -> None:
        super().__init__(reason, message, **metadata)
        self.retry_after = retry_after


class Down(DomainError):
    """Something we depend on does not answer; writes may be repeated with the same request id."""


# Refinements: still one of the six to whoever catches them, with a gRPC code of their own.


class NotInstalled(Refused):
    """This installation does not have what was asked for (an optional extra, a flag that is off)."""


class Unauthenticated(Refused):
    """The caller did not prove who it is."""


class NotAllowed(Refused):
    """The caller is known and may not do this."""


class DeadlineExceeded(Down):
    """The time the caller gave is over, or too little of it was left to begin."""

    def __init__(self, message: str, **metadata: object) -> None:
        super().__init__("DEADLINE_EXCEEDED", message, **metadata)


class Fault(Down):
    """A bug of the callee's. `metadata["error_id"]` finds it in the logs; nothing else is told."""
