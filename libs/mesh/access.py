"""The access layer of the chain: counts, times and logs every call, refusals included, and sheds load.

Shedding is done here and not by gRPC's own limit: with that one an open health watch takes a place, and the health
check itself is refused when the service is busiest.
"""

from __future__ import annotations

import asyncio
import time
from functools import cache
from typing import Any

from prometheus_client import Counter, Gauge, Histogram

from mesh import tracing
from mesh.error_rate import answered
from mesh.errors import Busy
from mesh.interception import Call, Proceed
from mesh.status import refuse
from mesh.telemetry import SERVICE, get_logger

REQUESTS = Counter("rpc_server_requests_total", "Calls answered, by status.", ["service", "method", "code"])
DURATION = Histogram(
    "rpc_server_duration_seconds",
    "Time from the arrival of a call to its answer.",
    ["service", "method"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
IN_WORK = Gauge("rpc_server_in_work", "Calls in work.", ["service"])
SHED = Counter("rpc_server_shed_total", "Calls refused because too many were in work.", ["service"])

# Looking a label set up costs as much as counting; there are as many as methods that exist.
_requests, _duration, _in_work = cache(REQUESTS.labels), cache(DURATION.labels), cache(IN_WORK.labels)
log = get_logger(__name__)


class Gate:
    """Lets at most `max_concurrent` unary calls in at once; one more is refused with a time to come back."""

    def __init__(self, max_concurrent: int) -> None:
        self._max_concurrent = max_concurrent
        self._in_work = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def idle(self) -> None:
        """Waits until no unary call is in work. Watches do not count: they would never end."""
        await self._idle.wait()

    async def serving(self, call: Call, proceed: Proceed) -> Any:
        """The layer."""
        service, method = SERVICE.get(), call.method
        start = time.perf_counter()
        self._count(service, 0 if call.streaming else 1)
        try:
            if self._in_work > self._max_concurrent and not call.streaming:
                SHED.labels(service).inc()
                await refuse(call, Busy("OVERLOADED", "too many calls in work", retry_after=0.5))
            return await proceed()
        finally:
            self._count(service, 0 if call.streaming else -1)
            seconds = time.perf_counter() - start
            status = call.code()
            code = status.name
            _requests(service, method, code).inc()
            _duration(service, method).observe(seconds, tracing.exemplar())
            answered(service, fault=status in tracing.SERVER_FAULTS)
            log.info("rpc_served", method=method, code=code, ms=round(seconds * 1000, 2))

    def _count(self, service: str, change: int) -> None:
        self._in_work += change
        _in_work(service).set(self._in_work)
        if self._in_work == 0:
            self._idle.set()
        else:
            self._idle.clear()
