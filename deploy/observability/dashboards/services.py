"""One service: its calls, its dependencies, its process."""

from deploy.observability.dashboards.panel import Dashboard, Panel, Query, percentile

_CHOSEN = 'service=~"$service"'
_REQUESTS = f"rpc_server_requests_total{{{_CHOSEN}}}"


def _percentile(quantile: float) -> Query:
    expr = percentile("rpc_server_duration_seconds", "method", quantile=quantile, where=f"{{{_CHOSEN}}}")
    return Query(expr, f"p{int(quantile * 100)} {{{{method}}}}", exemplar=True)


DASHBOARD = Dashboard(
    uid="services",
    title="Agente Hotelero / Services",
    description="Rate, errors and duration of each service's calls, and the state of its processes.",
    variables=(("service", "rpc_server_requests_total"),),
    rows=(
        (
            "Calls",
            (
                Panel(
                    title="Calls",
                    description="Calls a second by method.",
                    unit="reqps",
                    queries=(Query(f"sum by (method) (rate({_REQUESTS}[5m]))", "{{method}}"),),
                ),
                Panel(
                    title="Answers by status",
                    description="Calls a second by gRPC status; OK left out.",
                    unit="reqps",
                    queries=(
                        Query(
                            f'sum by (code) (rate(rpc_server_requests_total{{{_CHOSEN}, code!="OK"}}[5m]))', "{{code}}"
                        ),
                    ),
                ),
                Panel(
                    title="Duration",
                    description="Half and 95 of a hundred calls take at most this long, by method.",
                    unit="s",
                    queries=(_percentile(0.5), _percentile(0.95)),
                ),
                Panel(
                    title="In work",
                    description="Calls in work; at MAX_CONCURRENT_CALLS further ones are refused.",
                    unit="short",
                    queries=(Query(f"sum by (service) (rpc_server_in_work{{{_CHOSEN}}})", "{{service}}"),),
                ),
                Panel(
                    title="Refused for load",
                    description="Calls a second that were refused because too many were in work.",
                    unit="reqps",
                    queries=(Query(f"sum by (service) (rate(rpc_server_shed_total{{{_CHOSEN}}}[5m]))", "{{service}}"),),
                    limit=0.001,
                ),
                Panel(
                    title="Error rate, last minute",
                    description="As each replica tells it itself.",
                    unit="percentunit",
                    queries=(Query(f"max by (service) (error_rate_by_service{{{_CHOSEN}}})", "{{service}}"),),
                    limit=0.01,
                ),
            ),
        ),
        (
            "Dependencies",
            (
                Panel(
                    title="Dependencies up",
                    description="1 while every replica reaches its dependency.",
                    unit="short",
                    queries=(
                        Query(
                            f"min by (service, dependency) (mesh_dependency_up{{{_CHOSEN}}})",
                            "{{service}} → {{dependency}}",
                        ),
                    ),
                ),
                Panel(
                    title="Connections to Redis",
                    description="Idle ones included; at most 64 for each replica.",
                    unit="short",
                    queries=(Query(f"sum by (service) (redis_connection_pool_size{{{_CHOSEN}}})", "{{service}}"),),
                ),
                Panel(
                    title="Background tasks that fell",
                    description="Tasks that must always run and were begun again.",
                    unit="short",
                    queries=(
                        Query(
                            f"sum by (service, task) (increase(mesh_background_falls_total{{{_CHOSEN}}}[15m]))",
                            "{{service}} {{task}}",
                        ),
                    ),
                    limit=3,
                ),
            ),
        ),
        (
            "Processes",
            (
                Panel(
                    title="Memory",
                    description="Resident memory of each replica.",
                    unit="bytes",
                    queries=(
                        Query('process_resident_memory_bytes{job=~"$service"}', "{{job}} {{instance}}"),
                        Query('max by (job) (mesh_memory_limit_bytes{job=~"$service"}) < Inf', "{{job}} limit"),
                    ),
                ),
                Panel(
                    title="CPU",
                    description="Cores in use by each replica.",
                    unit="short",
                    queries=(Query('rate(process_cpu_seconds_total{job=~"$service"}[5m])', "{{job}} {{instance}}"),),
                ),
                Panel(
                    title="Open files",
                    description="File descriptors, sockets included.",
                    unit="short",
                    queries=(Query('process_open_fds{job=~"$service"}', "{{job}} {{instance}}"),),
                ),
            ),
        ),
    ),
)
