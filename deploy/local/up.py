"""`up`: stores, migrations, processes, readiness, a table of addresses; then watching, until asked to stop."""

import asyncio
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.addresses import MIGRATING, Addresses
from deploy.local.certificates import OUTSIDER, issue_missing, tls_environment
from deploy.local.errors import FolderInUseError, LocalError
from deploy.local.migrations import migrate
from deploy.local.orphans import stop_left_over
from deploy.local.plan import Plan, Surroundings, five_processes, one_process
from deploy.local.run_folder import REPOSITORY, RunFolder
from deploy.local.stores import Stores
from deploy.local.summary import addresses_table
from deploy.local.supervisor import Supervisor
from deploy.local.terminal import Progress, say

_ORPHAN_PATIENCE = 15.0
_STORE_CHECK_SECONDS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What `up` was asked for. `patience`: seconds a process has to stop before it is killed."""

    single: bool = False
    demo: bool = False
    replicas: Mapping[str, int] = field(default_factory=dict)
    patience: float = 30.0
    ready_seconds: float = 60.0


class Up:
    """One run of the mesh in the foreground. `on_ready` is called once everything serves."""

    def __init__(
        self,
        options: Options,
        *,
        code: Path,
        environment: Mapping[str, str],
        on_ready: Callable[[], None] = lambda: None,
    ) -> None:
        self._options = options
        self._code = code
        self._environment = environment
        self._on_ready = on_ready
        self._report = Progress()
        self._run = RunFolder.from_environment(environment)
        self._addresses = Addresses.read(environment, replicas=options.replicas, single=options.single)
        self._stores = Stores(self._run.path, environment, report=self._report)
        self._supervisor: Supervisor | None = None
        self._stop = asyncio.Event()

    async def run(self) -> None:
        """Returns after a clean stop. Raises LocalError when the mesh could not start or could not go on."""
        self._run.prepare()
        self._claim()
        self._listen_to_signals()
        try:
            await self._until_asked_to_stop()
        finally:
            await self._end()

    def _claim(self) -> None:
        try:
            self._run.claim.take()
        except FolderInUseError:
            raise FolderInUseError(
                f"The mesh is already running here (process {self._run.claim.holder()}, data in {self._run.path}).\n"
                "`make health` shows how it is, `make down` stops it. RUN_DIR and other ports make room for another."
            ) from None

    def _listen_to_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._asked_to_stop)

    def _asked_to_stop(self) -> None:
        if not self._stop.is_set():
            self._report("stopping (asking once more kills what has not stopped yet)")
            self._stop.set()
        elif self._supervisor is not None:
            self._supervisor.hurry()

    async def _until_asked_to_stop(self) -> None:
        work = asyncio.create_task(self._start_and_watch(), name="mesh")
        asked = asyncio.create_task(self._stop.wait(), name="stop")
        await asyncio.wait({work, asked}, return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
        if work.done():
            work.result()
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)

    async def _start_and_watch(self) -> None:
        stop_left_over(self._run.pids, patience=_ORPHAN_PATIENCE, report=self._report)
        if busy := self._addresses.busy():
            raise LocalError("\n".join(busy))
        if self._addresses.tls:
            issue_missing(self._run.certificates)
        self._stores.start()
        around = self._surroundings()
        self._tell()
        await migrate(MIGRATING, around=around)
        plan = one_process(around) if self._options.single else five_processes(around)
        self._supervisor = await self._start(plan)
        say(addresses_table(self._addresses, run=self._run))
        self._on_ready()
        await self._watch(self._supervisor)

    async def _start(self, plan: Plan) -> Supervisor:
        supervisor = self._supervisor = Supervisor(
            plan.children, order=plan.order, report=self._report, patience=self._options.patience
        )
        supervisor.start()
        self._report(f"started {', '.join(plan.children)}; waiting until each is ready")
        await supervisor.await_ready(plan.probes, seconds=self._options.ready_seconds)
        return supervisor

    def _surroundings(self) -> Surroundings:
        return Surroundings(
            addresses=self._addresses,
            run=self._run,
            code=self._code,
            inherited=self._environment,
            stores=self._stores.urls,
            report=self._report,
        )

    def _tell(self) -> None:
        outsider = tls_environment(self._run.certificates, OUTSIDER) if self._addresses.tls else {}
        self._run.tell(self._addresses.mesh_environment() | outsider | self._stores.urls)

    async def _watch(self, supervisor: Supervisor) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(supervisor.wait())
                group.create_task(self._revive_stores())
                if self._options.demo:
                    group.create_task(self._demo())
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from None

    async def _revive_stores(self) -> None:
        while True:
            await asyncio.sleep(_STORE_CHECK_SECONDS)
            for name in self._stores.revive():
                self._report(f"{name} had stopped and was started again")

    async def _demo(self) -> None:
        """In a process of its own: it may take its time, and may fail, without disturbing the watch."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "deploy.local", "demo"),
            cwd=REPOSITORY,
            env=self._surroundings().shared_environment() | {"RUN_DIR": str(self._run.path)},
        )
        try:
            code = await process.wait()
        finally:
            if process.returncode is None:
                process.terminate()
                await process.wait()
        self._report("the demo is through; the mesh keeps running" if code == 0 else f"the demo failed (code {code})")

    async def _end(self) -> None:
        if self._supervisor is not None:
            await self._supervisor.stop()
        self._stores.stop()
        self._run.forget()
        self._report("everything is stopped")
        self._run.claim.release()
