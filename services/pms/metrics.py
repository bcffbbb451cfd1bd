"""What the pms service measures."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from mesh.errors import DomainError, Down
from prometheus_client import Counter, Gauge, Histogram

OPERATIONS = Counter("pms_operations_total", "Operations on the system of record.", ["operation", "status"])
RESPONSE_TIME = Histogram("pms_response_time_seconds", "How long the system of record took.", ["operation"])
RESERVATIONS_CREATED = Counter("reservations_created_total", "Reservations made.", ["room_type"])
HOLDS_ENDED = Counter("hotel_pms_holds_expired_total", "Holds that ran out and were swept.")
OVERSELLS_PREVENTED = Counter("oversell_detected_total", "Writes that only a constraint kept from overselling.")
WATCHERS = Gauge("hotel_pms_watchers_open", "Open WatchReservations streams.")
HOLDS_OPEN = Gauge("hotel_pms_holds_open", "Holds that keep rooms off sale, of all replicas, as last counted.")
LOCK_WAIT = Histogram(
    "hotel_pms_night_lock_wait_seconds",
    "How long a write waited for its nights in our own books.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4),
)
NIGHT_READS = Counter("hotel_pms_night_reads_total", "Looks at the nights of our own books.", ["source"])
NIGHTS_MOVED = Counter("hotel_pms_nights_priced_by_demand_total", "Nights told at another price than the list's.")
PROPERTY_READS = Counter("hotel_pms_property_reads_total", "Reads of hotel information.", ["source"])


@contextmanager
def measured(operation: str) -> Iterator[None]:
    """Counts and times one operation. A refusal is an answer (`refused`), not an error."""
    status, started = "ok", time.perf_counter()
    try:
        yield
    except Down:
        status = "down"
        raise
    except DomainError:
        status = "refused"
        raise
    except BaseException:
        status = "error"
        raise
    finally:
        RESPONSE_TIME.labels(operation).observe(time.perf_counter() - started)
        OPERATIONS.labels(operation, status).inc()
