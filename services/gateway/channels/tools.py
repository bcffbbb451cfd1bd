"""What the gateway lends a channel when it puts it together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from mesh.store.postgres import Pool

from services.gateway.domain.message import Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelTools:
    """`accept` stores a delivery and wakes the dispatcher; it raises Down when nothing was kept."""

    accept: Callable[[Delivery], Awaitable[None]]
    pool: Pool
