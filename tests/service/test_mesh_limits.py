"""Deadlines that go along, cancellation, load that is shed and calls that are repeated."""

import asyncio

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from hotel.nlp.v1 import nlp_pb2, nlp_pb2_grpc
from hotel.pms.v1 import pms_pb2, pms_pb2_grpc
from mesh import deadline
from mesh.errors import Busy, DeadlineExceeded, Down, Refused
from mesh.runtime import Runtime
from mesh.settings import MeshSettings
from mesh.testing.mesh import running

from tests.service.mesh_calls import REQUEST, SETTINGS, Transport, relay, transport
from tests.support import scripted

__all__ = ["transport"]


async def test_a_callee_has_no_longer_than_its_caller_has_left(transport: Transport) -> None:
    async def behaviour(request: nlp_pb2.AnalyzeRequest) -> nlp_pb2.AnalyzeResponse:
        return nlp_pb2.AnalyzeResponse(model_version=str(deadline.remaining()))

    services = {"nlp": (scripted.nlp(behaviour), SETTINGS), "orchestrator": (relay(30.0), SETTINGS)}
    async with running(services, transport=transport) as mesh:
        stub = nlp_pb2_grpc.NlpServiceStub(mesh.channel("orchestrator"))
        response = await stub.Analyze(REQUEST, timeout=3.0)
    assert 0.5 < float(response.model_version) <= 3.0 - deadline.MARGIN_SECONDS


async def test_a_call_without_a_deadline_gets_the_default() -> None:
    async def behaviour(request: nlp_pb2.AnalyzeRequest) -> nlp_pb2.AnalyzeResponse:
        return nlp_pb2.AnalyzeResponse(model_version=str(deadline.remaining()))

    settings = SETTINGS.model_copy(update={"default_deadline_seconds": 7.0})
    async with running({"nlp": (scripted.nlp(behaviour), settings)}, transport="grpc") as mesh:
        port = mesh.runtimes["nlp"].port
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as plain:
            response = await nlp_pb2_grpc.NlpServiceStub(plain).Analyze(REQUEST)
    assert 5.0 < float(response.model_version) <= 7.0


async def test_a_late_answer_is_a_deadline_exceeded(transport: Transport) -> None:
    async def behaviour(request: nlp_pb2.AnalyzeRequest) -> nlp_pb2.AnalyzeResponse:
        await asyncio.Event().wait()
        raise AssertionError

    async with running({"nlp": (scripted.nlp(behaviour), SETTINGS)}, transport=transport) as mesh:
        with pytest.raises(DeadlineExceeded):
            await nlp_pb2_grpc.NlpServiceStub(mesh.channel("nlp")).Analyze(REQUEST, timeout=0.1)


async def test_cancelling_the_caller_cancels_the_callee(transport: Transport) -> None:
    began, ended = asyncio.Event(), asyncio.Event()

    async def behaviour(request: nlp_pb2.AnalyzeRequest) -> nlp_pb2.AnalyzeResponse:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        raise AssertionError

    async with running({"nlp": (scripted.nlp(behaviour), SETTINGS)}, transport=transport) as mesh:
        stub = nlp_pb2_grpc.NlpServiceStub(mesh.channel("nlp"))
        task = asyncio.create_task(stub.Analyze(REQUEST, timeout=30.0))
        await began.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with asyncio.timeout(5):
            await ended.wait()


async def test_too_many_calls_are_shed_while_the_probe_stays_well() -> None:
    release = asyncio.Event()
    entered = asyncio.Semaphore(0)

    async def behaviour(request: nlp_pb2.AnalyzeRequest) -> nlp_pb2.AnalyzeResponse:
        entered.release()
        await release.wait()
        return nlp_pb2.AnalyzeResponse()

    settings = SETTINGS.model_copy(update={"max_concurrent_calls": 3})
    async with running({"nlp": (scripted.nlp(behaviour), settings)}, transport="grpc") as mesh:
        stub = nlp_pb2_grpc.NlpServiceStub(mesh.channel("nlp"))
        busy = [asyncio.create_task(stub.Analyze(REQUEST, timeout=30.0)) for _ in range(3)]
        for _ in busy:
            await entered.acquire()
        with pytest.raises(Busy) as refused:
            await stub.Analyze(REQUEST, timeout=5.0)
        assert refused.value.reason == "OVERLOADED"
        assert refused.value.retry_after > 0
        async with grpc.aio.insecure_channel(f"127.0.0.1:{mesh.runtimes['nlp'].port}") as plain:
            health = await health_pb2_grpc.HealthStub(plain).Check(health_pb2.HealthCheckRequest(), timeout=5.0)
        assert health.status == health_pb2.HealthCheckResponse.SERVING
        release.set()
        await asyncio.gather(*busy)


async def test_an_open_watch_takes_no_place_from_calls() -> None:
    settings = SETTINGS.model_copy(update={"max_concurrent_calls": 1})

    async def build(runtime: Runtime, settings: MeshSettings) -> None:
        await scripted.pms()(runtime, settings)
        await scripted.nlp()(runtime, settings)

    async with running({"pms": (build, settings)}, transport="grpc") as mesh:
        watch = pms_pb2_grpc.PmsServiceStub(mesh.channel("pms")).WatchReservations(pms_pb2.WatchReservationsRequest())
        await anext(watch)
        response = await nlp_pb2_grpc.NlpServiceStub(mesh.channel("pms")).Analyze(REQUEST, timeout=5.0)
        await watch.aclose()
    assert response.model_version == "hola"


@pytest.mark.parametrize(
    ("error", "attempts"),
    [
        (Down("UNAVAILABLE", "away"), 3),
        (Refused("SOLD_OUT", "no"), 1),
        (Busy("OVERLOADED", "later"), 1),
        (ValueError("bug"), 1),
    ],
    ids=repr,
)
async def test_only_unavailable_is_repeated(error: Exception, attempts: int) -> None:
    seen = 0

    async def behaviour(request: nlp_pb2.AnalyzeRequest) -> nlp_pb2.AnalyzeResponse:
        nonlocal seen
        seen += 1
        raise error

    async with running({"nlp": (scripted.nlp(behaviour), SETTINGS)}, transport="grpc") as mesh:
        with pytest.raises((Down, Refused, Busy)):
            await nlp_pb2_grpc.NlpServiceStub(mesh.channel("nlp")).Analyze(REQUEST, timeout=10.0)
    assert seen == attempts
