"""Brings the database up to date: `python -m services.<name> migrate` for each service that owns tables."""

import asyncio
import signal
import sys
from collections import deque
from collections.abc import Sequence
from pathlib import Path

from deploy.local.child import describe_exit
from deploy.local.errors import LocalError
from deploy.local.leash import leashed
from deploy.local.plan import Surroundings

_SECONDS = 120.0
_LOG_LINES = 30


async def migrate(services: Sequence[str], *, around: Surroundings) -> None:
    """All at once, each in its own schema. Raises LocalError with the end of the log of each that failed."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_migrate_one(name, around)) for name in services]
    failures = [failure for task in tasks if (failure := task.result()) is not None]
    if failures:
        raise LocalError("\n".join(failures))


async def _migrate_one(name: str, around: Surroundings) -> str | None:
    """What went wrong, in words, or None."""
    log = around.run.log(f"{name}-migrate")
    command = leashed([sys.executable, "-m", f"services.{name}", "migrate"], parent_death_signal=signal.SIGTERM)
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=around.shared_environment(),
            cwd=around.code,
            start_new_session=True,
        )
    try:
        code = await asyncio.wait_for(process.wait(), _SECONDS)
    except TimeoutError:
        return f"The migration of {name} took longer than {_SECONDS:.0f} s. The end of its log:\n{_tail(log)}"
    finally:
        # Also when the whole start is called off: the database must not change behind our back.
        if process.returncode is None:
            process.kill()
            await process.wait()
    if code != 0:
        return f"The migration of {name} {describe_exit(code)}. The end of its log:\n{_tail(log)}"
    around.report(f"{name}: tables are up to date")
    return None


def _tail(log: Path) -> str:
    with log.open(errors="replace") as lines:
        return "".join(f"  {line}" for line in deque(lines, _LOG_LINES)).rstrip("\n")
