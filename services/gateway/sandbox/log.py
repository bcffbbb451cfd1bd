"""What the sandbox keeps, and what it needs to keep it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxMessage:
    """One call that would have gone to Meta; `payload` is its JSON text."""

    sequence: int
    channel_message_id: str
    phone_number_id: str
    recipient: str
    payload: str
    create_time: datetime


class SandboxLog(Protocol):
    """Where recorded calls are kept."""

    async def add(
        self, *, channel_message_id: str, phone_number_id: str, recipient: str, payload: str, now: datetime
    ) -> None:
        """Keeps one call."""

    async def list(self, *, recipient: str | None, after: int, limit: int) -> tuple[SandboxMessage, ...]:
        """Calls with a sequence above `after`, oldest first."""
