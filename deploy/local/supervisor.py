"""Keeps the processes of the mesh running, tells when they are ready, and stops them in the order that loses nothing.

Callers stop before those they call: gateway, orchestrator, nlp, session, pms.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from deploy.local.child import Child, describe_exit
from deploy.local.errors import LocalError

STOP_ORDER = ("gateway", "orchestrator", "nlp", "session", "pms")
_PROBE_PAUSE = 0.1
_LOG_LINES = 30

Probe = Callable[[], Awaitable[bool]]


class NotReadyError(LocalError):
    """A process ended or stayed unready while the mesh was starting; the text has the end of its log."""


class Supervisor:
    """Runs `children` (name → process). `order` lists names in the order to stop them; each is given `patience` s."""

    def __init__(
        self,
        children: Mapping[str, Child],
        *,
        order: Sequence[str],
        report: Callable[[str], None],
        patience: float = 30.0,
    ) -> None:
        self._children = dict(children)
        self._order = [name for name in order if name in self._children]
        self._order += [name for name in self._children if name not in self._order]
        self._report = report
        self._patience = patience
        self._tasks: dict[str, asyncio.Task[None]] = {}

    @property
    def restarts(self) -> dict[str, int]:
        """How often each process was started again."""
        return {name: child.restarts for name, child in self._children.items()}

    def start(self) -> None:
        for name, child in self._children.items():
            self._tasks[name] = asyncio.create_task(child.run(), name=f"child-{name}")

    async def await_ready(self, probes: Mapping[str, Probe], *, seconds: float) -> None:
        """Returns when every probe has said yes once.

        Raises NotReadyError when time is up, or at once when a process ends by itself: at the start that is a wrong
        setting, which does not get better by trying again.
        """
        try:
            async with asyncio.TaskGroup() as group:
                for name, probe in probes.items():
                    group.create_task(self._await_one(self._children[name], probe, seconds))
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from None

    async def wait(self) -> None:
        """Runs for ever; raises what a watching task raised, because nobody would watch its process any more."""
        # Not gather(): when this call is cancelled, the watching has to go on until stop().
        done, _ = await asyncio.wait(self._tasks.values(), return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()

    async def stop(self) -> None:
        """Stops all, one after the other, and returns when none is left."""
        for name in self._order:
            child, task = self._children[name], self._tasks.get(name)
            if task is None:
                continue
            if child.pid is not None:
                self._report(f"stopping {name}")
            await child.stop(patience=self._patience)
            await asyncio.gather(task, return_exceptions=True)

    def hurry(self) -> None:
        """Ends the wait of a stop() in progress: kills what is left."""
        self._patience = 0.0
        for child in self._children.values():
            child.stop_at_once()

    async def _await_one(self, child: Child, probe: Probe, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                while not await probe():
                    if child.exit_code is not None and child.exit_code >= 0:
                        raise NotReadyError(_with_log(f"{child.name} {describe_exit(child.exit_code)}", child))
                    await asyncio.sleep(_PROBE_PAUSE)
        except TimeoutError:
            raise NotReadyError(_with_log(f"{child.name} was not ready after {seconds:.0f} s", child)) from None
        self._report(f"{child.name} is ready")


def _with_log(sentence: str, child: Child) -> str:
    return f"{sentence}. The end of its log:\n{child.tail(_LOG_LINES)}"
