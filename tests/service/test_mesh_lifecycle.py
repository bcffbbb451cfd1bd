"""Starting, balancing, leaving and proving who one is, over real sockets."""

import asyncio
import socket
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from hotel.nlp.v1 import nlp_pb2, nlp_pb2_grpc
from hotel.pms.v1 import pms_pb2, pms_pb2_grpc
from mesh import auth
from mesh.errors import DomainError, Down, NotAllowed
from mesh.runtime import Runtime
from mesh.settings import MeshSettings
from mesh.testing.mesh import running

from deploy.local.certificates import Authority
from deploy.local.ports import free_port
from tests.support import scripted
from tests.support.polling import until

SETTINGS = MeshSettings()
REQUEST = nlp_pb2.AnalyzeRequest(text="hola")


async def replica(stack: AsyncExitStack, name: str, *, port: int = 0, drain_seconds: float = 0.0) -> Runtime:
    """A replica of a scripted nlp that answers with its own name after a moment's work."""

    async def behaviour(request: nlp_pb2.AnalyzeRequest) -> nlp_pb2.AnalyzeResponse:
        await asyncio.to_thread(lambda: None)
        return nlp_pb2.AnalyzeResponse(model_version=name)

    settings = SETTINGS.model_copy(update={"grpc_port": port, "drain_seconds": drain_seconds})
    runtime = Runtime("nlp", settings)
    await scripted.nlp(behaviour)(runtime, settings)
    await runtime.start()
    stack.push_async_callback(runtime.drain)
    return runtime


def caller(*replicas: Runtime) -> Runtime:
    """Someone who calls all replicas, balanced."""
    addresses = ",".join(f"127.0.0.1:{runtime.port}" for runtime in replicas)
    return Runtime("test", SETTINGS.model_copy(update={"nlp_address": f"ipv4:{addresses}"}))


async def test_calls_are_spread_over_all_replicas() -> None:
    async with AsyncExitStack() as stack:
        client = caller(await replica(stack, "a"), await replica(stack, "b"))
        stub = nlp_pb2_grpc.NlpServiceStub(client.channel("nlp"))
        await client.channel("nlp").channel_ready()
        answers: list[str] = []
        async with asyncio.timeout(10):
            while {"a", "b"} - set(answers):  # the second connection may come up a moment later
                answers.append((await stub.Analyze(REQUEST, timeout=5.0)).model_version)
        answers = [(await stub.Analyze(REQUEST, timeout=5.0)).model_version for _ in range(40)]
        await client.close()
    assert abs(answers.count("a") - answers.count("b")) <= 2


async def test_a_peer_that_restarts_is_waited_for() -> None:
    async with AsyncExitStack() as stack:
        first = await replica(stack, "before")
        client = caller(first)
        stub = nlp_pb2_grpc.NlpServiceStub(client.channel("nlp"))
        assert (await stub.Analyze(REQUEST, timeout=5.0)).model_version == "before"
        port = first.port
        await first.drain()
        call = asyncio.create_task(stub.Analyze(REQUEST, timeout=20.0))
        await asyncio.sleep(0)
        await replica(stack, "after", port=port)
        assert (await call).model_version == "after"
        await client.close()


async def test_a_drain_under_load_fails_no_call() -> None:
    async with AsyncExitStack() as stack:
        first, second = await replica(stack, "a", drain_seconds=0.3), await replica(stack, "b")
        client = caller(first, second)
        stub = nlp_pb2_grpc.NlpServiceStub(client.channel("nlp"))
        answers: list[str] = []
        failures: list[DomainError] = []
        drained = asyncio.Event()

        async def load() -> None:
            while not (drained.is_set() and answers[-20:].count("b") == 20):
                try:
                    answers.append((await stub.Analyze(REQUEST, timeout=5.0)).model_version)
                except DomainError as error:
                    failures.append(error)

        async with asyncio.timeout(30):
            workers = [asyncio.create_task(load()) for _ in range(8)]
            await until(lambda: {"a", "b"} <= set(answers), what="answers of both")
            await first.drain()
            drained.set()
            await asyncio.gather(*workers)
        await client.close()
    assert failures == []
    assert {"a", "b"} <= set(answers)


