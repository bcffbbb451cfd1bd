"""What the runtime promises of a call, with sockets and without: the same chain, the same errors, the same limits."""

import asyncio
import io
import json
import logging
from collections.abc import AsyncIterator, Iterator

import grpc
import pytest
from hotel.nlp.v1 import nlp_pb2, nlp_pb2_grpc
from hotel.pms.v1 import pms_pb2, pms_pb2_grpc
from mesh import auth, telemetry
from mesh.errors import Down, Fault, Invalid, NotAllowed, NotFound, NotInstalled, Refused
from mesh.interception import Call, Chain, Proceed
from mesh.testing.mesh import RunningMesh, running
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode
from prometheus_client import REGISTRY

from tests.service.mesh_calls import REQUEST, SETTINGS, Transport, relay, transport
from tests.support import scripted
from tests.support.polling import until

__all__ = ["transport"]


@pytest.fixture
def log_lines() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = io.StringIO()
    telemetry.configure(stream=stream)
    yield stream
    root.handlers[:], root.level = before


def served_by(spans: InMemorySpanExporter, service: str, kind: str = "SERVER") -> ReadableSpan:
    """The one span of a service and kind."""
    (span,) = [
        span
        for span in spans.get_finished_spans()
        if (span.resource.attributes["service.name"], span.kind.name) == (service, kind)
    ]
    return span


def raising(error: Exception) -> scripted.Behaviour:
    async def behaviour(request: nlp_pb2.AnalyzeRequest) -> nlp_pb2.AnalyzeResponse:
        raise error

    return behaviour


async def test_a_call_is_answered(transport: Transport) -> None:
    async with running({"nlp": (scripted.nlp(), SETTINGS)}, transport=transport) as mesh:
        response = await nlp_pb2_grpc.NlpServiceStub(mesh.channel("nlp")).Analyze(REQUEST, timeout=5.0)
    assert response.model_version == "hola"


async def test_the_caller_catches_what_the_callee_raised(transport: Transport) -> None:
    behaviour = raising(Refused("MIN_STAY", "too short", min_nights=3))
    async with running({"nlp": (scripted.nlp(behaviour), SETTINGS)}, transport=transport) as mesh:
        with pytest.raises(Refused) as refused:
            await nlp_pb2_grpc.NlpServiceStub(mesh.channel("nlp")).Analyze(REQUEST, timeout=5.0)
    assert (refused.value.reason, refused.value.metadata) == ("MIN_STAY", {"min_nights": "3"})


async def test_a_raised_exceptions_text_never_reaches_the_caller(transport: Transport) -> None:
    behaviour = raising(ValueError("password is hunter2"))
    async with running({"nlp": (scripted.nlp(behaviour), SETTINGS)}, transport=transport) as mesh:
        with pytest.raises(Fault) as fault:
            await nlp_pb2_grpc.NlpServiceStub(mesh.channel("nlp")).Analyze(REQUEST, timeout=5.0)
    assert "hunter2" not in f"{fault.value} {fault.value.metadata}"
    assert fault.value.metadata["error_id"].startswith("err_")


async def test_a_method_that_is_not_there_is_said_to_be_so(transport: Transport) -> None:
    async with running({"nlp": (scripted.nlp(), SETTINGS)}, transport=transport) as mesh:
        with pytest.raises(NotInstalled):
            await nlp_pb2_grpc.NlpServiceStub(mesh.channel("nlp")).AnalyzeBatch(nlp_pb2.AnalyzeBatchRequest())


async def test_streams_pass_the_chain_too(transport: Transport) -> None:
    end = NotFound("PROPERTY_NOT_FOUND", "gone")
    async with running({"pms": (scripted.pms(end), SETTINGS)}, transport=transport) as mesh:
        watch = pms_pb2_grpc.PmsServiceStub(mesh.channel("pms")).WatchReservations(pms_pb2.WatchReservationsRequest())
        seen = [(await anext(watch)).event.resume_token for _ in range(3)]
        with pytest.raises(NotFound) as refused:
            await anext(watch)
    assert seen == ["0", "1", "2"]
    assert refused.value.reason == "PROPERTY_NOT_FOUND"


