"""`restart`: every replica of a running mesh is ended and started anew, one after the other, as a rollout does it.

A replica is asked to stop (it drains), the supervisor starts it again, and only when it is ready the next one follows.
"""

import asyncio
import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path

from deploy.local.addresses import SERVICES, Addresses, Replica
from deploy.local.errors import LocalError
from deploy.local.orphans import read_pid
from deploy.local.readiness import ask_grpc, ask_http
from deploy.local.run_folder import RunFolder
from deploy.local.terminal import say

_PAUSE = 0.1


async def restart(run: RunFolder, *, services: tuple[str, ...] = SERVICES, seconds: float = 60.0) -> list[str]:
    """Returns the replicas' names in the order in which they were restarted.

    Raises LocalError when no mesh runs, or a replica is not ready again after `seconds`.
    """
    told = run.told()
    if not told:
        raise LocalError("The mesh is not running. Start it with `make up`.")
    counts = {service: len(list(_pid_files(run, service))) for service in SERVICES}
    addresses = Addresses.read(told, replicas={name: count for name, count in counts.items() if count > 1})
    done = []
    for service in services:
        for replica in addresses.of(service):
            await _renew(replica, run.pids / f"{replica.name}.pid", seconds)
            done.append(replica.name)
    return done


async def _renew(replica: Replica, pid_file: Path, seconds: float) -> None:
    before = read_pid(pid_file)
    if before is None:
        raise LocalError(f"{replica.name} is not running: nothing was restarted after it.")
    with contextlib.suppress(ProcessLookupError):
        os.kill(before, signal.SIGTERM)
    try:
        async with asyncio.timeout(seconds):
            while True:
                if await _is_new(replica, pid_file, before):
                    break
                await asyncio.sleep(_PAUSE)
    except TimeoutError:
        raise LocalError(f"{replica.name} was not ready again after {seconds:.0f} s; the others go on.") from None
    say(f"{replica.name} is new (process {before} → {read_pid(pid_file)})")


async def _is_new(replica: Replica, pid_file: Path, before: int) -> bool:
    if read_pid(pid_file) in (before, None):
        return False
    if not (await ask_grpc(replica.health_address)).serving:
        return False
    return replica.http is None or (await ask_http(f"{replica.http_url}/health/ready")).serving


def _pid_files(run: RunFolder, service: str) -> Iterator[Path]:
    return (file for file in run.pids.glob("*.pid") if file.stem == service or file.stem.startswith(f"{service}-"))
