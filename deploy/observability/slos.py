"""The service level objectives, and the recording and alerting rules that follow from them.

Each objective is a share of bad events among all events. Alerts fire on the rate at which a month's budget of bad
events is used up, over a long and a short window at once: the long one so that a blip wakes nobody, the short one so
that the alert ends soon after the trouble does (Site Reliability Workbook, chapter 5).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Rule = dict[str, Any]

WINDOWS = ("5m", "30m", "1h", "2h", "6h", "1d", "3d")
SERVER_FAULTS = "UNKNOWN|DEADLINE_EXCEEDED|UNIMPLEMENTED|INTERNAL|UNAVAILABLE|DATA_LOSS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """`bad` and `all` are PromQL counters with {window} for the range; the budget is what may be bad, of 1."""

    name: str
    title: str
    target: str
    budget: float
    bad: str
    all: str


OBJECTIVES = (
    Objective(
        name="availability",
        title="Webhooks, chat and API calls over HTTP that are answered without a fault of ours",
        target="99.9 %",
        budget=0.001,
        bad='sum(rate(http_requests_total{{status=~"5.."}}[{window}])) or vector(0)',
        all="sum(rate(http_requests_total[{window}]))",
    ),
    Objective(
        name="latency",
        title="Turns (a guest's words understood, answered and stored) that take at most 500 ms",
        target="95 % (p95 ≤ 500 ms)",
        budget=0.05,
        bad=(
            "sum(rate(hotel_gateway_turn_seconds_count[{window}]))"
            ' - sum(rate(hotel_gateway_turn_seconds_bucket{{le="0.5"}}[{window}]))'
        ),
        all="sum(rate(hotel_gateway_turn_seconds_count[{window}]))",
    ),
    Objective(
        name="errors",
        title="Calls between the services that do not fail by the callee's fault",
        target="99.9 % (error rate ≤ 0.1 %)",
        budget=0.001,
        bad=f'sum(rate(rpc_server_requests_total{{{{code=~"{SERVER_FAULTS}"}}}}[{{window}}])) or vector(0)',
        all="sum(rate(rpc_server_requests_total[{window}]))",
    ),
    Objective(
        name="pms",
        title="Operations on the system of record that it answers, be it with a refusal",
        target="99.5 %",
        budget=0.005,
        bad='sum(rate(pms_operations_total{{status=~"down|error"}}[{window}])) or vector(0)',
        all="sum(rate(pms_operations_total[{window}]))",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Burn:
    """How fast a budget of 30 days may go: `factor` 1 is exactly in 30 days."""

    factor: float
    long: str
    short: str
    severity: str
    pending: str


BURNS = (
    Burn(factor=14.4, long="1h", short="5m", severity="critical", pending="2m"),
    Burn(factor=6, long="6h", short="30m", severity="critical", pending="15m"),
    Burn(factor=3, long="1d", short="2h", severity="warning", pending="1h"),
    Burn(factor=1, long="3d", short="6h", severity="warning", pending="3h"),
)


def groups() -> list[dict[str, Any]]:
    """The rule groups, as Prometheus reads them."""
    found = []
    for objective in OBJECTIVES:
        rules = [*_recorded(objective), *_alerts(objective)]
        found.append({"name": f"slo-{objective.name}", "interval": "30s", "rules": rules})
    return found


def _series(objective: Objective, window: str) -> str:
    return f"slo:{objective.name}:bad_ratio_{window}"


def _recorded(objective: Objective) -> Iterator[Rule]:
    for window in WINDOWS:
        bad, all_ = objective.bad.format(window=window), objective.all.format(window=window)
        # Without any event there is no ratio, and nothing to be woken for.
        yield {"record": _series(objective, window), "expr": f"({bad}) / ({all_} > 0)"}


def _alerts(objective: Objective) -> Iterator[Rule]:
    name = f"{objective.name.capitalize() if objective.name != 'pms' else 'PMS'}BudgetBurn"
    for burn in BURNS:
        limit = f"{burn.factor * objective.budget:g}"
        yield {
            "alert": name,
            "expr": f"{_series(objective, burn.long)} > {limit} and {_series(objective, burn.short)} > {limit}",
            "for": burn.pending,
            "labels": {"severity": burn.severity, "slo": objective.name, "window": burn.long},
            "annotations": {
                "summary": f"The month's budget of {objective.name} goes {burn.factor:g} times too fast",
                "description": (
                    f"{objective.title}: {objective.target}. Over {burn.long}, "
                    "{{ $value | humanizePercentage }} were not."
                ),
                "runbook_url": f"docs/runbook.md#{name.lower()}",
            },
        }
