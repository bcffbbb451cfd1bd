"""Deadlines go along with calls: a callee never has longer than its caller has left.

grpc.aio does not propagate them. The server's half keeps the end of the present call in a context variable; the
client's half gives each outgoing call the lesser of its own limit and what is left, less a margin for the way back.
"""

from __future__ import annotations

import asyncio
import time
from contextvars import ContextVar
from typing import Any

from mesh.errors import DeadlineExceeded
from mesh.interception import Call, Layer, Proceed
from mesh.telemetry import get_logger

# For the answer's way back, so that the callee gives up before its caller does.
MARGIN_SECONDS = 0.050
# Less than this is not worth beginning.
LEAST_SECONDS = 0.005

_END: ContextVar[float | None] = ContextVar("mesh_deadline", default=None)
log = get_logger(__name__)


def remaining() -> float | None:
    """Seconds left of the present call; None outside a call or in one without end."""
    end = _END.get()
    return None if end is None else end - time.monotonic()


def shaved(limit: float) -> float:
    """What an outgoing call may take: `limit` seconds or what is left. Raises DeadlineExceeded when that is nothing."""
    left = remaining()
    if left is None:
        return limit
    budget = min(limit, left - MARGIN_SECONDS)
    if budget < LEAST_SECONDS:
        raise DeadlineExceeded("too little time is left to begin another call")
    return budget


def serving(default_seconds: float) -> Layer:
    """The server's half, innermost in the chain. Calls that come without a deadline get the default and a warning."""

    async def layer(call: Call, proceed: Proceed) -> Any:
        left = call.context.time_remaining()
        if left is None and call.streaming:
            return await proceed()  # a watch has no end by design
        if left is not None and left < LEAST_SECONDS:
            raise DeadlineExceeded("the deadline was over on arrival")
        if left is None:
            log.warning("call_without_deadline", method=call.path, default_seconds=default_seconds)
        budget = default_seconds if left is None else left
        token = _END.set(time.monotonic() + budget)
        limit = asyncio.timeout(budget)
        try:
            async with limit:
                return await proceed()
        except TimeoutError:
            if limit.expired():
                raise DeadlineExceeded("the deadline is over") from None
            raise
        finally:
            _END.reset(token)

    return layer
