"""What the adapter measures beside what the desk does."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

PMS_HTTP_SECONDS = Histogram(
    "hotel_pms_http_seconds", "Requests to the hotel's own PMS.", ["method", "resource", "outcome"]
)
CACHE_READS = Counter("hotel_pms_cache_reads_total", "Reads through the cache.", ["kind", "layer"])
LOCK_WAIT = Histogram("hotel_pms_lock_wait_seconds", "Waiting for a hotel's write lock.", ["keeper"])
UNKNOWN_OUTCOMES = Counter("hotel_pms_unknown_outcomes_total", "Writes of unknown outcome.", ["resolution"])
COMPENSATIONS = Counter("hotel_pms_compensations_total", "Writes taken back because they were not good.", ["why"])
PRICE_DIFFERENCES = Counter("hotel_pms_price_differences_total", "Bookings whose total is not what was quoted.")
