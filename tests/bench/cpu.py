"""Processor time and memory of processes, from /proc: what a figure costs does not depend on who else is running."""

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


def seconds(pids: Iterable[int]) -> float:
    """User and system time so far of these processes, children that ended included."""
    ticks = 0
    for pid in pids:
        # One that has just ended is counted with its parent.
        with suppress(FileNotFoundError, ProcessLookupError):
            ticks += sum(map(int, _fields(pid)[11:15]))
    return ticks / _TICKS


def own_seconds() -> float:
    """User and system time of this process."""
    spent = os.times()
    return spent.user + spent.system


def resident_mb(pids: Iterable[int]) -> float:
    """Memory that is theirs alone or shared, as `ps` counts it."""
    return sum(int((Path("/proc") / str(pid) / "statm").read_text().split()[1]) for pid in pids) * _PAGE / 2**20


def open_files(pids: Iterable[int]) -> int:
    """Descriptors in use: files, pipes, sockets."""
    return sum(len(list((Path("/proc") / str(pid) / "fd").iterdir())) for pid in pids)


def threads(pids: Iterable[int]) -> int:
    """Threads, each process's first included."""
    return sum(int(_fields(pid)[17]) for pid in pids)


def family(pid: int) -> list[int]:
    """A process and everything below it."""
    children = _children()
    found, ahead = [], [pid]
    while ahead:
        one = ahead.pop()
        found.append(one)
        ahead += children.get(one, [])
    return found


def listener(port: int) -> int:
    """The process that listens on a TCP port of this machine. Raises LookupError."""
    sockets = {
        fields[9]
        for table in ("tcp", "tcp6")
        for fields in (line.split() for line in (Path("/proc/net") / table).read_text().splitlines()[1:])
        if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == port
    }
    for entry in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            target = str(entry.readlink())
        except OSError:
            continue
        if target.startswith("socket:[") and target[8:-1] in sockets:
            return int(entry.parts[2])
    raise LookupError(f"nobody listens on port {port}")


def _children() -> Mapping[int, list[int]]:
    below: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                below.setdefault(int(_fields(int(entry.name))[1]), []).append(int(entry.name))
            except FileNotFoundError:
                continue
    return below


def _fields(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat from the state on; the name before them may hold anything."""
    return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()
