"""What every embedded store does: take its folder, find a port, start, wait, stop, be killed, come back."""

import signal
import time
from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.local.claim import FolderClaim
from deploy.local.errors import StoreFailedError
from deploy.local.ports import free_port, is_busy
from deploy.local.server import ServerProcess

_RETRY_SECONDS = 10.0
_RETRY_PAUSE = 0.05


class EmbeddedServer(ABC):
    """A server whose data outlives it. `with Postgres(folder) as pg: pg.url`.

    `port` None takes `usual_port` at start() if that is free, else any free one; restart() keeps it.
    """

    name: str
    port_variable: str
    stop_signal: signal.Signals
    start_seconds: float
    stop_seconds: float

    def __init__(self, folder: Path, *, port: int | None, usual_port: int | None) -> None:
        self._folder = folder.resolve()
        self._claim = FolderClaim(self._folder)
        self._process = ServerProcess(name=self.name, log=self._folder / "server.log", stop_signal=self.stop_signal)
        self._fixed_port = port
        self._usual_port = usual_port
        self._port = port or 0

    @property
    @abstractmethod
    def url(self) -> str:
        """Known once started; holds the password, so it is not for logs."""

    @property
    def port(self) -> int:
        return self._port

    @property
    def pid(self) -> int | None:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.running

    def start(self) -> Self:
        """Makes what is not there yet, and returns when it serves.

        Raises StoreMissingError, StoreFailedError, or FolderInUseError when a living process of ours serves it.
        """
        if not self.running:
            self._port = self._fixed_port or 0
            self._start()
        return self

    def stop(self) -> None:
        """Politely: what was confirmed is flushed."""
        self._process.stop(patience=self.stop_seconds)
        self._claim.release()

    def kill(self) -> None:
        """SIGKILL to the server, as a crash would; start() or restart() recovers what was persisted."""
        self._process.kill()
        self._claim.release()

    def restart(self) -> None:
        """Stops the server if it runs and starts it on the same port."""
        self._process.stop(patience=self.stop_seconds)
        self._start()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @abstractmethod
    def _find_programs(self) -> None:
        """Raises StoreMissingError, which names the ways out, before anything is touched."""

    @abstractmethod
    def _prepare(self) -> None:
        """Stops what an owner that died left behind (we hold the claim) and makes what the server needs."""

    @abstractmethod
    def _spawn(self) -> None:
        """Starts the process on the port."""

    @abstractmethod
    def _serves(self) -> bool:
        """Whether it takes work: an open port is too early."""

    @abstractmethod
    def _will_pass(self, failure: str, *, any_port: bool) -> bool:
        """Whether a failed start is worth another try; `any_port` when the next try may take another port."""

    def _start(self) -> None:
        self._find_programs()
        self._claim.take()
        try:
            self._prepare()
            self._serve()
        except BaseException:
            self.stop()
            raise

    def _serve(self) -> None:
        any_port = self._port == 0
        if not any_port and is_busy(self._port):
            raise StoreFailedError(
                f"Port {self._port} is taken, so {self.name} cannot serve it. Set {self.port_variable} to another."
            )
        deadline = time.monotonic() + _RETRY_SECONDS
        while True:
            if any_port:
                self._port = self._take_port()
            self._spawn()
            try:
                self._process.await_ready(self._serves, seconds=self.start_seconds)
                return
            except StoreFailedError as failure:
                if not self._will_pass(str(failure), any_port=any_port) or time.monotonic() > deadline:
                    raise
            time.sleep(_RETRY_PAUSE)

    def _take_port(self) -> int:
        """A free port. The usual one is offered once, because somebody else may be starting on it as well."""
        usual, self._usual_port = self._usual_port, None
        return free_port() if usual is None or is_busy(usual) else usual
