"""Watching processes: what died is started again, all stop in order, nobody is left, and a bad start is told."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from deploy.local.child import Backoff, Child, describe_exit
from deploy.local.orphans import PidFile, command_line, stop_left_over
from deploy.local.supervisor import NotReadyError, Supervisor
from tests.support.polling import until, wait_until

_QUIET = """
import signal, sys
from pathlib import Path
signal.signal(signal.SIGTERM, lambda *_: (trace(f"{name} stopped"), sys.exit(0)))
"""
_STUBBORN = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
_FRAME = """
import signal, sys
def trace(line):
    with open({trace!r}, "a") as file:
        file.write(line + "\\n")
name = {name!r}
{body}
trace(name + " started")
print(name + " says hello", flush=True)
while True:
    signal.pause()
"""


class Family:
    """Makes children from snippets; remembers what they and the supervisor said."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said: list[str] = []
        self._trace = folder / "trace"

    @property
    def trace(self) -> list[str]:
        return self._trace.read_text().splitlines() if self._trace.exists() else []

    def log(self, name: str) -> str:
        file = self.folder / f"{name}.log"
        return file.read_text() if file.exists() else ""

    def child(self, name: str, body: str = _QUIET) -> Child:
        script = self.folder / f"{name}.py"
        script.write_text(_FRAME.format(trace=str(self._trace), name=name, body=body))
        return Child(
            name=name,
            command=[sys.executable, str(script)],
            mark=str(script),
            environment=os.environ,
            folder=self.folder,
            log=self.folder / f"{name}.log",
            pid_file=self.pid_file(name),
            report=self.said.append,
            backoff=Backoff(first=0.01, most=0.02),
        )

    def pid_file(self, name: str) -> PidFile:
        return PidFile(self.folder / f"{name}.pid")

    @asynccontextmanager
    async def running(
        self, *children: Child, order: tuple[str, ...] = (), patience: float = 10.0
    ) -> AsyncIterator[Supervisor]:
        """A supervisor that has started, and leaves nobody behind whatever becomes of the test."""
        named = {child.name: child for child in children}
        supervisor = Supervisor(named, order=order, report=self.said.append, patience=patience)
        supervisor.start()
        try:
            yield supervisor
        finally:
            stopping = asyncio.create_task(supervisor.stop())
            await asyncio.sleep(0)
            supervisor.hurry()
            await stopping


@pytest.fixture
def family(tmp_path: Path) -> Family:
    return Family(tmp_path)


@pytest.fixture
def living_stranger() -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE) as stranger:
        yield stranger


def _started(family: Family, name: str, times: int = 1) -> Callable[[], bool]:
    return lambda: family.trace.count(f"{name} started") >= times


def _always(answer: bool) -> Callable[[], Awaitable[bool]]:
    async def probe() -> bool:
        return answer

    return probe


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
async def test_a_process_that_dies_is_started_again_and_counted(family: Family, number: signal.Signals) -> None:
    pms = family.child("pms")
    async with family.running(pms) as supervisor:
        for time in (1, 2, 3):
            await until(_started(family, "pms", time))
            await until(lambda: pms.pid is not None)
            assert pms.pid is not None
            os.kill(pms.pid, number)
        await until(_started(family, "pms", 4))
        await supervisor.stop()
        assert supervisor.restarts == {"pms": 3}
        assert "restart 3" in family.said[2]


def test_the_pause_before_a_restart_doubles_to_five_seconds_and_is_forgiven_by_a_long_life() -> None:
    backoff = Backoff()
    assert [backoff.pause(lived=0) for _ in range(7)] == [0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0]
    assert backoff.pause(lived=60) == 0.2


async def test_processes_stop_in_the_given_order_each_before_the_next_is_asked(family: Family) -> None:
    names = ("pms", "gateway", "session")
    async with family.running(*map(family.child, names), order=("gateway", "session", "pms")) as supervisor:
        for name in names:
            await until(_started(family, name))
        await supervisor.stop()
        assert family.trace[3:] == ["gateway stopped", "session stopped", "pms stopped"]


async def test_a_process_that_ignores_the_request_to_stop_is_killed_and_named(family: Family) -> None:
    stubborn = family.child("nlp", _STUBBORN)
    async with family.running(stubborn, patience=0.05) as supervisor:
        await until(_started(family, "nlp"))
        await supervisor.stop()
        assert stubborn.pid is None
        assert any("nlp did not stop" in line and "SIGKILL" in line for line in family.said)


