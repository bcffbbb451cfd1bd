"""One store's server process: started on a leash, awaited until it serves, stopped politely, killed when it must be."""

import atexit
import contextlib
import os
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from deploy.local.errors import StoreFailedError
from deploy.local.leash import leashed

_POLL_SECONDS = 0.01
_LOG_LIMIT_BYTES = 10_000_000


class ServerProcess:
    """A child process that serves a port, with its log. Every method may be called in any state."""

    def __init__(self, *, name: str, log: Path, stop_signal: signal.Signals) -> None:
        self._name = name
        self._log = log
        self._stop_signal = stop_signal
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._log_start = 0

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def spawn(self, command: Sequence[str], *, prefix: Sequence[str] = (), user: str | None = None) -> None:
        """Starts the server in a session of its own, so that Ctrl-C at the terminal reaches only the supervisor."""
        self._log_start = _rotate(self._log)
        argv = leashed(command, parent_death_signal=self._stop_signal, user=user, prefix=prefix)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, cwd="/"
            )
        self._owner = os.getpid()
        atexit.register(self._stop_at_exit)

    def await_ready(self, ready: Callable[[], bool], *, seconds: float) -> None:
        """Returns once `ready()` is true. Raises StoreFailedError, with the end of the log, when it will not be."""
        deadline = time.monotonic() + seconds
        while not ready():
            if not self.running:
                code = None if self._process is None else self._process.returncode
                raise StoreFailedError(
                    f"{self._name} stopped while starting (code {code}). The end of its log:\n{self.tail()}"
                )
            if time.monotonic() > deadline:
                raise StoreFailedError(
                    f"{self._name} was not ready after {seconds:.0f} s. The end of its log:\n{self.tail()}"
                )
            time.sleep(_POLL_SECONDS)

    def stop(self, *, patience: float) -> bool:
        """Asks the server to stop and waits. Returns False when it had to be killed after `patience` seconds."""
        if self._process is None:
            return True
        polite = True
        if self.running:
            self._process.send_signal(self._stop_signal)
            try:
                self._process.wait(patience)
            except subprocess.TimeoutExpired:
                polite = False
                self.kill()
        self._forget()
        return polite

    def kill(self) -> None:
        """SIGKILL, as a crash would: nothing is flushed, nothing is cleaned up."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._forget()

    def tail(self, lines: int = 20) -> str:
        """The last lines that the server wrote since it was last started, indented."""
        try:
            with self._log.open(errors="replace") as log:
                log.seek(self._log_start)
                return "".join(f"  {line}" for line in deque(log, lines)).rstrip()
        except OSError:
            return "  (no log)"

    def _forget(self) -> None:
        self._process = None
        atexit.unregister(self._stop_at_exit)

    def _stop_at_exit(self) -> None:
        if os.getpid() == self._owner:
            with contextlib.suppress(OSError):
                self.stop(patience=10)


def _rotate(log: Path) -> int:
    """Sets a log aside that has grown too long; returns the length of the one that will be written to."""
    if not log.exists():
        return 0
    length = log.stat().st_size
    if length <= _LOG_LIMIT_BYTES:
        return length
    log.replace(log.with_name(log.name + ".1"))
    return 0
