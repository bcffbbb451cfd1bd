"""A mesh of its own for a bench: fresh stores, free ports, no quiet period, everything else as `make up` has it."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from deploy.local.run_folder import RunFolder

PORTS = (
    *("HTTP_PORT", "POSTGRES_PORT", "REDIS_PORT", "GATEWAY_GRPC_PORT"),
    *(f"{name}_{kind}_PORT" for name in ("NLP", "SESSION", "PMS", "ORCHESTRATOR") for kind in ("GRPC", "METRICS")),
)


@contextmanager
def mesh_under_load(folder: Path, **environment: str) -> Iterator[Mapping[str, str]]:
    """Starts the mesh in the background; yields what it told of itself (addresses by name). Stops it at the end.

    Raises RuntimeError with its output when it does not become ready.
    """
    ports = dict(zip(PORTS, map(str, _free_ports(len(PORTS))), strict=True))
    told = {**os.environ, **ports, "RUN_DIR": str(folder), "QUIET_PERIOD_SECONDS": "0", **environment}
    command = [sys.executable, "-m", "deploy.local"]
    started = subprocess.run([*command, "up", "--detach"], env=told, capture_output=True, text=True, check=False)
    if started.returncode:
        raise RuntimeError(f"the mesh did not start:\n{started.stdout}{started.stderr}")
    try:
        yield RunFolder(folder).told()
    finally:
        subprocess.run([*command, "down"], env=told, capture_output=True, check=False)


def _free_ports(count: int) -> list[int]:
    """Ports that are free now, taken together so that they differ."""
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports
