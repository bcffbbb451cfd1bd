"""What watches the mesh is whole: rules that fire when they must, dashboards and alerts over metrics that exist."""

import json
import re
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml

from deploy.local.run_folder import REPOSITORY
from deploy.observability import generate
from deploy.observability.dashboards import DASHBOARDS
from deploy.tools.fetch import ToolMissing, tool
from tests.support.code_facts import SERVICES
from tests.support.local_mesh import LocalMesh, local_mesh
from tests.support.running import run_demo

FOLDER = REPOSITORY / "deploy/observability"
RULES = sorted((FOLDER / "prometheus/rules").glob("*.yaml"))
RUNBOOK = REPOSITORY / "docs/runbook.md"
# Metrics of others than our services: whose exporter tells them.
FOREIGN = {
    "up": "Prometheus",
    "probe_ssl_earliest_cert_expiry": "blackbox exporter",
    "certmanager_certificate_expiration_timestamp_seconds": "cert-manager",
    "pg_up": "postgres exporter",
    "pg_stat_activity_count": "postgres exporter",
    "pg_settings_max_connections": "postgres exporter",
    "redis_up": "redis exporter",
    "kube_cronjob_status_last_successful_time": "kube-state-metrics",
}


def _program(name: str) -> Path:
    try:
        return tool(name)
    except ToolMissing as missing:
        pytest.skip(f"{name} CANNOT BE HAD ON THIS MACHINE, so this is not checked: {missing}")


