"""An embedded PostgreSQL: one folder holds its cluster, password, log and lock; it serves 127.0.0.1 only."""

import signal
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.local.account import Account, choose_account
from deploy.local.claim import FolderClaim
from deploy.local.cluster import DATABASE, USER, Cluster
from deploy.local.errors import StoreFailedError
from deploy.local.orphans import is_running, read_pid, stop_process
from deploy.local.ports import LOOPBACK, free_port, is_busy
from deploy.local.programs import PostgresPrograms, find_postgres
from deploy.local.server import ServerProcess

_START_SECONDS = 60.0
_STOP_SECONDS = 30.0
_RETRY_SECONDS = 10.0
_RETRY_PAUSE = 0.05
_SETTINGS = {
    "listen_addresses": LOOPBACK,
    # No socket file: its path may be 107 bytes long at most, and a data folder may lie deep.
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "off",
    "cluster_name": "agente-hotelero",
}
_CARELESS = {"fsync": "off", "full_page_writes": "off"}
_CHILDREN_STILL_THERE = "pre-existing shared memory block"
_PORT_TAKEN = "could not bind"


class Postgres:
    """A PostgreSQL server whose data outlives it. `with Postgres(folder) as pg: pg.url`.

    `port` None takes `usual_port` at start() if that is free, else any free one; restart() keeps it.
    `fsync` False is for tests: a crash of the machine, not of the server, may then lose data.
    `programs` and `account` None look for what works here.
    """

    def __init__(
        self,
        folder: Path,
        *,
        port: int | None = None,
        usual_port: int | None = None,
        fsync: bool = True,
        programs: PostgresPrograms | None = None,
        account: Account | None = None,
    ) -> None:
        folder = folder.resolve()
        self._cluster = Cluster(folder)
        self._claim = FolderClaim(folder)
        self._process = ServerProcess(name="PostgreSQL", log=folder / "server.log", stop_signal=signal.SIGINT)
        self._fixed_port = port
        self._usual_port = usual_port
        self._port = port or 0
        self._fsync = fsync
        self._programs = programs
        self._account = account

    @property
    def url(self) -> str:
        """Known once started; holds the password, so it is not for logs."""
        return f"postgresql://{USER}:{self._cluster.password}@{LOOPBACK}:{self._port}/{DATABASE}"

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
        """Makes the cluster when there is none, and returns when it serves.

        Raises StoreMissingError, StoreFailedError, or FolderInUseError when a living process of ours serves it.
        """
        if not self.running:
            self._port = self._fixed_port or 0
            self._start()
        return self

    def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back, data is flushed."""
        self._process.stop(patience=_STOP_SECONDS)
        self._claim.release()

    def kill(self) -> None:
        """SIGKILL to the server, as a crash would; start() or restart() recovers."""
        self._process.kill()
        self._claim.release()

    def restart(self) -> None:
        """Stops the server if it runs and starts it on the same port."""
        self._process.stop(patience=_STOP_SECONDS)
        self._start()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _start(self) -> None:
        programs = self._programs = self._programs or find_postgres()
        account = self._account = self._account or choose_account()
        self._claim.take()
        try:
            self._clear_leftovers()
            self._cluster.prepare(programs, account, fsync=self._fsync)
            self._serve(programs, account)
        except BaseException:
            self.stop()
            raise

    def _serve(self, programs: PostgresPrograms, account: Account) -> None:
        keep_port = self._port != 0
        if keep_port and is_busy(self._port):
            raise StoreFailedError(
                f"Port {self._port} is taken, so PostgreSQL cannot serve it. Set POSTGRES_PORT to another."
            )
        deadline = time.monotonic() + _RETRY_SECONDS
        while True:
            if not keep_port:
                self._port = self._take_port()
            self._process.spawn(self._command(programs), prefix=account.prefix, user=account.user)
            try:
                self._process.await_ready(self._says_ready, seconds=_START_SECONDS)
                return
            except StoreFailedError as failure:
                # Children of a killed server take a moment to notice; a free port may be lost to someone quicker.
                passing = _CHILDREN_STILL_THERE in str(failure) or (_PORT_TAKEN in str(failure) and not keep_port)
                if not passing or time.monotonic() > deadline:
                    raise
            time.sleep(_RETRY_PAUSE)

    def _take_port(self) -> int:
        """A free port. The usual one is offered once, because somebody else may be starting on it as well."""
        usual, self._usual_port = self._usual_port, None
        return free_port() if usual is None or is_busy(usual) else usual

    def _command(self, programs: PostgresPrograms) -> list[str]:
        settings = {**_SETTINGS, **({} if self._fsync else _CARELESS), "port": str(self._port)}
        options = [f"--{name}={value}" for name, value in settings.items()]
        return [str(programs.postgres), "-D", str(self._cluster.data), *options]

    def _says_ready(self) -> bool:
        """The server writes its state into the eighth line of its pid file, so no client is needed to ask."""
        try:
            lines = (self._cluster.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) >= 8 and lines[0] == str(self.pid) and lines[7].strip() == "ready"

    def _clear_leftovers(self) -> None:
        """We hold the folder's claim, so whatever still serves it was left behind by an owner that died."""
        pid_file, mark = self._cluster.data / "postmaster.pid", str(self._cluster.data)
        pid = read_pid(pid_file)
        if pid is None:
            return
        stop_process(pid, mark=mark, first=signal.SIGINT, patience=_STOP_SECONDS)
        if not is_running(pid, mark=mark):
            # PostgreSQL would refuse to start when an unrelated process now has the number in this file.
            pid_file.unlink(missing_ok=True)
