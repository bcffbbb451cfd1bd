"""What the sandbox keeps, and what it needs to keep it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.gateway.domain.message import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One message that would have left: `words` are what the guest would read, `payload` the call's JSON text."""

    channel: Channel
    channel_message_id: str
    account: str
    recipient: str
    words: str
    payload: str
    create_time: datetime
    sequence: int = 0


class SandboxLog(Protocol):
    """Where recorded messages are kept."""

    async def add(self, message: Recorded) -> None:
        """Keeps one; its sequence is given to it here."""

    async def list(self, *, channel: str | None, recipient: str | None, after: int, limit: int) -> tuple[Recorded, ...]:
        """Messages with a sequence above `after`, oldest first; of every channel and to everybody where None."""
