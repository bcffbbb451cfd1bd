"""The system of record: the built-in books, and the hotel's own PMS behind them."""

from deploy.observability.dashboards.panel import Dashboard, Panel, Query, percentile

DASHBOARD = Dashboard(
    uid="pms",
    title="Agente Hotelero / PMS",
    description="Whether rooms can be looked for and sold, and what the hotel's own PMS does.",
    rows=(
        (
            "Operations",
            (
                Panel(
                    title="Operations",
                    description="Operations on the system of record, by how they ended. A refusal is an answer.",
                    unit="cps",
                    queries=(Query("sum by (status) (rate(pms_operations_total[5m]))", "{{status}}"),),
                ),
                Panel(
                    title="Time of an operation",
                    description="95 of a hundred take at most this long.",
                    unit="s",
                    queries=(Query(percentile("pms_response_time_seconds", "operation"), "{{operation}}"),),
                ),
                Panel(
                    title="Circuit breaker",
                    description="0 closed, 1 half-open, 2 open: the hotel's PMS is not asked.",
                    unit="short",
                    queries=(Query('max(circuit_breaker_state{service=~"pms.*"})', "breaker"),),
                    limit=2,
                ),
            ),
        ),
        (
            "Books",
            (
                Panel(
                    title="Oversells prevented",
                    description="Writes that only a constraint of the database kept from selling a room twice.",
                    unit="short",
                    queries=(Query("sum(increase(oversell_detected_total[1h]))", "writes"),),
                    limit=1,
                ),
                Panel(
                    title="Waiting for nights",
                    description="95 of a hundred writes wait at most this long for the lock of their nights.",
                    unit="s",
                    queries=(
                        Query(
                            percentile("hotel_pms_night_lock_wait_seconds"),
                            "p95",
                        ),
                    ),
                ),
                Panel(
                    title="Looks at the nights",
                    description="From memory, or from the books.",
                    unit="cps",
                    queries=(Query("sum by (source) (rate(hotel_pms_night_reads_total[5m]))", "{{source}}"),),
                ),
                Panel(
                    title="Reads of hotel information",
                    description="From memory, or from the books.",
                    unit="cps",
                    queries=(Query("sum by (source) (rate(hotel_pms_property_reads_total[5m]))", "{{source}}"),),
                ),
                Panel(
                    title="Watchers",
                    description="Open WatchReservations streams.",
                    unit="short",
                    queries=(Query("sum(hotel_pms_watchers_open)", "streams"),),
                ),
            ),
        ),
        (
            "QloApps",
            (
                Panel(
                    title="Requests",
                    description="Requests to the hotel's own PMS by outcome.",
                    unit="reqps",
                    queries=(Query("sum by (outcome) (rate(hotel_pms_http_seconds_count[5m]))", "{{outcome}}"),),
                ),
                Panel(
                    title="Time of a request",
                    description="95 of a hundred take at most this long.",
                    unit="s",
                    queries=(Query(percentile("hotel_pms_http_seconds", "resource"), "{{resource}}"),),
                ),
                Panel(
                    title="Cache",
                    description="Reads through the cache, by the layer that had it.",
                    unit="cps",
                    queries=(Query("sum by (layer) (rate(hotel_pms_cache_reads_total[5m]))", "{{layer}}"),),
                ),
                Panel(
                    title="Unknown outcomes",
                    description="Writes of which we did not learn whether they were made, by what became of them.",
                    unit="short",
                    queries=(
                        Query("sum by (resolution) (increase(hotel_pms_unknown_outcomes_total[1h]))", "{{resolution}}"),
                    ),
                    limit=1,
                ),
                Panel(
                    title="Taken back",
                    description="Writes taken back since they were not good; bookings at another price than quoted.",
                    unit="short",
                    queries=(
                        Query("sum by (why) (increase(hotel_pms_compensations_total[1h]))", "{{why}}"),
                        Query("sum(increase(hotel_pms_price_differences_total[1h]))", "price differs"),
                    ),
                    limit=1,
                ),
                Panel(
                    title="Waiting for a hotel's write lock",
                    description="95 of a hundred wait at most this long.",
                    unit="s",
                    queries=(Query(percentile("hotel_pms_lock_wait_seconds", "keeper"), "{{keeper}}"),),
                ),
            ),
        ),
    ),
)
