"""What a dashboard is made of, as data, and how it becomes Grafana's JSON.

Units are Grafana's: s, short, percentunit, reqps, bytes, cps (counts a second).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from grafana_foundation_sdk.builders import common, timeseries
from grafana_foundation_sdk.builders import dashboard as grafana
from grafana_foundation_sdk.builders import prometheus as prometheus_builder
from grafana_foundation_sdk.builders import stat as stat_builder
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.common import BigValueColorMode, LegendDisplayMode, LegendPlacement
from grafana_foundation_sdk.models.dashboard import DataSourceRef, Threshold, ThresholdsMode

DATASOURCE = DataSourceRef(type_val="prometheus", uid="prometheus")
_COLUMNS = 24


@dataclass(frozen=True, slots=True)
class Query:
    """`legend` may name labels: {{service}}. An exemplar leads from a bucket to the trace of one that fell into it."""

    expr: str
    legend: str
    exemplar: bool = False


def percentile(metric: str, *by: str, quantile: float = 0.95, where: str = "") -> str:
    """PromQL: the time that so many of all took at most, over five minutes, for each value of the labels `by`."""
    return f"histogram_quantile({quantile}, sum by ({', '.join((*by, 'le'))}) (rate({metric}_bucket{where}[5m])))"


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """`limit` draws the line between good and bad; `width` is of 24 columns."""

    title: str
    description: str
    unit: str
    queries: tuple[Query, ...]
    kind: Literal["lines", "number"] = "lines"
    limit: float | None = None
    width: int = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    """`variables` are labels to choose by: name → the metric whose values are offered."""

    uid: str
    title: str
    description: str
    rows: tuple[tuple[str, tuple[Panel, ...]], ...]
    variables: tuple[tuple[str, str], ...] = ()


def build(dashboard: Dashboard) -> Any:
    """Grafana's JSON, as plain data."""
    board = (
        grafana.Dashboard(dashboard.title)
        .uid(dashboard.uid)
        .description(dashboard.description)
        .tags(["agente-hotelero"])
        .refresh("15s")
        .time("now-3h", "now")
        .timezone("browser")
        .readonly()
    )
    for name, metric in dashboard.variables:
        board = board.with_variable(
            grafana.QueryVariable(name)
            .datasource(DATASOURCE)
            .query(f"label_values({metric}, {name})")
            .include_all(True)
            .multi(True)
        )
    for title, panels in dashboard.rows:
        board = board.with_row(grafana.Row(title))
        for panel in panels:
            board = board.with_panel(_panel(panel))
    return json.loads(JSONEncoder(sort_keys=True, indent=1).encode(board.build()))


def _panel(panel: Panel) -> timeseries.Panel | stat_builder.Panel:
    built = _lines() if panel.kind == "lines" else _number()
    built = (
        built.title(panel.title)
        .description(panel.description)
        .datasource(DATASOURCE)
        .unit(panel.unit)
        .min(0)
        .span(min(panel.width, _COLUMNS))
        .height(8 if panel.kind == "lines" else 5)
    )
    if panel.limit is not None:
        steps = [Threshold(color="green", value=None), Threshold(color="red", value=panel.limit)]
        built = built.thresholds(grafana.ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(steps))
    for query in panel.queries:
        target = prometheus_builder.Dataquery().expr(query.expr).legend_format(query.legend).exemplar(query.exemplar)
        built = built.with_target(target)
    return built


def _lines() -> timeseries.Panel:
    legend = common.VizLegendOptions().display_mode(LegendDisplayMode.LIST).placement(LegendPlacement.BOTTOM)
    return timeseries.Panel().legend(legend.show_legend(True)).fill_opacity(8).line_width(2)


def _number() -> stat_builder.Panel:
    return stat_builder.Panel().color_mode(BigValueColorMode.VALUE)
