"""One watched process: started on a leash, its output in a log file, started again when it dies, stopped on request."""

import asyncio
import contextlib
import os
import signal
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from deploy.local.leash import leashed
from deploy.local.orphans import PidFile

_LOG_LIMIT_BYTES = 20_000_000


class Backoff:
    """Pauses between restarts: 0.2 s, doubling to 5 s; from the start again after a life of 10 s or more."""

    def __init__(self, *, first: float = 0.2, most: float = 5.0, forgiven_after: float = 10.0) -> None:
        self._first = first
        self._most = most
        self._forgiven_after = forgiven_after
        self._next = first

    def pause(self, *, lived: float) -> float:
        """Seconds to wait after a process that lived so many seconds."""
        if lived >= self._forgiven_after:
            self._next = self._first
        pause = self._next
        self._next = min(self._next * 2, self._most)
        return pause


class Child:
    """`run()` keeps the process alive until `stop()`. `mark` is the part of its command line that it is known by."""

    def __init__(
        self,
        *,
        name: str,
        command: Sequence[str],
        mark: str,
        environment: Mapping[str, str],
        folder: Path,
        log: Path,
        pid_file: PidFile,
        report: Callable[[str], None],
        backoff: Backoff | None = None,
    ) -> None:
        self.name = name
        self.restarts = 0
        self.exit_code: int | None = None
        self._command = command
        self._mark = mark
        self._environment = environment
        self._folder = folder
        self._log = log
        self._pid_file = pid_file
        self._report = report
        self._backoff = backoff or Backoff()
        self._stopping = asyncio.Event()
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        """The running process; None between two lives."""
        return None if self._process is None else self._process.pid

    async def run(self) -> None:
        """Starts the process, and again whenever it ends, until stop() is called."""
        loop = asyncio.get_running_loop()
        while not self._stopping.is_set():
            started = loop.time()
            self.exit_code = await self._live()
            if self._stopping.is_set():
                return
            pause = self._backoff.pause(lived=loop.time() - started)
            self.restarts += 1
            self._report(
                f"{self.name} {describe_exit(self.exit_code)}; starting it again in {pause:.1f} s "
                f"(restart {self.restarts}; log: {self._log})"
            )
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)

    async def stop(self, *, patience: float) -> None:
        """SIGTERM, then SIGKILL after `patience` seconds. A process that is not running stays so."""
        self._stopping.set()
        process = self._process
        if process is None:
            return
        _send(process, signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), patience)
        except TimeoutError:
            self._report(f"{self.name} did not stop within {patience:.0f} s and was killed (SIGKILL)")
            _send(process, signal.SIGKILL)
            await process.wait()

    def stop_at_once(self) -> None:
        """SIGKILL without asking; it is not started again."""
        self._stopping.set()
        if self._process is not None:
            _send(self._process, signal.SIGKILL)

    def tail(self, lines: int) -> str:
        """The end of its log, indented."""
        try:
            with self._log.open(errors="replace") as log:
                return "".join(f"  {line}" for line in deque(log, lines)).rstrip("\n")
        except OSError:
            return "  (no log)"

    async def _live(self) -> int:
        if self._log.exists() and self._log.stat().st_size > _LOG_LIMIT_BYTES:
            self._log.replace(self._log.with_name(self._log.name + ".1"))
        command = leashed(self._command, parent_death_signal=signal.SIGTERM)
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=dict(self._environment),
                cwd=self._folder,
                # Ctrl-C at the terminal must reach the supervisor alone: it stops the children in their order.
                start_new_session=True,
            )
        self._pid_file.write(pid=self._process.pid, mark=self._mark)
        if self._stopping.is_set():
            # stop() came while the process was being made, and saw none.
            _send(self._process, signal.SIGTERM)
        code = await self._process.wait()
        self._process = None
        self._pid_file.remove()
        return code


def describe_exit(code: int | None) -> str:
    """How a process ended, in words: a negative code is the signal that ended it."""
    if code is not None and code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"stopped with exit code {code}"


def _send(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(process.pid, number) if process.returncode is None else None
