"""An embedded Valkey (or Redis): one folder holds its configuration, data, log and lock; it serves 127.0.0.1 only."""

import contextlib
import secrets
import signal
import socket
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.local.claim import FolderClaim
from deploy.local.errors import StoreFailedError
from deploy.local.orphans import read_pid, stop_process
from deploy.local.ports import LOOPBACK, free_port, is_busy
from deploy.local.programs import find_valkey
from deploy.local.server import ServerProcess

_START_SECONDS = 30.0
_STOP_SECONDS = 10.0
_RETRY_SECONDS = 10.0
_PORT_TAKEN = "Could not create server TCP listening socket"


class Valkey:
    """A server for the Redis protocol. `with Valkey(folder) as valkey: valkey.url` (database 0; 16 exist).

    `port` None takes `usual_port` at start() if that is free, else any free one; restart() keeps it.
    `persist` False keeps nothing over a restart.
    """

    def __init__(
        self,
        folder: Path,
        *,
        port: int | None = None,
        usual_port: int | None = None,
        persist: bool = True,
        program: Path | None = None,
    ) -> None:
        self._folder = folder.resolve()
        self._claim = FolderClaim(self._folder)
        self._process = ServerProcess(name="Valkey", log=self._folder / "server.log", stop_signal=signal.SIGTERM)
        self._fixed_port = port
        self._usual_port = usual_port
        self._port = port or 0
        self._persist = persist
        self._program = program
        self._password = secrets.token_hex(16)

    @property
    def url(self) -> str:
        """Known once started; holds the password, so it is not for logs."""
        return f"redis://:{self._password}@{LOOPBACK}:{self._port}/0"

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
        """Returns when it serves. Raises the same as Postgres.start."""
        if not self.running:
            self._port = self._fixed_port or 0
            self._start()
        return self

    def stop(self) -> None:
        self._process.stop(patience=_STOP_SECONDS)
        self._claim.release()

    def kill(self) -> None:
        """SIGKILL to the server, as a crash would; start() or restart() recovers what was persisted."""
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
        program = self._program = self._program or find_valkey()
        self._claim.take()
        try:
            self._stop_orphan()
            self._serve(program)
        except BaseException:
            self.stop()
            raise

    def _serve(self, program: Path) -> None:
        keep_port = self._port != 0
        if keep_port and is_busy(self._port):
            raise StoreFailedError(f"Port {self._port} is taken, so Valkey cannot serve it. Set REDIS_PORT to another.")
        deadline = time.monotonic() + _RETRY_SECONDS
        while True:
            if not keep_port:
                self._port = self._take_port()
            self._process.spawn([str(program), str(self._write_configuration())])
            try:
                self._process.await_ready(self._answers, seconds=_START_SECONDS)
                return
            except StoreFailedError as failure:
                # A free port may be lost to someone quicker.
                if keep_port or _PORT_TAKEN not in str(failure) or time.monotonic() > deadline:
                    raise

    def _take_port(self) -> int:
        """A free port. The usual one is offered once, because somebody else may be starting on it as well."""
        usual, self._usual_port = self._usual_port, None
        return free_port() if usual is None or is_busy(usual) else usual

    def _write_configuration(self) -> Path:
        """A file rather than options, because the password would be seen by everyone in the list of processes."""
        file = self._folder / "valkey.conf"
        lines = [
            f"bind {LOOPBACK}",
            f"port {self._port}",
            f"requirepass {self._password}",
            f'dir "{self._folder}"',
            f'pidfile "{self._pid_file}"',
            "daemonize no",
            # The command line stays as it was started: it tells an orphan of ours from a stranger.
            "set-proc-title no",
            'save ""',
            "appendonly yes" if self._persist else "appendonly no",
        ]
        file.unlink(missing_ok=True)
        file.touch(mode=0o600)
        file.write_text("\n".join(lines) + "\n")
        return file

    @property
    def _pid_file(self) -> Path:
        return self._folder / "server.pid"

    def _answers(self) -> bool:
        """PING over the wire: an open port is too early, the data may still be loading."""
        with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, self._port), timeout=1) as connection:
            connection.sendall(f"AUTH {self._password}\r\nPING\r\n".encode())
            answer = b""
            while answer.count(b"\r\n") < 2:
                part = connection.recv(256)
                if not part:
                    return False
                answer += part
            return answer == b"+OK\r\n+PONG\r\n"
        return False

    def _stop_orphan(self) -> None:
        """We hold the folder's claim, so whatever still serves it was left behind by an owner that died."""
        pid = read_pid(self._pid_file)
        if pid is not None:
            stop_process(pid, mark=str(self._folder), first=signal.SIGTERM, patience=_STOP_SECONDS)
            self._pid_file.unlink(missing_ok=True)
