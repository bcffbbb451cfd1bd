"""A service as a process of its own, as production runs it: started, killed, started again on the same port."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from deploy.local.ports import free_port

_START_SECONDS = 60.0
_PAUSE_SECONDS = 0.05


class ServiceProcess:
    """One replica of a service. Its output is appended to `log`."""

    def __init__(self, service: str, *, log: Path, **environment: str) -> None:
        """`environment` are settings, e.g. AVAILABILITY_CACHE_SECONDS="0"."""
        self.port = free_port()
        self._service = service
        self._log = log
        self._environment = {
            **os.environ,
            "GRPC_PORT": str(self.port),
            "LOG_LEVEL": "WARNING",
            "DRAIN_SECONDS": "0",
            **environment,
        }
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where it listens, across restarts."""
        return f"127.0.0.1:{self.port}"

    def launch(self) -> Self:
        """Starts it and returns at once; see `wait`."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", f"services.{self._service}"],
                env=self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        return self

    def wait(self) -> None:
        """Returns once it is ready. Raises RuntimeError with its output when it ends or takes too long."""
        deadline = time.monotonic() + _START_SECONDS
        with grpc.insecure_channel(self.address, options=[("grpc.max_reconnect_backoff_ms", 100)]) as channel:
            health = health_pb2_grpc.HealthStub(channel)
            while not _serving(health):
                if time.monotonic() > deadline or self._process is None or self._process.poll() is not None:
                    told = self._log.read_text(errors="replace")
                    raise RuntimeError(f"the {self._service} process did not get ready:\n{told}")
                time.sleep(_PAUSE_SECONDS)

    @property
    def pid(self) -> int:
        """Of the running process."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """SIGKILL: no drain, no goodbye."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """SIGTERM, and SIGKILL for one that does not listen."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()

    def __enter__(self) -> Self:
        self.launch().wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _serving(health: Any) -> bool:
    try:
        answer = health.Check(health_pb2.HealthCheckRequest(), timeout=1.0)
    except grpc.RpcError:
        return False
    return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)