async def test_what_is_no_message_is_the_callers_fault(transport: Transport) -> None:
    async def twice() -> AsyncIterator[bytes]:
        yield nlp_pb2.TranscribeRequest(audio_chunk=b"a").SerializeToString()
        yield b"\xff"

    services = {"nlp": (scripted.nlp(), SETTINGS), "pms": (scripted.pms(NotFound("X", "x")), SETTINGS)}
    async with running(services, transport=transport) as mesh:
        nlp, pms = mesh.channel("nlp"), mesh.channel("pms")
        with pytest.raises(Invalid):
            await nlp.unary_unary("/hotel.nlp.v1.NlpService/Analyze", bytes, bytes)(b"\xff", timeout=5.0)
        with pytest.raises(Invalid):
            await nlp.stream_unary("/hotel.nlp.v1.NlpService/Transcribe", bytes, bytes)(twice(), timeout=5.0)
        with pytest.raises(Invalid):
            await anext(pms.unary_stream("/hotel.pms.v1.PmsService/WatchReservations", bytes, bytes)(b"\xff"))


async def test_a_stream_of_requests_arrives_in_order(transport: Transport) -> None:
    async def chunks():  # type: ignore[no-untyped-def]
        for part in (b"a", b"b", b"c"):
            yield nlp_pb2.TranscribeRequest(audio_chunk=part)

    async with running({"nlp": (scripted.nlp(), SETTINGS)}, transport=transport) as mesh:
        response = await nlp_pb2_grpc.NlpServiceStub(mesh.channel("nlp")).Transcribe(chunks(), timeout=5.0)
    assert response.text == "[b'a', b'b', b'c']"


async def test_the_layers_are_entered_in_order_and_left_in_reverse() -> None:
    seen: list[str] = []

    def layer(name: str):  # type: ignore[no-untyped-def]
        async def around(call: Call, proceed: Proceed) -> object:
            seen.append(f"+{name}")
            try:
                return await proceed()
            finally:
                seen.append(f"-{name}")

        return around

    chain = Chain("test", [layer("tracing"), layer("access"), layer("errors")])

    async def handler(request: object, context: object) -> str:
        seen.append("handler")
        return "done"

    class Context:
        def invocation_metadata(self) -> tuple[()]:
            return ()

    wrapped = chain.wrap("/s/m", grpc.unary_unary_rpc_method_handler(handler))
    assert await wrapped.unary_unary(None, Context()) == "done"
    assert seen == ["+tracing", "+access", "+errors", "handler", "-errors", "-access", "-tracing"]


async def test_refusals_of_inner_layers_are_counted_and_traced_as_what_they_were(transport: Transport) -> None:
    """Tracing outside access outside errors outside auth: the order of the chain shows in what they record."""
    labels = {"service": "nlp", "method": "Analyze", "code": "PERMISSION_DENIED"}
    before = REGISTRY.get_sample_value("rpc_server_requests_total", labels) or 0.0
    spans = InMemorySpanExporter()
    settings = SETTINGS.model_copy(update={"trace_sample_ratio": 1.0})
    async with running(
        {"nlp": (scripted.nlp(allow={"*": {"orchestrator"}}), settings)},
        transport=transport,
        span_processors=(SimpleSpanProcessor(spans),),
        caller="test",
    ) as mesh:
        with pytest.raises(NotAllowed):
            await nlp_pb2_grpc.NlpServiceStub(mesh.channel("nlp")).Analyze(REQUEST, timeout=5.0)
    assert REGISTRY.get_sample_value("rpc_server_requests_total", labels) == before + 1
    span = served_by(spans, "nlp")
    assert span.attributes is not None
    assert span.attributes["rpc.grpc.status_code"] == grpc.StatusCode.PERMISSION_DENIED.value[0]


async def test_an_unexpected_exception_is_an_error_in_the_trace_too(transport: Transport) -> None:
    spans = InMemorySpanExporter()
    settings = SETTINGS.model_copy(update={"trace_sample_ratio": 1.0})
    async with running(
        {"nlp": (scripted.nlp(raising(ValueError("x"))), settings)},
        transport=transport,
        span_processors=(SimpleSpanProcessor(spans),),
    ) as mesh:
        with pytest.raises(Fault):
            await nlp_pb2_grpc.NlpServiceStub(mesh.channel("nlp")).Analyze(REQUEST, timeout=5.0)
    span = served_by(spans, "nlp")
    assert span.status.status_code is StatusCode.ERROR
    assert span.attributes is not None
    assert span.attributes["rpc.grpc.status_code"] == 13


