"""Is the hotel answering its guests?"""

from deploy.observability.dashboards.panel import Dashboard, Panel, Query, percentile
from deploy.observability.slos import OBJECTIVES

_TITLES = {"availability": "Availability", "latency": "Turns over 500 ms", "errors": "Errors", "pms": "PMS failures"}


def _budget(name: str, budget: float, title: str) -> Panel:
    return Panel(
        title=_TITLES[name],
        description=f"{title}. Share that was not, over 6 hours; the limit is the month's budget.",
        unit="percentunit",
        queries=(Query(f"slo:{name}:bad_ratio_6h", "6 hours"),),
        kind="number",
        limit=budget,
        width=6,
    )


DASHBOARD = Dashboard(
    uid="overview",
    title="Agente Hotelero / Overview",
    description="Whether guests are answered, how soon, and what stands in the way.",
    rows=(
        ("Objectives", tuple(_budget(one.name, one.budget, one.title) for one in OBJECTIVES)),
        (
            "Guests",
            (
                Panel(
                    title="Turns",
                    description="Guests' turns settled, by how they ended.",
                    unit="cps",
                    queries=(Query("sum by (outcome) (rate(hotel_gateway_turns_total[5m]))", "{{outcome}}"),),
                ),
                Panel(
                    title="Time of a turn",
                    description="From claim to stored answer: 50, 95 and 99 of a hundred turns take at most so long.",
                    unit="s",
                    queries=tuple(
                        Query(
                            percentile("hotel_gateway_turn_seconds", quantile=quantile),
                            f"p{int(quantile * 100)}",
                            exemplar=True,
                        )
                        for quantile in (0.5, 0.95, 0.99)
                    ),
                    limit=0.5,
                ),
                Panel(
                    title="Waiting conversations",
                    description="Seconds by which the longest waiting conversation is overdue. Replicas tell the same.",
                    unit="s",
                    queries=(Query("max(hotel_gateway_inbox_lag_seconds)", "overdue"),),
                    limit=10,
                ),
                Panel(
                    title="Dead letters",
                    description="Turns and messages that were put aside after their last try.",
                    unit="short",
                    queries=(
                        Query("max(hotel_gateway_inbox_parked_turns)", "turns"),
                        Query('max(hotel_gateway_outbox_messages{state="failed"})', "messages"),
                    ),
                    limit=1,
                ),
                Panel(
                    title="Conversations",
                    description="Sessions going on. Replicas tell the same.",
                    unit="short",
                    queries=(Query("max(active_sessions_count)", "sessions"),),
                ),
                Panel(
                    title="HTTP answers",
                    description="Answers of the gateway by status.",
                    unit="reqps",
                    queries=(Query("sum by (status) (rate(http_requests_total[5m]))", "{{status}}"),),
                ),
            ),
        ),
        (
            "Mesh",
            (
                Panel(
                    title="Replicas ready",
                    description="Replicas of each service that take calls.",
                    unit="short",
                    queries=(Query("sum by (service) (mesh_ready)", "{{service}}"),),
                ),
                Panel(
                    title="Errors by service",
                    description="Share of calls that failed by the service's own fault.",
                    unit="percentunit",
                    queries=(Query("mesh:rpc_errors:ratio5m", "{{service}}"),),
                    limit=0.01,
                ),
                Panel(
                    title="Circuit breakers",
                    description="0 closed, 1 half-open, 2 open.",
                    unit="short",
                    queries=(Query("max by (service) (circuit_breaker_state)", "{{service}}"),),
                    limit=2,
                ),
            ),
        ),
    ),
)
