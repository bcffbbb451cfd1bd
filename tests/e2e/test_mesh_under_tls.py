"""Five processes under mTLS: a guest is answered, strangers are not, and certificates change while calls go on."""

from __future__ import annotations

import asyncio
import itertools
import os
import ssl
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from typing import Self

import pytest
from cryptography import x509
from hotel.nlp.v1 import nlp_pb2, nlp_pb2_grpc
from hotel.session.v1 import session_pb2, session_pb2_grpc
from mesh.errors import DomainError, Down, NotAllowed
from mesh.runtime import Runtime
from mesh.settings import MeshSettings

from deploy.local.certificates import Authority, settings_of
from tests.support.local_mesh import LocalMesh, local_mesh
from tests.support.phone import Phone
from tests.support.polling import until, wait_until

SERVICES = ("gateway", "nlp", "session", "pms", "orchestrator")
CALLED = ("nlp", "session", "pms", "orchestrator")
SECONDS = 20.0


@pytest.fixture(scope="module")
def mesh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalMesh]:
    with local_mesh(tmp_path_factory.mktemp("tls"), MESH_TLS="1") as running:
        yield running


def caller(mesh: LocalMesh, name: str, folder: Path | None) -> Runtime:
    """Somebody with the certificate of `name` in a folder; without a folder, without one."""
    addresses = {f"{service}_address": mesh.told[f"{service.upper()}_ADDRESS"] for service in CALLED}
    files = settings_of(folder, name) if folder is not None else {}
    return Runtime(name, MeshSettings().model_copy(update=addresses | files))


def serial_in(file: Path) -> int:
    return x509.load_pem_x509_certificate(file.read_bytes()).serial_number


def serial_shown(address: str) -> int:
    """The serial number of the certificate that a server shows."""
    host, _, port = address.partition(":")
    shown = ssl.get_server_certificate((host, int(port)), timeout=SECONDS)
    return x509.load_pem_x509_certificate(shown.encode()).serial_number


async def listed(who: Runtime, *, timeout: float = SECONDS) -> session_pb2.ListSessionsResponse:
    stub = session_pb2_grpc.SessionServiceStub(who.channel("session"))
    return await stub.ListSessions(session_pb2.ListSessionsRequest(page_size=1), timeout=timeout)


def test_a_guest_is_answered(mesh: LocalMesh) -> None:
    guest = Phone(mesh, "5215512350001")
    guest.say("¿a qué hora es el desayuno?")
    wait_until(guest.received, what="the guest is answered")


async def test_who_has_no_certificate_of_ours_gets_nowhere_and_others_only_where_they_may(
    mesh: LocalMesh, tmp_path: Path
) -> None:
    ours = mesh.folder / "certs"
    foreign = Authority(tmp_path)
    foreign.issue("gateway")
    foreign.file.write_bytes((ours / "ca.pem").read_bytes())  # believes the mesh, and is not believed
    for stranger in (caller(mesh, "gateway", None), caller(mesh, "gateway", tmp_path)):
        with pytest.raises(Down):
            await listed(stranger, timeout=1.0)
        await stranger.close()
    # A name in the metadata is no certificate: nlp is a service of ours, and has no business here.
    nlp = caller(mesh, "nlp", ours)
    with pytest.raises(NotAllowed):
        await listed(nlp)
    await nlp.close()
    gateway = caller(mesh, "gateway", ours)
    assert (await listed(gateway)).sessions
    await gateway.close()


class Traffic:
    """Calls of several kinds, each again as soon as it has an answer, until the end. What failed is kept."""

    def __init__(self, calls: Mapping[str, Callable[[], Awaitable[object]]]) -> None:
        self._calls = calls
        self._answered = dict.fromkeys(calls, 0)
        self._stop = asyncio.Event()
        self.failed: list[str] = []

    async def __aenter__(self) -> Self:
        self._tasks = [asyncio.create_task(self._again_and_again(name)) for name in self._calls]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stop.set()
        await asyncio.gather(*self._tasks)

    async def goes_on(self) -> None:
        """Every kind was answered some more."""
        wanted = {name: count + 3 for name, count in self._answered.items()}
        await until(
            lambda: bool(self.failed) or all(self._answered[name] >= count for name, count in wanted.items()),
            seconds=60,
            what="an answer to every kind of call",
        )

    async def _again_and_again(self, name: str) -> None:
        while not self._stop.is_set():
            try:
                await self._calls[name]()
                self._answered[name] += 1
            except (DomainError, TimeoutError) as error:
                self.failed.append(f"{name}: {error!r} after {self._answered[name]}")
                return


async def test_certificates_change_while_calls_go_on_and_none_fails(mesh: LocalMesh) -> None:
    certs = mesh.folder / "certs"
    old = {name: serial_in(certs / f"{name}.pem") for name in SERVICES}
    gateway = caller(mesh, "gateway", certs)
    nlp = nlp_pb2_grpc.NlpServiceStub(gateway.channel("nlp"))
    question = nlp_pb2.AnalyzeRequest(text="hola", time_zone="America/Mexico_City")
    question.reference_time.GetCurrentTime()
    numbers = itertools.count(5215512351000)

    def guest_writes() -> None:
        guest = Phone(mesh, str(next(numbers)))
        guest.say("hola")
        wait_until(guest.received, what="the guest is answered")

    calls = {
        "session": lambda: listed(gateway),
        "nlp": lambda: nlp.Analyze(question, timeout=SECONDS),
        "guests": lambda: asyncio.to_thread(guest_writes),
    }
    async with Traffic(calls) as traffic:
        await traffic.goes_on()
        command = [sys.executable, "-m", "deploy.local", "certs"]
        environment = os.environ | {"RUN_DIR": str(mesh.folder)}
        await asyncio.to_thread(subprocess.run, command, env=environment, check=True, capture_output=True)
        new = {name: serial_in(certs / f"{name}.pem") for name in SERVICES}
        assert not {*new.values()} & {*old.values()}
        # Servers show theirs at the next connection; clients come with theirs within a second.
        for name in CALLED:
            address = mesh.told[f"{name.upper()}_ADDRESS"]
            await until(lambda a=address, n=name: serial_shown(a) == new[n], what=f"{name} shows its new certificate")
        for name in ("gateway", "orchestrator"):
            await until(lambda n=name: "certificates_renewed" in mesh.log(n), what=f"{name} takes its new certificate")
        await traffic.goes_on()
    await gateway.close()
    assert traffic.failed == []