async def test_a_caller_on_the_list_passes_and_one_that_is_not_does_not(transport: Transport) -> None:
    allowed = scripted.nlp(allow={"Analyze": {"test"}, "*": {"orchestrator"}})
    async with running({"nlp": (allowed, SETTINGS)}, transport=transport, caller="test") as mesh:
        stub = nlp_pb2_grpc.NlpServiceStub(mesh.channel("nlp"))
        assert (await stub.Analyze(REQUEST, timeout=5.0)).model_version == "hola"
        with pytest.raises(NotAllowed) as refused:
            await stub.AnalyzeBatch(nlp_pb2.AnalyzeBatchRequest(), timeout=5.0)
    assert refused.value.reason == "CALLER_NOT_ALLOWED"


async def test_another_system_is_let_in_by_setting(transport: Transport) -> None:
    settings = SETTINGS.model_copy(update={"allowed_callers": "channel-manager, test"})
    services = {"nlp": (scripted.nlp(allow={"*": {"orchestrator"}}), settings)}
    async with running(services, transport=transport, caller="test") as mesh:
        stub = nlp_pb2_grpc.NlpServiceStub(mesh.channel("nlp"))
        assert (await stub.Analyze(REQUEST, timeout=5.0)).model_version == "hola"


async def test_the_caller_is_known_to_the_handler(transport: Transport) -> None:
    async def behaviour(request: nlp_pb2.AnalyzeRequest) -> nlp_pb2.AnalyzeResponse:
        return nlp_pb2.AnalyzeResponse(model_version=auth.CALLER.get())

    async with running({"nlp": (scripted.nlp(behaviour), SETTINGS)}, transport=transport, caller="test") as mesh:
        response = await nlp_pb2_grpc.NlpServiceStub(mesh.channel("nlp")).Analyze(REQUEST, timeout=5.0)
    assert response.model_version == "test"


async def test_one_trace_and_one_correlation_id_go_through_every_hop(
    transport: Transport, log_lines: io.StringIO
) -> None:
    spans = InMemorySpanExporter()
    settings = SETTINGS.model_copy(update={"trace_sample_ratio": 1.0})
    services = {"nlp": (scripted.nlp(), settings), "orchestrator": (relay(5.0), settings)}
    async with running(services, transport=transport, span_processors=(SimpleSpanProcessor(spans),)) as mesh:
        await nlp_pb2_grpc.NlpServiceStub(mesh.channel("orchestrator")).Analyze(REQUEST, timeout=5.0)
    outer, client, inner = (
        served_by(spans, "orchestrator"),
        served_by(spans, "orchestrator", "CLIENT"),
        served_by(spans, "nlp"),
    )
    assert client.parent is not None
    assert client.parent.span_id == outer.context.span_id
    assert inner.parent is not None
    assert inner.parent.span_id == client.context.span_id
    served = [json.loads(line) for line in log_lines.getvalue().splitlines() if "rpc_served" in line]
    assert {line["service"] for line in served} == {"nlp", "orchestrator"}
    assert len({line["correlation_id"] for line in served}) == 1
    assert {line["trace_id"] for line in served} == {format(outer.context.trace_id, "032x")}


async def test_without_sockets_a_service_that_left_is_unavailable() -> None:
    async with running({"nlp": (scripted.nlp(), SETTINGS)}) as mesh:
        stub = nlp_pb2_grpc.NlpServiceStub(mesh.channel("nlp"))
        await stub.Analyze(REQUEST, timeout=5.0)
        await mesh.stop("nlp")
        with pytest.raises(Down) as down:
            await stub.Analyze(REQUEST, timeout=5.0)
    assert down.value.reason == "UNAVAILABLE"


async def test_a_reader_that_leaves_a_stream_leaves_nothing_running(transport: Transport) -> None:
    async with running({"pms": (scripted.pms(), SETTINGS)}, transport=transport) as mesh:
        watch = pms_pb2_grpc.PmsServiceStub(mesh.channel("pms")).WatchReservations(pms_pb2.WatchReservationsRequest())
        assert (await anext(watch)).event.resume_token == "0"
        before = asyncio.all_tasks()
        await watch.aclose()
        await until(lambda: len(asyncio.all_tasks() - before) == 0, what="the stream's tasks to end")
        assert (await _watched_again(mesh)) == "0"


async def _watched_again(mesh: RunningMesh) -> str:
    watch = pms_pb2_grpc.PmsServiceStub(mesh.channel("pms")).WatchReservations(pms_pb2.WatchReservationsRequest())
    first = (await anext(watch)).event.resume_token
    await watch.aclose()
    return str(first)
