"""A whole mesh of its own, as `make up` has it, on fresh stores and free ports: for benches and end-to-end tests."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from deploy.local.ports import free_port, is_busy
from deploy.local.run_folder import RunFolder

PORTS = (
    *("HTTP_PORT", "POSTGRES_PORT", "REDIS_PORT", "GATEWAY_GRPC_PORT"),
    *(f"{name}_{kind}_PORT" for name in ("NLP", "SESSION", "PMS", "ORCHESTRATOR") for kind in ("GRPC", "METRICS")),
)


@dataclass(frozen=True, slots=True)
class LocalMesh:
    """A running mesh: where it is, and how to hurt it."""

    folder: Path
    told: Mapping[str, str]

    @property
    def http_url(self) -> str:
        return f"http://127.0.0.1:{self.told['HTTP_PORT']}"

    def pid(self, process: str) -> int:
        """Process id of a service (`pms`, or `pms-2` for a replica)."""
        return int((self.folder / "pids" / f"{process}.pid").read_text().split()[0])

    def kill(self, process: str) -> None:
        """SIGKILL: no drain, no goodbye. The supervisor starts it again; one that is just starting is down already."""
        with suppress(FileNotFoundError, ProcessLookupError):
            os.kill(self.pid(process), signal.SIGKILL)

    @contextmanager
    def frozen(self, process: str) -> Iterator[None]:
        """SIGSTOP for a while: its connections stay, and nobody answers on them."""
        pid = self.pid(process)
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    def log(self, process: str) -> str:
        return (self.folder / "logs" / f"{process}.log").read_text(errors="replace")


@contextmanager
def local_mesh(folder: Path, *options: str, **environment: str) -> Iterator[LocalMesh]:
    """Starts `up --detach` with further options and environment; stops it at the end.

    Raises RuntimeError with its output when it does not become ready.
    """
    ports = dict(zip(PORTS, map(str, free_ports(len(PORTS))), strict=True))
    told = {**os.environ, **ports, "RUN_DIR": str(folder), "QUIET_PERIOD_SECONDS": "0", **environment}
    command = [sys.executable, "-m", "deploy.local"]
    started = subprocess.run(
        [*command, "up", "--detach", *options], env=told, capture_output=True, text=True, check=False
    )
    if started.returncode:
        raise RuntimeError(f"the mesh did not start:\n{started.stdout}{started.stderr}")
    try:
        yield LocalMesh(folder, RunFolder(folder).told())
    finally:
        subprocess.run([*command, "down"], env=told, capture_output=True, check=False)


def free_ports(count: int) -> list[int]:
    """Ports that are free now, each with the one ten above it, where a second replica listens; all of them differ."""
    found: dict[int, int] = {}
    while len(found) < count:
        port = free_port()
        if port + 10 < 65536 and not is_busy(port + 10) and not {port, port + 10} & {*found, *found.values()}:
            found[port] = port + 10
    return list(found)
