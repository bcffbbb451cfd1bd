"""How a call to QloApps can fail, and what is then known about it."""

from __future__ import annotations

from mesh.errors import Busy, Down


class Unreachable(Down):
    """QloApps does not answer, or not in a way that can be used. Nothing was written."""

    def __init__(self, message: str, **metadata: object) -> None:
        super().__init__("PMS_UNAVAILABLE", message, **metadata)


class KeyRefused(Down):
    """QloApps does not accept our key, or not for this. Nothing was written; asking again does not help."""

    def __init__(self, message: str, **metadata: object) -> None:
        super().__init__("PMS_AUTH", message, **metadata)


class AskedTooOften(Busy):
    """QloApps (or our own limit before it) says: later. Nothing was written."""

    def __init__(self, retry_after: float) -> None:
        super().__init__("PMS_RATE_LIMITED", "QloApps asks us to slow down", retry_after=retry_after)


class UnknownOutcome(Down):
    """A write was sent and it is not known whether it was made. Must be looked up, never simply repeated.

    `finished`: QloApps has answered, so what was not made by now will not be made any more.
    """

    def __init__(self, message: str, *, finished: bool = False) -> None:
        super().__init__("PMS_UNKNOWN_OUTCOME", message)
        self.finished = finished


class Rejected(Exception):
    """QloApps understood and said no. `messages` are its English words, for logs and for telling refusals apart."""

    def __init__(self, status: int, messages: tuple[str, ...]) -> None:
        super().__init__("; ".join(messages) or f"status {status}")
        self.status = status
        self.messages = messages

    @property
    def sold_out(self) -> bool:
        """True when rooms were not available; POST says it with a full stop and PUT without."""
        return any("not available" in message for message in self.messages)