def _run(*command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def scrape() -> Iterator[dict[str, set[str]]]:
    """Metric → its labels, as all services of a running mesh tell them after two guests have booked."""
    with tempfile.TemporaryDirectory(prefix="scrape-") as folder:
        Path(folder).chmod(0o755)
        with local_mesh(Path(folder) / "run") as mesh:
            run_demo(mesh)
            yield _scraped(mesh)


def _scraped(mesh: LocalMesh) -> dict[str, set[str]]:
    ports = [mesh.told["HTTP_PORT"]]
    ports += [mesh.told[f"{name.upper()}_METRICS_PORT"] for name in SERVICES if name != "gateway"]
    found: dict[str, set[str]] = {}
    for port in ports:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
            text = answer.read().decode()
        for line in text.splitlines():
            if match := re.match(r"# TYPE (\w+) (\w+)", line):
                suffixes = ("_bucket", "_sum", "_count") if match[2] == "histogram" else ("",)
                for suffix in suffixes:
                    found.setdefault(match[1] + suffix, set())
            elif match := re.match(r"(\w+)(?:\{(.*)\})? ", line):
                found.setdefault(match[1], set()).update(re.findall(r'(\w+)="', match[2] or ""))
    return found


def _rules() -> Iterator[dict[str, Any]]:
    for path in RULES:
        for group in yaml.safe_load(path.read_text())["groups"]:
            yield from group["rules"]


def _recorded() -> set[str]:
    return {rule["record"] for rule in _rules() if "record" in rule}


def _metrics(expr: str) -> set[str]:
    """Every metric an expression names. Grafana's variables stand for any value."""
    found: set[str] = set()
    _walk(promql_parser.parse(expr.replace("$service", ".*")), found)
    return found


def _walk(node: Any, found: set[str]) -> None:
    if isinstance(node, promql_parser.VectorSelector):
        found.add(str(node.name))
        return
    for name in ("expr", "lhs", "rhs", "vector_selector", "vs", "args", "func_args"):
        child = getattr(node, name, None)
        for one in child if isinstance(child, list) else [child]:
            if one is not None and not isinstance(one, (str, int, float)):
                _walk(one, found)


def _panels(dashboard: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (panel for panel in dashboard["panels"] if panel["type"] != "row")


def _dashboards() -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in sorted((FOLDER / "grafana/dashboards").glob("*.json"))]


def test_what_is_generated_is_what_the_code_says(tmp_path: Path) -> None:
    for path, content in generate.files():
        assert (REPOSITORY / path).read_text() == content, f"{path}: run make dashboards"
    assert len(_dashboards()) == len(DASHBOARDS)


def test_every_metric_of_an_alert_or_a_rule_is_told_by_somebody(scrape: dict[str, set[str]]) -> None:
    known = scrape.keys() | FOREIGN.keys() | _recorded()
    unknown = {
        name: missing for rule in _rules() if (missing := _metrics(rule["expr"]) - known) for name in [str(rule)]
    }
    assert unknown == {}


def test_every_query_of_a_dashboard_names_metrics_that_the_services_tell(scrape: dict[str, set[str]]) -> None:
    known = scrape.keys() | _recorded()
    for dashboard in _dashboards():
        for panel in _panels(dashboard):
            for target in panel["targets"]:
                missing = _metrics(target["expr"]) - known
                assert missing == set(), f"{dashboard['title']}: {panel['title']}"
        for variable in dashboard["templating"].get("list", []):
            metric = re.search(r"label_values\((\w+), (\w+)\)", json.dumps(variable))
            assert metric, variable
            assert metric[2] in scrape[metric[1]]


@pytest.mark.parametrize("dashboard", _dashboards(), ids=lambda dashboard: dashboard["uid"])
def test_every_panel_has_a_unit_a_description_and_a_legend(dashboard: dict[str, Any]) -> None:
    titles = [panel["title"] for panel in _panels(dashboard)]
    assert len(set(titles)) == len(titles)
    for panel in _panels(dashboard):
        assert len(panel["description"]) > 10, panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"], panel["title"]
        assert all(target["legendFormat"] for target in panel["targets"]), panel["title"]


def test_the_names_that_dashboards_of_others_use_are_told(scrape: dict[str, set[str]]) -> None:
    """The metrics and labels of the specification."""
    wanted = {
        "guest_interactions_total": {"channel", "intent"},
        "reservations_created_total": {"room_type"},
        "pms_operations_total": {"operation", "status"},
        "request_duration_seconds_bucket": {"endpoint"},
        "pms_response_time_seconds_bucket": {"operation"},
        "session_processing_time_seconds_bucket": set(),
        "circuit_breaker_state": {"service"},
        "active_sessions_count": set(),
        "redis_connection_pool_size": set(),
        "orchestrator_requests_total": set(),
        "orchestrator_request_duration_seconds_bucket": set(),
        "session_cache_hit_ratio": set(),
        "webhook_processing_time_bucket": set(),
        "error_rate_by_service": {"service"},
        "http_requests_total": {"status"},
        "health_check_total": set(),
        "health_check_success_total": set(),
    }
    missing = {name: labels - scrape.get(name, set()) for name, labels in wanted.items() if name not in scrape}
    assert missing == {}
    assert {name: labels for name, labels in wanted.items() if not labels <= scrape[name]} == {}


def test_no_label_may_have_any_number_of_values(scrape: dict[str, set[str]]) -> None:
    """Labels whose values come from a closed set; a new one has to be looked at and added."""
    closed = {
        "service",
        "method",
        "code",
        "status",
        "channel",
        "intent",
        "kind",
        "reason",
        "operation",
        "endpoint",
        "le",
    }
    closed |= {"room_type", "outcome", "state", "check", "source", "language", "result", "task", "dependency"}
    closed |= {"flag", "variant", "desk", "priority", "template", "generation", "implementation", "major", "minor"}
    closed |= {"version", "patchlevel", "advice", "tier", "signal", "resource", "layer", "keeper", "resolution", "why"}
    closed |= {"held_by", "sign"}
    used = {label for labels in scrape.values() for label in labels}
    assert used - closed == set()


def test_every_alert_has_a_severity_and_a_heading_in_the_runbook() -> None:
    anchors = {
        re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-")
        for heading in re.findall(r"^#+ (.*)$", RUNBOOK.read_text(), re.MULTILINE)
    }
    for rule in _rules():
        if "alert" in rule:
            file, _, anchor = rule["annotations"]["runbook_url"].partition("#")
            assert file == "docs/runbook.md"
            assert anchor in anchors, f"docs/runbook.md has no heading for {rule['alert']}"
            assert rule["labels"]["severity"] in ("critical", "warning", "none")
            assert rule["annotations"]["summary"]
            assert rule["annotations"]["description"]


def test_every_alert_is_tested() -> None:
    tests = "\n".join(path.read_text() for path in (FOLDER / "prometheus/tests").glob("*.yaml"))
    untested = {rule["alert"] for rule in _rules() if "alert" in rule and rule["alert"] not in tests}
    assert untested == set()


def test_rules_do_what_their_tests_say() -> None:
    _run(_program("promtool"), "check", "rules", *RULES)
    _run(_program("promtool"), "test", "rules", *sorted((FOLDER / "prometheus/tests").glob("*.yaml")))


@pytest.mark.parametrize("name", ["kubernetes", "compose"])
def test_prometheus_takes_its_configuration(name: str, tmp_path: Path) -> None:
    config = tmp_path / "prometheus.yaml"
    # Debian builds its promtool without discovery on Kubernetes.
    text = (FOLDER / f"prometheus/{name}.yaml").read_text()
    config.write_text(text.replace("kubernetes_sd_configs: [{role: pod}]", "static_configs: [{targets: [pod]}]"))
    _run(_program("promtool"), "check", "config", "--syntax-only", config)


def test_alertmanager_sends_alerts_where_they_belong(tmp_path: Path) -> None:
    config = tmp_path / "alertmanager.yaml"
    # Debian's amtool (0.25) does not know url_file yet.
    text = (FOLDER / "alertmanager/alertmanager.yaml").read_text()
    config.write_text(re.sub(r"url_file: (\S+)", r"url: http://localhost\1", text))
    amtool = _program("amtool")
    _run(amtool, "check-config", config)
    for labels, receiver in (
        (("alertname=InboxStuck", "severity=critical"), "on-call"),
        (("alertname=AvailabilityBudgetBurn", "severity=warning"), "tickets"),
        (("alertname=Watchdog", "severity=none"), "watchdog"),
    ):
        _run(amtool, "config", "routes", "test", f"--config.file={config}", f"--verify.receivers={receiver}", *labels)
