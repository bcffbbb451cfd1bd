"""What the gateway lends a channel when it puts it together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from mesh.store.postgres import Pool

from services.gateway.adapters.sealing import Sealing
from services.gateway.channels.files import Files
from services.gateway.channels.offers import LastOffer
from services.gateway.domain.message import Delivery
from services.gateway.limits import Limits
from services.gateway.ports import Allowance


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelTools:
    """`accept` stores a delivery and wakes the dispatcher; it raises Down when nothing was kept.

    `limits` are for what comes in, `allowance` for the pace of what goes out.
    """

    accept: Callable[[Delivery], Awaitable[None]]
    last_offer: LastOffer
    pool: Pool
    sealing: Sealing
    limits: Limits
    allowance: Allowance
    files: Files
