"""Recognises server processes left behind by a run that was killed, and stops them.

A process is known by its number *and* by a piece of its command line, because numbers are used again.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

_POLL_SECONDS = 0.02


def command_line(pid: int) -> str:
    """The command line of a living process, or "" when there is none (a zombie counts as none)."""
    if sys.platform == "linux":
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:
            return ""
    listing = subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return listing.stdout.strip()


def is_running(pid: int, *, mark: str) -> bool:
    """Whether process `pid` lives and has `mark` in its command line."""
    return mark in command_line(pid)


def read_pid(file: Path) -> int | None:
    """The process number on the first line of `file`, or None when there is no such file or no number in it."""
    try:
        return abs(int(file.read_text().split("\n", 1)[0]))
    except (OSError, ValueError):
        return None


def stop_process(pid: int, *, mark: str, first: signal.Signals, patience: float) -> bool:
    """Stops a process that is not our child: `first`, then SIGKILL after `patience` seconds.

    Returns whether there was such a process. A process that loses its mark meanwhile is no longer ours to touch.
    """
    if not is_running(pid, mark=mark):
        return False
    for number, wait in ((first, patience), (signal.SIGKILL, 5.0)):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return True
        deadline = time.monotonic() + wait
        while is_running(pid, mark=mark) and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
        if not is_running(pid, mark=mark):
            return True
    return True


class PidFile:
    """Two lines, a process number and its mark, so that a later run can find what a killed one left behind."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, *, pid: int, mark: str) -> None:
        self._path.write_text(f"{pid}\n{mark}\n")

    def remove(self) -> None:
        self._path.unlink(missing_ok=True)

    def stop_left_over(self, *, first: signal.Signals, patience: float) -> bool:
        """Stops the process in the file, if it still is that process, and removes the file."""
        pid = read_pid(self._path)
        mark = self._path.read_text().split("\n")[1:2] if pid is not None else []
        found = pid is not None and bool(mark) and stop_process(pid, mark=mark[0], first=first, patience=patience)
        self.remove()
        return found


def stop_left_over(folder: Path, *, patience: float, report: Callable[[str], None]) -> None:
    """Stops every process that has a file in `folder`: only its owner may call this, so all of them are orphans."""
    for file in sorted(folder.glob("*.pid")):
        if PidFile(file).stop_left_over(first=signal.SIGTERM, patience=patience):
            report(f"{file.stem}: stopped a process left over from a run that was killed")
