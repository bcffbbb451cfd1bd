"""An embedded Valkey (or Redis): one folder holds its configuration, data, log and lock; it serves 127.0.0.1 only."""

import contextlib
import secrets
import signal
import socket
from pathlib import Path

from deploy.local.embedded import EmbeddedServer
from deploy.local.orphans import read_pid, stop_process
from deploy.local.ports import LOOPBACK
from deploy.local.programs import find_valkey

_PORT_TAKEN = "Could not create server TCP listening socket"


class Valkey(EmbeddedServer):
    """A server for the Redis protocol (database 0; 16 exist). `persist` False keeps nothing over a restart."""

    name = "Valkey"
    port_variable = "REDIS_PORT"
    stop_signal = signal.SIGTERM
    start_seconds = 30.0
    stop_seconds = 10.0

    def __init__(
        self,
        folder: Path,
        *,
        port: int | None = None,
        usual_port: int | None = None,
        persist: bool = True,
        program: Path | None = None,
    ) -> None:
        super().__init__(folder, port=port, usual_port=usual_port)
        self._persist = persist
        self._program = program
        self._password = secrets.token_hex(16)

    @property
    def url(self) -> str:
        return f"redis://:{self._password}@{LOOPBACK}:{self._port}/0"

    def _find_programs(self) -> None:
        self._program = self._program or find_valkey()

    def _prepare(self) -> None:
        pid = read_pid(self._pid_file)
        if pid is not None:
            stop_process(pid, mark=str(self._folder), first=signal.SIGTERM, patience=self.stop_seconds)
            self._pid_file.unlink(missing_ok=True)

    def _spawn(self) -> None:
        self._process.spawn([str(self._program), str(self._write_configuration())])

    def _will_pass(self, failure: str, *, any_port: bool) -> bool:
        # A free port may be lost to someone quicker.
        return any_port and _PORT_TAKEN in failure

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

    def _serves(self) -> bool:
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