async def test_a_drain_lets_the_call_in_work_end_and_cuts_watches_off() -> None:
    began, release = asyncio.Event(), asyncio.Event()

    async def behaviour(request: nlp_pb2.AnalyzeRequest) -> nlp_pb2.AnalyzeResponse:
        began.set()
        await release.wait()
        return nlp_pb2.AnalyzeResponse(model_version="done")

    async def build(runtime: Runtime, settings: MeshSettings) -> None:
        await scripted.nlp(behaviour)(runtime, settings)
        await scripted.pms()(runtime, settings)

    async with running({"nlp": (build, SETTINGS)}, transport="grpc") as mesh:
        channel = mesh.channel("nlp")
        watch = pms_pb2_grpc.PmsServiceStub(channel).WatchReservations(pms_pb2.WatchReservationsRequest())
        await anext(watch)
        call = asyncio.create_task(nlp_pb2_grpc.NlpServiceStub(channel).Analyze(REQUEST, timeout=30.0))
        await began.wait()
        drain = asyncio.create_task(mesh.stop("nlp"))
        await asyncio.sleep(0)
        release.set()
        assert (await call).model_version == "done"
        async with asyncio.timeout(5):  # far below the grace of 20 s: an open watch does not hold a drain up
            await drain
        with pytest.raises(DomainError):
            async for _ in watch:
                pass


async def test_a_busy_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        runtime = Runtime("nlp", SETTINGS.model_copy(update={"grpc_port": port}))
        await scripted.nlp()(runtime, SETTINGS)
        with pytest.raises(OSError, match=f"{port} is busy.*GRPC_PORT"):
            await runtime.start()
        await runtime.close()


async def test_health_names_each_service_and_reflection_lists_them() -> None:
    async with (
        running({"nlp": (scripted.nlp(), SETTINGS)}, transport="grpc") as mesh,
        grpc.aio.insecure_channel(f"127.0.0.1:{mesh.runtimes['nlp'].port}") as plain,
    ):
        health = health_pb2_grpc.HealthStub(plain)
        for name in ("", "liveness", "hotel.nlp.v1.NlpService"):
            response = await health.Check(health_pb2.HealthCheckRequest(service=name), timeout=5.0)
            assert response.status == health_pb2.HealthCheckResponse.SERVING, name

        async def ask():  # type: ignore[no-untyped-def]
            yield reflection_pb2.ServerReflectionRequest(list_services="")

        listed = reflection_pb2_grpc.ServerReflectionStub(plain).ServerReflectionInfo(ask())
        names = {service.name async for answer in listed for service in answer.list_services_response.service}
        assert {"hotel.nlp.v1.NlpService", "grpc.health.v1.Health"} <= names


async def test_production_does_not_list_its_services() -> None:
    async with (
        running({"nlp": (scripted.nlp(), SETTINGS.model_copy(update={"env": "prod"}))}, transport="grpc") as mesh,
        grpc.aio.insecure_channel(f"127.0.0.1:{mesh.runtimes['nlp'].port}") as plain,
    ):

        async def ask():  # type: ignore[no-untyped-def]
            yield reflection_pb2.ServerReflectionRequest(list_services="")

        with pytest.raises(grpc.aio.AioRpcError) as refused:
            async for _ in reflection_pb2_grpc.ServerReflectionStub(plain).ServerReflectionInfo(ask()):
                pass
    assert refused.value.code() is grpc.StatusCode.UNIMPLEMENTED


def tls(authority: Authority, service: str, **more: object) -> MeshSettings:
    return SETTINGS.model_copy(update={**authority.issue(service), "grpc_host": "localhost", "grpc_port": 0, **more})


