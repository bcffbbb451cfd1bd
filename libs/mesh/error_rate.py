"""`error_rate_by_service`: the share of a service's answers of the last minute that failed by our own fault.

Each replica tells its own. Alerts count over `rpc_server_requests_total` and `http_requests_total`, which lose nothing
between two scrapes; this gauge is for people who look at one number.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from prometheus_client import Gauge

WINDOW_SECONDS = 60.0
_SLICE_SECONDS = 5.0

RATE = Gauge("error_rate_by_service", "Share of the last minute's answers that failed by our fault.", ["service"])


class RecentAnswers:
    """Counts answers in slices of five seconds and forgets those that are older than a minute."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._slices: deque[list[float]] = deque()  # [begin, answers, faults]

    def count(self, *, fault: bool) -> None:
        now = self._monotonic()
        if not self._slices or now - self._slices[-1][0] >= _SLICE_SECONDS:
            self._forget(now)
            self._slices.append([now, 0, 0])
        self._slices[-1][1] += 1
        self._slices[-1][2] += fault

    def rate(self) -> float:
        """0 … 1; 0 when there was no answer at all. Changes nothing: the metrics page is served by another thread."""
        now = self._monotonic()
        recent = [one for one in tuple(self._slices) if now - one[0] < WINDOW_SECONDS]
        answers = sum(one[1] for one in recent)
        return sum(one[2] for one in recent) / answers if answers else 0.0

    def _forget(self, now: float) -> None:
        while self._slices and now - self._slices[0][0] >= WINDOW_SECONDS:
            self._slices.popleft()


_BY_SERVICE: dict[str, RecentAnswers] = {}


def answered(service: str, *, fault: bool) -> None:
    """Counts one answer of a service of this process."""
    recent = _BY_SERVICE.get(service)
    if recent is None:
        recent = _BY_SERVICE[service] = RecentAnswers()
        RATE.labels(service).set_function(recent.rate)
    recent.count(fault=fault)
