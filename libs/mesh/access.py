"""The access layer of the chain: counts, times and logs every call, refusals included, and sheds load.

Shedding is done here and not by gRPC's own limit: with that one an open health watch takes a place, and the health
check itself is refused when the service is busiest.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from prometheus_client import Counter, Gauge, Histogram

from mesh.errors import Busy
from mesh.interception import Call
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

log = get_logger(__name__)


def serving(max_concurrent: int) -> Callable[[Call], AbstractAsyncContextManager[None]]:
    """At most `max_concurrent` unary calls at once; one more is refused with OVERLOADED and a time to come back."""
    in_work = 0

    @asynccontextmanager
    async def layer(call: Call) -> AsyncIterator[None]:
        nonlocal in_work
        service = SERVICE.get()
        method = call.path.rpartition("/")[2]
        start = time.perf_counter()
        # A watch stays open for hours and costs nothing while it waits.
        counted = not call.streaming
        in_work += counted
        IN_WORK.labels(service).set(in_work)
        try:
            if counted and in_work > max_concurrent:
                SHED.labels(service).inc()
                await refuse(call, Busy("OVERLOADED", "too many calls in work", retry_after=0.5))
            yield
        finally:
            in_work -= counted
            IN_WORK.labels(service).set(in_work)
            seconds = time.perf_counter() - start
            code = call.code().name
            REQUESTS.labels(service, method, code).inc()
            DURATION.labels(service, method).observe(seconds)
            log.info("rpc_served", method=method, code=code, ms=round(seconds * 1000, 2))

    return layer