async def test_hurry_ends_the_patience_for_a_stubborn_process(family: Family) -> None:
    async with family.running(family.child("nlp", _STUBBORN), patience=3600) as supervisor:
        await until(_started(family, "nlp"))
        stopping = asyncio.create_task(supervisor.stop())
        await until(lambda: "stopping nlp" in family.said)
        supervisor.hurry()
        await asyncio.wait_for(stopping, 20)


async def test_a_process_is_not_started_again_once_stopping_has_begun(family: Family) -> None:
    pms = family.child("pms")
    async with family.running(pms) as supervisor:
        await until(_started(family, "pms"))
        await supervisor.stop()
        assert pms.restarts == 0
        assert family.trace == ["pms started", "pms stopped"]


async def test_what_a_process_prints_is_kept_in_its_log(family: Family) -> None:
    async with family.running(family.child("pms")) as supervisor:
        await until(lambda: "pms says hello" in family.log("pms"))
        await supervisor.stop()


async def test_readiness_is_awaited_for_all(family: Family) -> None:
    async with family.running(family.child("pms"), family.child("nlp")) as supervisor:
        await supervisor.await_ready({"pms": _always(True), "nlp": _always(True)}, seconds=10)
        await supervisor.stop()
        assert sorted(family.said)[:2] == ["nlp is ready", "pms is ready"]


async def test_a_process_that_does_not_get_ready_is_told_with_the_end_of_its_log(family: Family) -> None:
    async with family.running(family.child("pms")) as supervisor:
        await until(_started(family, "pms"))
        await until(lambda: "hello" in family.log("pms"))
        with pytest.raises(NotReadyError, match=r"(?s)pms was not ready after.*pms says hello"):
            await supervisor.await_ready({"pms": _always(False)}, seconds=0.05)
        await supervisor.stop()


async def test_a_process_that_ends_by_itself_at_the_start_is_told_at_once(family: Family) -> None:
    async with family.running(family.child("pms", "sys.exit('HOTEL_FILES: no such file')")) as supervisor:
        with pytest.raises(NotReadyError, match=r"(?s)pms stopped with exit code 1.*HOTEL_FILES: no such file"):
            await supervisor.await_ready({"pms": _always(False)}, seconds=3600)
        await supervisor.stop()


def test_a_process_left_over_by_a_killed_supervisor_is_stopped(family: Family) -> None:
    script = family.folder / "pms.py"
    family.child("pms")
    orphan = subprocess.Popen([sys.executable, script])
    family.pid_file("pms").write(pid=orphan.pid, mark=str(script))
    wait_until(_started(family, "pms"))
    stop_left_over(family.folder, patience=10, report=family.said.append)
    assert orphan.wait(10) == 0
    assert family.said == ["pms: stopped a process left over from a run that was killed"]
    assert not (family.folder / "pms.pid").exists()


def test_a_stranger_that_got_the_number_of_a_left_over_process_is_spared(
    family: Family, living_stranger: "subprocess.Popen[bytes]"
) -> None:
    family.pid_file("pms").write(pid=living_stranger.pid, mark="-m services.pms")
    stop_left_over(family.folder, patience=10, report=family.said.append)
    assert living_stranger.poll() is None
    assert family.said == []


_OWNER = """
import asyncio, os, sys
from pathlib import Path
from deploy.local.child import Child
from deploy.local.orphans import PidFile
folder, script = Path(sys.argv[1]), sys.argv[2]
async def main():
    child = Child(name="pms", command=[sys.executable, script], mark=script, environment=os.environ, folder=folder,
                  log=folder / "pms.log", pid_file=PidFile(folder / "pms.pid"), report=print)
    await child.run()
asyncio.run(main())
"""


def test_a_process_is_asked_to_stop_when_its_supervisor_is_killed(family: Family) -> None:
    family.child("pms")
    script = str(family.folder / "pms.py")
    with subprocess.Popen([sys.executable, "-c", _OWNER, str(family.folder), script]) as owner:
        wait_until(_started(family, "pms"))
        pid = int((family.folder / "pms.pid").read_text().splitlines()[0])
        owner.kill()
    wait_until(lambda: command_line(pid) == "", what="the end of the process")
    assert family.trace == ["pms started", "pms stopped"]


def test_an_exit_is_described_by_its_code_or_its_signal() -> None:
    assert describe_exit(3) == "stopped with exit code 3"
    assert describe_exit(-9) == "was ended by SIGKILL"
