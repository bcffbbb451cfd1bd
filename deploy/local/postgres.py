"""An embedded PostgreSQL: one folder holds its cluster, password, log and lock; it serves 127.0.0.1 only."""

import signal
from pathlib import Path

from deploy.local.account import Account, choose_account
from deploy.local.cluster import DATABASE, USER, Cluster
from deploy.local.embedded import EmbeddedServer
from deploy.local.orphans import is_running, read_pid, stop_process
from deploy.local.ports import LOOPBACK
from deploy.local.programs import PostgresPrograms, find_postgres

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


class Postgres(EmbeddedServer):
    """A PostgreSQL server; open transactions are rolled back when it stops.

    `fsync` False is for tests: a crash of the machine, not of the server, may then lose data.
    `programs` and `account` None look for what works here.
    """

    name = "PostgreSQL"
    port_variable = "POSTGRES_PORT"
    stop_signal = signal.SIGINT
    start_seconds = 60.0
    stop_seconds = 30.0

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
        super().__init__(folder, port=port, usual_port=usual_port)
        self._cluster = Cluster(self._folder)
        self._fsync = fsync
        self._programs = programs
        self._account = account

    @property
    def url(self) -> str:
        return f"postgresql://{USER}:{self._cluster.password}@{LOOPBACK}:{self._port}/{DATABASE}"

    def _find_programs(self) -> None:
        self._programs = self._programs or find_postgres()
        self._account = self._account or choose_account()

    def _prepare(self) -> None:
        assert self._programs is not None
        assert self._account is not None
        self._clear_leftovers()
        self._cluster.prepare(self._programs, self._account, fsync=self._fsync)

    def _spawn(self) -> None:
        assert self._programs is not None
        assert self._account is not None
        self._process.spawn(self._command(self._programs), prefix=self._account.prefix, user=self._account.user)

    def _will_pass(self, failure: str, *, any_port: bool) -> bool:
        # Children of a killed server take a moment to notice; a free port may be lost to someone quicker.
        return _CHILDREN_STILL_THERE in failure or (any_port and _PORT_TAKEN in failure)

    def _command(self, programs: PostgresPrograms) -> list[str]:
        settings = {**_SETTINGS, **({} if self._fsync else _CARELESS), "port": str(self._port)}
        options = [f"--{name}={value}" for name, value in settings.items()]
        return [str(programs.postgres), "-D", str(self._cluster.data), *options]

    def _serves(self) -> bool:
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
        stop_process(pid, mark=mark, first=signal.SIGINT, patience=self.stop_seconds)
        if not is_running(pid, mark=mark):
            # PostgreSQL would refuse to start when an unrelated process now has the number in this file.
            pid_file.unlink(missing_ok=True)
