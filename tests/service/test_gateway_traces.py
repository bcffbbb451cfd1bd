"""One trace runs from the webhook through the rows and the orchestrator to the sent reply."""

from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from tests.support.gateway import eventually, migrated, running_gateway
from tests.support.stores import Databases


@pytest.fixture
def database(postgres_databases: Databases) -> Iterator[str]:
    url = migrated(postgres_databases)
    yield url
    postgres_databases.drop(url)


async def test_webhook_turn_call_and_send_are_one_trace(database: str, redis_url: str) -> None:
    exporter = InMemorySpanExporter()
    knobs = {"span_processors": (SimpleSpanProcessor(exporter),), "trace_sample_ratio": 1.0}
    async with running_gateway(database, redis_url, **knobs) as gateway:
        guest = gateway.guest()
        await guest.say("hola")
        await eventually(guest.new_replies)

        async def sent() -> bool:
            return any(span.name == "outbox.send" for span in exporter.get_finished_spans())

        await eventually(sent)
    spans = {span.name: span for span in exporter.get_finished_spans()}
    parents = {span.context.span_id: name for name, span in spans.items()}
    edges = {name: parents.get(span.parent.span_id) for name, span in spans.items() if span.parent is not None}
    assert edges["turn.handle"] == "webhook.receive"
    assert edges["outbox.send"] == "turn.handle"
    chain = ("webhook.receive", "turn.handle", "hotel.orchestrator.v1.OrchestratorService/HandleTurn", "outbox.send")
    assert len({spans[name].context.trace_id for name in chain}) == 1
