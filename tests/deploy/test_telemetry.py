"""docs/telemetry.md is true: a running mesh exports the spans of its table, linked into one trace for each turn."""

import re
import tempfile
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml

from deploy.local.run_folder import REPOSITORY
from tests.support.local_mesh import local_mesh
from tests.support.otlp import Received, collector
from tests.support.running import run_demo

# Of channels that the demo does not use.
_OTHER_CHANNELS = {"webchat.receive", "mail.read"}


@pytest.fixture(scope="module")
def spans() -> Iterator[list[Received]]:
    """Everything that was exported while two guests booked; the services have stopped, so it is all there."""
    with collector() as here, tempfile.TemporaryDirectory(prefix="traces-") as folder:
        Path(folder).chmod(0o755)
        knobs = {"OTEL_EXPORTER_OTLP_ENDPOINT": here.endpoint, "TRACE_SAMPLE_RATIO": "1", "DRAIN_SECONDS": "0"}
        with local_mesh(Path(folder) / "run", **knobs) as mesh:
            run_demo(mesh)
        yield here.spans


def _table() -> dict[str, tuple[str, set[str]]]:
    """Pattern of a span's name → its parent and its attributes."""
    lines = (REPOSITORY / "docs/telemetry.md").read_text().splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `")]
    return {row[0].split("`")[1]: (row[2].strip("`"), set(re.findall(r"`([^`]+)`", row[3]))) for row in cells}


def _row(name: str) -> str | None:
    return next((pattern for pattern in _table() if fnmatch(name, pattern)), None)


def test_every_span_is_in_the_table_and_has_its_attributes(spans: list[Received]) -> None:
    for span in spans:
        row = _row(span.name)
        assert row, f"{span.name} is not in docs/telemetry.md"
        assert span.attributes.keys() == _table()[row][1], span.name
        assert span.resource.keys() >= {"service.name", "deployment.environment.name"}


def test_every_row_of_the_table_is_exported(spans: list[Received]) -> None:
    seen = {_row(span.name) for span in spans}
    assert _table().keys() - seen <= _OTHER_CHANNELS


def test_parents_are_those_of_the_table(spans: list[Received]) -> None:
    by_id = {span.id: span for span in spans}
    for span in spans:
        wanted = _table()[_row(span.name) or ""][0]
        if span.kind == "server":
            caller = by_id[span.parent]
            assert (caller.name, caller.kind) == (span.name, "client")
        elif fnmatch(wanted, "*.*"):
            assert by_id[span.parent].name == wanted, span.name
        elif span.kind == "internal":
            assert span.parent == "", span.name


def test_one_trace_runs_from_the_webhook_through_every_service_to_the_sent_reply(spans: list[Received]) -> None:
    sent = [span for span in spans if span.name == "outbox.send"]
    assert len(sent) >= 9
    for span in sent:
        whole = [other for other in spans if other.trace == span.trace]
        assert {"webhook.receive", "turn.handle", "outbox.send"} <= {other.name for other in whole}
        assert {"gateway", "orchestrator", "nlp", "session"} <= {other.service for other in whole}
    assert any(span.service == "pms" for span in spans)


def test_nothing_personal_is_in_a_span(spans: list[Received]) -> None:
    """The demo's guests, their words and their numbers."""
    told = " ".join(str(value) for span in spans for value in span.attributes.values())
    assert not re.search(r"Luc[ií]a|Herrera|Emily|Clark|habitaci[oó]n|\b5255\d{8}\b|@", told)


def test_the_collector_lets_through_what_the_table_has_and_nothing_else() -> None:
    config = yaml.safe_load((REPOSITORY / "deploy/observability/collector/config.yaml").read_text())
    redaction = config["processors"]["redaction"]
    known = {key for _, attributes in _table().values() for key in attributes}
    resource = {"service.name", "deployment.environment.name"}
    resource |= {"telemetry.sdk.language", "telemetry.sdk.name", "telemetry.sdk.version"}
    assert redaction["allow_all_keys"] is False
    assert set(redaction["allowed_keys"]) == known | resource
    masked = [re.compile(pattern) for pattern in redaction["blocked_values"]]
    for personal in ("+52 55 1234 5678", "525512345678", "lucia.herrera@example.com", "4111 1111 1111 1111"):
        assert any(pattern.search(personal) for pattern in masked), personal
    for harmless in ("SearchAvailability", "hotel.pms.v1.PmsService", "whatsapp", "3"):
        assert not any(pattern.search(harmless) for pattern in masked), harmless


def test_the_collector_keeps_errors_and_turns_slower_than_the_objective() -> None:
    config = yaml.safe_load((REPOSITORY / "deploy/observability/collector/config.yaml").read_text())
    errors, slow, some = config["processors"]["tail_sampling"]["policies"]
    assert errors["status_code"] == {"status_codes": ["ERROR"]}
    (condition,) = slow["ottl_condition"]["span"]
    name, nanoseconds = re.fullmatch(r'name == "([\w.]+)" and end\S+ - start\S+ > (\d+)', condition).groups()  # type: ignore[union-attr]
    assert name in _table(), "the span that the policy looks at is not in docs/telemetry.md"
    assert int(nanoseconds) == 500 * 10**6
    assert some["probabilistic"]["sampling_percentage"] == 10
    manifests = yaml.safe_load_all((REPOSITORY / "deploy/k8s/observability/collector.yaml").read_text())
    (deployment,) = [manifest for manifest in manifests if manifest["kind"] == "Deployment"]
    assert deployment["spec"].get("replicas", 1) == 1, "a trace is judged whole: all its spans go to one collector"


def test_the_collectors_pipeline_names_what_is_configured() -> None:
    config = yaml.safe_load((REPOSITORY / "deploy/observability/collector/config.yaml").read_text())
    (pipeline,) = config["service"]["pipelines"].values()
    for part in ("receivers", "processors", "exporters"):
        assert set(pipeline[part]) == set(config[part])
    assert pipeline["processors"].index("redaction") < pipeline["processors"].index("batch")
