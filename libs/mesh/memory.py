"""How much memory this process may have, beside the `process_resident_memory_bytes` that the client library tells."""

from __future__ import annotations

import contextlib
import math
from pathlib import Path

from prometheus_client import Gauge

# cgroup v2, then v1.
_FILES = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
_NO_LIMIT_BYTES = 1 << 60  # v1 writes a number near 2^63 for none

LIMIT = Gauge("mesh_memory_limit_bytes", "Memory limit of the container; +Inf without one.")


def limit_bytes(files: tuple[Path, ...] = _FILES) -> float:
    """The container's limit, read anew each time: it can be changed while the process runs."""
    for file in files:
        with contextlib.suppress(OSError, ValueError):
            bytes_ = int(file.read_text())
            return float(bytes_) if bytes_ < _NO_LIMIT_BYTES else math.inf
    return math.inf


def tell_limit() -> None:
    """Makes the gauge tell it."""
    LIMIT.set_function(limit_bytes)