async def served(settings: MeshSettings, allow: auth.AllowList | None = None) -> Runtime:
    async def behaviour(request: nlp_pb2.AnalyzeRequest) -> nlp_pb2.AnalyzeResponse:
        return nlp_pb2.AnalyzeResponse(model_version=auth.CALLER.get())

    runtime = Runtime("nlp", settings.model_copy(update={"drain_seconds": 0.0}))
    await scripted.nlp(behaviour, allow=allow)(runtime, settings)
    await runtime.start()
    return runtime


async def asked(settings: MeshSettings, port: int, *, timeout: float = 5.0) -> str:
    client = Runtime("client", settings.model_copy(update={"nlp_address": f"localhost:{port}"}))
    try:
        response = await nlp_pb2_grpc.NlpServiceStub(client.channel("nlp")).Analyze(REQUEST, timeout=timeout)
        return str(response.model_version)
    finally:
        await client.close()


async def test_with_mtls_the_caller_is_who_its_certificate_says(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    server = await served(tls(authority, "nlp"), allow={"*": {"orchestrator"}})
    try:
        assert await asked(tls(authority, "orchestrator"), server.port) == "orchestrator"
        with pytest.raises(NotAllowed):
            await asked(tls(authority, "session"), server.port)
    finally:
        await server.drain()


async def test_with_mtls_a_plain_or_strange_caller_gets_nowhere(tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir()
    (tmp_path / "theirs").mkdir()
    ours, theirs = Authority(tmp_path / "ours"), Authority(tmp_path / "theirs")
    server = await served(tls(ours, "nlp"))
    strange = tls(theirs, "orchestrator", tls_ca_file=str(ours.file))
    try:
        for settings in (SETTINGS, strange):
            with pytest.raises(Down):
                await asked(settings, server.port, timeout=0.5)
    finally:
        await server.drain()


async def test_a_renewed_certificate_is_taken_up_without_a_restart(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    server = await served(tls(authority, "nlp"))
    caller_settings = tls(authority, "orchestrator")
    try:
        assert await asked(caller_settings, server.port) == "orchestrator"
        renewed = Authority(tmp_path)  # writes another ca.pem over the first
        renewed.issue("nlp")
        assert await asked(tls(renewed, "orchestrator"), server.port) == "orchestrator"
    finally:
        await server.drain()


async def test_certificates_and_their_ca_are_changed_under_traffic_and_no_call_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mesh.reopening.LOOK_SECONDS", 0.01)
    authority = Authority(tmp_path)
    server = await served(tls(authority, "nlp"), allow={"*": {"orchestrator"}})
    settings = tls(authority, "orchestrator").model_copy(update={"nlp_address": f"localhost:{server.port}"})
    client = Runtime("orchestrator", settings)
    stub = nlp_pb2_grpc.NlpServiceStub(client.channel("nlp"))
    answered, stop = 0, asyncio.Event()

    async def traffic() -> None:
        nonlocal answered
        while not stop.is_set():
            assert (await stub.Analyze(REQUEST, timeout=20.0)).model_version == "orchestrator"
            answered += 1

    async def some_more() -> None:
        wanted = answered + 20
        await until(lambda: answered >= wanted or task.done(), what="calls go on")

    task = asyncio.create_task(traffic())
    try:
        await some_more()
        # As one does it: both CAs are believed while certificates are changed, then the new one alone.
        renewed = Authority(tmp_path, beside=authority.file.read_bytes())
        await some_more()
        for service in ("nlp", "orchestrator"):
            (tmp_path / f"{service}.key").write_bytes(b"half of a key")  # what is half written is not taken
            await some_more()
            renewed.issue(service)
            await some_more()
        renewed.tell()
        await some_more()
    finally:
        stop.set()
        await task
        await client.close()
    # Whoever still has only the old CA's certificate is let in no more.
    try:
        assert await asked(tls(renewed, "orchestrator"), server.port) == "orchestrator"
        (tmp_path / "old").mkdir()
        with pytest.raises(Down):
            await asked(
                tls(Authority(tmp_path / "old"), "orchestrator", tls_ca_file=str(renewed.file)),
                server.port,
                timeout=0.5,
            )
    finally:
        await server.drain()


async def test_under_tls_probes_have_a_plaintext_port_of_their_own(tmp_path: Path) -> None:
    probe_port = free_port()
    server = await served(tls(Authority(tmp_path), "nlp", grpc_host="127.0.0.1", health_port=probe_port))
    try:
        async with grpc.aio.insecure_channel(f"127.0.0.1:{probe_port}") as plain:
            response = await health_pb2_grpc.HealthStub(plain).Check(health_pb2.HealthCheckRequest(), timeout=5.0)
            assert response.status == health_pb2.HealthCheckResponse.SERVING
            with pytest.raises(grpc.aio.AioRpcError):
                await nlp_pb2_grpc.NlpServiceStub(plain).Analyze(REQUEST, timeout=5.0)
    finally:
        await server.drain()


PROGRAM = """
from mesh.process import main
from mesh.settings import MeshSettings
from tests.support.scripted import nlp
main(name="nlp", settings_class=MeshSettings, build=nlp())
"""


async def process(*arguments: str, program: str = PROGRAM, **environment: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        program,
        *arguments,
        env={"PYTHONPATH": ".:libs", "DRAIN_SECONDS": "0", **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def test_sigterm_drains_and_exits_with_0() -> None:
    child = await process(GRPC_PORT="0")
    assert child.stdout is not None
    async with asyncio.timeout(30):
        while b"service_started" not in await child.stdout.readline():
            pass
        child.terminate()
        out, _ = await child.communicate()
    assert child.returncode == 0
    assert b"service_draining" in out
    assert b"service_stopped" in out


async def test_a_wrong_environment_stops_the_start_with_every_problem() -> None:
    child = await process(GRPC_PORT="x", ENV="moon")
    _, err = await asyncio.wait_for(child.communicate(), 30)
    assert child.returncode == 2
    assert b"GRPC_PORT" in err
    assert b"ENV" in err


async def test_settings_are_shown_without_secrets() -> None:
    child = await process("settings", POSTGRES_URL="postgresql://u:do-not-print-me@h/db")
    out, _ = await asyncio.wait_for(child.communicate(), 30)
    assert child.returncode == 0
    assert b"GRPC_PORT=" in out
    assert b"do-not-print-me" not in out


SINGLE = """
import sys
from mesh.process import run
from mesh.settings import load, MeshSettings
from tests.support import scripted
parts = [("nlp", load(MeshSettings), scripted.nlp()), ("pms", load(MeshSettings), scripted.pms())]
sys.exit(run(parts, single=True))
"""


async def test_a_process_that_holds_several_services_answers_for_all_of_them_on_one_port() -> None:
    port = free_port()
    child = await process(program=SINGLE, GRPC_PORT=str(port))
    assert child.stdout is not None
    async with asyncio.timeout(30), grpc.aio.insecure_channel(f"127.0.0.1:{port}") as plain:
        health = await health_pb2_grpc.HealthStub(plain).Check(health_pb2.HealthCheckRequest(), wait_for_ready=True)
        assert health.status == health_pb2.HealthCheckResponse.SERVING
        answer = await nlp_pb2_grpc.NlpServiceStub(plain).Analyze(REQUEST)
        assert answer.model_version == "hola"
        watch = pms_pb2_grpc.PmsServiceStub(plain).WatchReservations(pms_pb2.WatchReservationsRequest())
        assert (await watch.read()).event.resume_token == "0"
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await nlp_pb2_grpc.NlpServiceStub(plain).AnalyzeBatch(nlp_pb2.AnalyzeBatchRequest())
        assert refused.value.code() is grpc.StatusCode.UNIMPLEMENTED
        watch.cancel()
        child.terminate()
        await child.communicate()
    assert child.returncode == 0
