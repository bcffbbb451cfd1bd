"""`logs`: the ends of all log files, or of one, each line led by its service's name; `follow` goes on for ever."""

import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from deploy.local.errors import LocalError
from deploy.local.run_folder import RunFolder
from deploy.local.terminal import say

_POLL_SECONDS = 0.3


class _Follower:
    """Reads what was added to a file since the last time; begins anew when the file was set aside or cut."""

    def __init__(self, name: str, path: Path, *, width: int) -> None:
        self._prefix = f"{name.ljust(width)} | "
        self._path = path
        self._position = 0
        self._rest = ""

    def last(self, lines: int) -> Iterator[str]:
        with self._path.open(errors="replace") as file:
            kept = deque(file, lines)
            self._position = file.tell()
        for line in kept:
            yield self._prefix + line.rstrip("\n")

    def added(self) -> Iterator[str]:
        try:
            if self._path.stat().st_size < self._position:
                self._position, self._rest = 0, ""
            with self._path.open(errors="replace") as file:
                file.seek(self._position)
                text = self._rest + file.read()
                self._position = file.tell()
        except FileNotFoundError:
            return
        *whole, self._rest = text.split("\n")
        for line in whole:
            yield self._prefix + line


def show_logs(run: RunFolder, *, name: str | None, follow: bool, lines: int) -> None:
    """Raises LocalError when there is no log of that name."""
    files = _files(run)
    if name is not None:
        if name not in files:
            raise LocalError(f"There is no log of {name!r} in {run.path}. There is: {', '.join(files) or 'none yet'}.")
        files = {name: files[name]}
    width = max(map(len, files), default=0)
    followers = [_Follower(found, path, width=width) for found, path in files.items()]
    for follower in followers:
        for line in follower.last(lines):
            say(line)
    while follow:
        for follower in followers:
            for line in follower.added():
                say(line)
        time.sleep(_POLL_SECONDS)


def _files(run: RunFolder) -> dict[str, Path]:
    found = {path.stem: path for path in sorted(run.logs.glob("*.log"))}
    for store in ("postgres", "valkey"):
        path = run.path / store / "server.log"
        if path.exists():
            found[store] = path
    return found
