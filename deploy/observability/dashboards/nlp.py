"""How guests are understood."""

from deploy.observability.dashboards.panel import Dashboard, Panel, Query, percentile

DASHBOARD = Dashboard(
    uid="nlp",
    title="Agente Hotelero / Language",
    description="What is understood, how long it takes, and what is remembered of a conversation.",
    rows=(
        (
            "Understanding",
            (
                Panel(
                    title="Intents",
                    description="Intents told a second.",
                    unit="cps",
                    queries=(Query("sum by (intent) (rate(hotel_nlp_intents_total[5m]))", "{{intent}}"),),
                ),
                Panel(
                    title="Time to understand a message",
                    description="95 of a hundred take at most this long, waiting for a thread included.",
                    unit="s",
                    queries=(
                        Query(
                            percentile("hotel_nlp_analyze_seconds", "language"),
                            "{{language}}",
                        ),
                    ),
                ),
                Panel(
                    title="Languages",
                    description="Messages a second by language.",
                    unit="cps",
                    queries=(Query("sum by (language) (rate(hotel_nlp_analyze_seconds_count[5m]))", "{{language}}"),),
                ),
            ),
        ),
        (
            "Remembering",
            (
                Panel(
                    title="Session cache",
                    description="Share of session reads that the cache answered, since the start of each replica.",
                    unit="percentunit",
                    queries=(Query("avg(session_cache_hit_ratio)", "hits"),),
                ),
                Panel(
                    title="Time of the session store",
                    description="95 of a hundred calls take at most this long, stores included.",
                    unit="s",
                    queries=(
                        Query(
                            percentile("session_processing_time_seconds", "operation"),
                            "{{operation}}",
                        ),
                    ),
                ),
                Panel(
                    title="Races",
                    description="Turns done again because the session had changed, and turns that came again.",
                    unit="cps",
                    queries=(
                        Query("sum(rate(hotel_orchestrator_version_conflicts_total[5m]))", "done again"),
                        Query("sum(rate(hotel_session_version_mismatches_total[5m]))", "refused writes"),
                        Query("sum(rate(hotel_session_replayed_turns_total[5m]))", "came again"),
                    ),
                ),
                Panel(
                    title="Orchestrator",
                    description="95 of a hundred turns and events are handled within this time.",
                    unit="s",
                    queries=(
                        Query(
                            percentile("orchestrator_request_duration_seconds", "operation"),
                            "{{operation}}",
                        ),
                    ),
                ),
                Panel(
                    title="Feature flags",
                    description="Flags asked for, by variant.",
                    unit="cps",
                    queries=(
                        Query(
                            "sum by (flag, variant) (rate(mesh_flag_evaluations_total[5m]))", "{{flag}}: {{variant}}"
                        ),
                    ),
                ),
            ),
        ),
    ),
)
