"""Grafana dashboards, in the order in which somebody who was woken looks at them."""

from deploy.observability.dashboards import business, channels, nlp, overview, pms, services
from deploy.observability.dashboards.panel import Dashboard, Panel, Query, build

DASHBOARDS: tuple[Dashboard, ...] = (
    overview.DASHBOARD,
    services.DASHBOARD,
    business.DASHBOARD,
    pms.DASHBOARD,
    channels.DASHBOARD,
    nlp.DASHBOARD,
)

__all__ = ["DASHBOARDS", "Dashboard", "Panel", "Query", "build"]
