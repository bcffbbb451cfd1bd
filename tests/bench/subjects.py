"""What is measured: the mesh in five processes, the same in one, and a skeleton that does nothing."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.addresses import SERVICES, Addresses
from tests.bench import cpu
from tests.support.local_mesh import PORTS, LocalMesh, free_ports, local_mesh
from tests.support.polling import wait_until

APP_SECRET = "dev-app-secret"
# Tracing as in production; limits that would hold a load back that no hotel has are set aside.
KNOBS = {
    "TRACE_SAMPLE_RATIO": "0.1",
    "RATE_LIMIT_ENABLED": "false",
    "WHATSAPP_NUMBER_RATE": "100000",
    "WHATSAPP_GUEST_BURST": "1000",
    "QUIET_PERIOD_SECONDS": "0",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Something under load: where webhooks go, whether it replies by the channel, and which processes it is."""

    name: str
    url: str
    replies: bool
    processes: Callable[[], Mapping[str, list[int]]]
    told: Mapping[str, str] = field(default_factory=dict)

    def cpu_seconds(self) -> dict[str, float]:
        """Processor time so far, by process."""
        return {name: cpu.seconds(pids) for name, pids in self.processes().items()}

    def resident_mb(self) -> dict[str, float]:
        """Memory, by process."""
        return {name: cpu.resident_mb(pids) for name, pids in self.processes().items()}


@contextmanager
def mesh(folder: Path, *, single: bool = False, **environment: str) -> Iterator[Subject]:
    """The real thing on fresh stores, with fsync; `single` has all five services in one process."""
    options = ("--single",) if single else ()
    names = ("mesh",) if single else SERVICES
    with local_mesh(folder, *options, **KNOBS, **environment) as running:

        def processes() -> dict[str, list[int]]:
            services = {name: [running.pid(name)] for name in names}
            return services | {"postgres": cpu.family(_postmaster(running)), "valkey": [_valkey(running)]}

        yield Subject(
            name="single" if single else "mesh",
            url=running.http_url,
            replies=True,
            processes=processes,
            told=running.told,
        )


@contextmanager
def skeleton(folder: Path, **environment: str) -> Iterator[Subject]:
    """Five processes with the mesh's runtime, the calls of a turn between them, and nothing in them."""
    ports = dict(zip(PORTS, map(str, free_ports(len(PORTS))), strict=True))
    told = {**os.environ, **KNOBS, **environment, "DRAIN_SECONDS": "0"}
    addresses = Addresses.read(ports)
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        children = {}
        for replica in addresses.replicas:
            log = stack.enter_context((folder / f"{replica.name}.log").open("w"))
            child = subprocess.Popen(
                [sys.executable, "-m", "tests.bench.skeleton", replica.service],
                env=addresses.environment_of(replica, inherited=told, stores={}),
                stdout=log,
                stderr=log,
            )
            stack.callback(child.wait)
            stack.callback(child.terminate)
            children[replica.service] = child
        for service in SERVICES:
            said = folder / f"{service}.log"
            wait_until(lambda said=said: "service_started" in said.read_text(), what=f"the skeleton's {service}")
        yield Subject(
            name="skeleton",
            url=addresses.http_url,
            replies=False,
            processes=lambda: {name: [child.pid] for name, child in children.items()},
        )


def _postmaster(running: LocalMesh) -> int:
    return int(next(running.folder.glob("postgres/**/postmaster.pid")).read_text().split()[0])


def _valkey(running: LocalMesh) -> int:
    """Its process is told by nobody; it is the one that listens on the port."""
    port = running.told["REDIS_URL"].rpartition(":")[2].partition("/")[0]
    return cpu.listener(int(port))
