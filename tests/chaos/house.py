"""The mesh under chaos: the local supervisor's processes, stores of our own, a proxy before all that listens.

Webhooks go straight to the gateways; every other connection of the mesh goes through a proxy.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from deploy.local.addresses import SERVICES
from deploy.local.postgres import Postgres
from deploy.local.readiness import ask_grpc, ask_http
from deploy.local.valkey import Valkey
from tests.bench import cpu
from tests.chaos.channel_api import ChannelApi
from tests.chaos.proxy import Proxy
from tests.support.local_mesh import LocalMesh, free_ports, local_mesh

STORES = ("postgres", "valkey")
PROCESSES = ("gateway", "gateway-2", "nlp", "session", "pms", "orchestrator", *STORES)
LINKS = (*SERVICES, *STORES)
DISK_MB = 700
# Shorter waits than in production, so that a round ends in time; nobody is held back for writing fast.
_SETTINGS = {
    "RATE_LIMIT_ENABLED": "false",
    "WHATSAPP_NUMBER_RATE": "1000",
    "WHATSAPP_GUEST_BURST": "1000",
    "WHATSAPP_SEND_SECONDS": "2",
    "QUIET_PERIOD_SECONDS": "0.2",
    "TURN_RETRY_BASE_SECONDS": "0.5",
}
_FAKETIME = tuple(f"/usr/lib/{machine}-linux-gnu/faketime/libfaketime.so.1" for machine in ("x86_64", "aarch64"))


@dataclass(slots=True, kw_only=True)
class House:
    """What a fault can touch. `clock_file` None: no clock can be moved; `disk` None: no disk can be filled."""

    mesh: LocalMesh
    api: ChannelApi
    postgres: Postgres
    valkey: Valkey
    links: Mapping[str, Proxy]
    clock_file: Path | None
    disk: Path | None

    @property
    def gateways(self) -> list[str]:
        """Where webhooks go."""
        port = int(self.mesh.told["HTTP_PORT"])
        return [f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port + 10}"]

    def pids(self, process: str) -> list[int]:
        """The process and, of PostgreSQL, its children. Raises OSError or ValueError between two lives."""
        if process in STORES:
            pid = self.store(process).pid
            if pid is None:
                raise ProcessLookupError(process)
            return cpu.family(pid)
        return [self.mesh.pid(process)]

    def store(self, name: str) -> Postgres | Valkey:
        """By its name."""
        return self.postgres if name == "postgres" else self.valkey

    def signal(self, process: str, number: int) -> None:
        """To all of it."""
        for pid in self.pids(process):
            os.kill(pid, number)

    def revive(self) -> None:
        """Starts stores again that do not run: what an operator, or the kubelet, does."""
        for store in (self.postgres, self.valkey):
            if not store.running:
                store.restart()

    async def unready(self) -> list[str]:
        """Names of processes that do not say that they are ready."""
        told = self.mesh.told
        asked = {name: ask_grpc(f"127.0.0.1:{told[f'{name.upper()}_GRPC_PORT']}") for name in SERVICES}
        asked["gateway-2"] = ask_grpc(f"127.0.0.1:{int(told['GATEWAY_GRPC_PORT']) + 10}")
        for number, url in enumerate(self.gateways, start=1):
            asked[f"http of gateway {number}"] = ask_http(f"{url}/health/ready")
        answers = await asyncio.gather(*asked.values())
        return [name for name, answer in zip(asked, answers, strict=True) if not answer.serving]


def faketime_library() -> Path | None:
    """Where Debian's libfaketime is, or FAKETIME_LIBRARY says it is."""
    candidates = (os.environ.get("FAKETIME_LIBRARY", ""), *_FAKETIME)
    return next((Path(one) for one in candidates if one and Path(one).is_file()), None)


@asynccontextmanager
async def open_house(folder: Path, *, clock: bool) -> AsyncIterator[House]:
    """Everything started and ready. `clock` runs the services under libfaketime, if it is installed."""
    async with AsyncExitStack() as stack:
        disk = stack.enter_context(_small_disk(folder / "postgres"))
        postgres = await asyncio.to_thread(Postgres(folder / "postgres").start)
        stack.callback(postgres.stop)
        valkey = await asyncio.to_thread(Valkey(folder / "valkey").start)
        stack.callback(valkey.stop)
        api = await stack.enter_async_context(ChannelApi.open())
        grpc_ports = dict(zip(SERVICES, free_ports(len(SERVICES)), strict=True))
        targets = {**grpc_ports, "postgres": postgres.port, "valkey": valkey.port}
        links = {name: await stack.enter_async_context(Proxy.open(port)) for name, port in targets.items()}
        environment = {
            **_SETTINGS,
            **{f"{name.upper()}_GRPC_PORT": str(port) for name, port in grpc_ports.items()},
            **{f"{name.upper()}_ADDRESS": f"127.0.0.1:{links[name].port}" for name in SERVICES},
            "POSTGRES_URL": _through(postgres.url, links["postgres"]),
            "REDIS_URL": _through(valkey.url, links["valkey"]),
            "WHATSAPP_GRAPH_BASE_URL": api.url,
        }
        library = faketime_library() if clock else None
        clock_file = folder / "clock" if library else None
        if library and clock_file:
            clock_file.write_text("+0\n")
            environment |= _moved_clock(library, clock_file)
        opened = local_mesh(folder / "mesh", "--replicas", "gateway=2", **environment)
        mesh = await asyncio.to_thread(opened.__enter__)
        try:
            yield House(
                mesh=mesh,
                api=api,
                postgres=postgres,
                valkey=valkey,
                links=links,
                clock_file=clock_file,
                disk=disk,
            )
        finally:
            await asyncio.to_thread(opened.__exit__, None, None, None)


@contextmanager
def _small_disk(folder: Path) -> Iterator[Path | None]:
    """A disk of its own for PostgreSQL, which can be filled; None where mounting is not allowed."""
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={DISK_MB}m,mode=755", "tmpfs", str(folder)]
    if subprocess.run(["mount", *options], capture_output=True, check=False).returncode:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _through(url: str, proxy: Proxy) -> str:
    parts = urlsplit(url)
    assert parts.port is not None
    return urlunsplit(parts._replace(netloc=parts.netloc.replace(f":{parts.port}", f":{proxy.port}")))


def _moved_clock(library: Path, file: Path) -> dict[str, str]:
    """The wall clock follows the file; the monotonic one goes on, as when NTP steps."""
    return {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(file),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_NO_CACHE": "0",
    }
