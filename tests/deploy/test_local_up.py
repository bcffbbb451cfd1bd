"""The command itself, run as a person would, over stand-ins for the five services."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import pytest

from deploy.local.addresses import SERVICES
from deploy.local.ports import free_port, is_busy
from tests.support.local_mesh import free_ports
from tests.support.polling import wait_until

_STAND_IN = Path(__file__).with_name("stand_in.py")
_EXTERNAL = {"POSTGRES_URL": "postgresql://elsewhere/hotel", "REDIS_URL": "redis://elsewhere/0"}
_OPEN = "The hotel is open."


class Mesh:
    """One installation in a folder of its own, on ports of its own."""

    def __init__(self, folder: Path) -> None:
        self.code = folder / "code"
        self.run_folder = folder / "run"
        self._output = folder / "output"
        self._trace = folder / "trace"
        self.ports = _free_ports()
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in ("POSTGRES_URL", "REDIS_URL")},
            **{name: str(port) for name, port in self.ports.items()},
            "RUN_DIR": str(self.run_folder),
            "STAND_IN_TRACE": str(self._trace),
        }
        for package in ("", *SERVICES):
            target = self.code / "services" / package
            target.mkdir(parents=True, exist_ok=True)
            (target / "__init__.py").touch()
            shutil.copy(_STAND_IN, target / "__main__.py")

    @property
    def output(self) -> str:
        return self._output.read_text() if self._output.exists() else ""

    @property
    def trace(self) -> list[str]:
        return self._trace.read_text().splitlines() if self._trace.exists() else []

    def command(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Runs one command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "deploy.local", *self._with_code(arguments)],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )

    @contextmanager
    def up(self, *options: str) -> "Iterator[subprocess.Popen[bytes]]":
        """The running mesh, once it says that it is open; stopped afterwards if it still runs."""
        with self._output.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "deploy.local", *self._with_code(("up", *options))],
                env=self.environment,
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
            )
        try:
            wait_until(lambda: _OPEN in self.output or process.poll() is not None, seconds=60, what="the opening")
            yield process
        finally:
            process.terminate()
            process.wait(60)

    def pid_of(self, service: str) -> int:
        return int((self.run_folder / "pids" / f"{service}.pid").read_text().splitlines()[0])

    def told(self) -> dict[str, str]:
        return dict(line.split("=", 1) for line in (self.run_folder / "mesh.env").read_text().splitlines())

    def busy_ports(self) -> list[str]:
        return [name for name, port in self.ports.items() if is_busy(port)]

    def _with_code(self, arguments: tuple[str, ...]) -> tuple[str, ...]:
        return (*arguments, "--code", str(self.code)) if arguments[0] == "up" else arguments


def _free_ports() -> dict[str, int]:
    names = ["HTTP_PORT", *(f"{service.upper()}_GRPC_PORT" for service in SERVICES)]
    names += [f"{service.upper()}_METRICS_PORT" for service in SERVICES if service != "gateway"]
    return dict(zip(names, free_ports(len(names)), strict=True))


@pytest.fixture
def mesh(tmp_path: Path) -> Mesh:
    """Without stores of its own: the stand-ins need none."""
    made = Mesh(tmp_path)
    made.environment |= _EXTERNAL
    return made


@pytest.fixture
def whole_mesh(store_folder: Path) -> Mesh:
    return Mesh(store_folder)


async def _sql(url: str, statement: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def test_up_starts_stores_tables_and_services_and_a_second_up_keeps_the_data(whole_mesh: Mesh) -> None:
    with whole_mesh.up() as process:
        assert sorted(whole_mesh.trace[:3]) == ["gateway migrated", "pms migrated", "session migrated"]
        assert sorted(whole_mesh.trace[3:]) == sorted(f"{service} started" for service in SERVICES)
        await _sql(whole_mesh.told()["POSTGRES_URL"], "CREATE TABLE booking AS SELECT 'R1001' AS code")
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    with whole_mesh.up():
        assert await _sql(whole_mesh.told()["POSTGRES_URL"], "SELECT code FROM booking") == "R1001"


def test_ctrl_c_stops_callers_before_those_they_call_and_leaves_nothing(mesh: Mesh) -> None:
    with mesh.up() as process:
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    stopped = [line.split()[0] for line in mesh.trace if line.endswith("stopped")]
    assert stopped == ["gateway", "orchestrator", "nlp", "session", "pms"]
    assert mesh.busy_ports() == []
    assert list((mesh.run_folder / "pids").iterdir()) == []


def test_a_killed_service_is_started_again_and_is_healthy_again(mesh: Mesh) -> None:
    with mesh.up():
        os.kill(mesh.pid_of("pms"), signal.SIGKILL)
        wait_until(lambda: mesh.trace.count("pms started") == 2, what="the second life")
        assert mesh.command("health").returncode == 0
    assert "pms was ended by SIGKILL" in mesh.output


def test_health_names_who_does_not_serve_and_fails(mesh: Mesh) -> None:
    before = mesh.command("health")
    assert before.returncode == 1
    assert before.stdout.count("NOT SERVING") == 6
    with mesh.up():
        now = mesh.command("health")
        assert now.returncode == 0
        assert now.stdout.count("serving") == 6


def test_a_second_up_is_refused_and_says_how_to_stop_the_first(mesh: Mesh) -> None:
    with mesh.up() as process:
        second = mesh.command("up")
        assert process.poll() is None
    assert second.returncode == 1
    assert f"already running here (process {process.pid}" in second.stderr
    assert "make down" in second.stderr


def test_down_stops_a_detached_mesh_and_waits_for_it(mesh: Mesh) -> None:
    started = mesh.command("up", "--detach")
    assert started.returncode == 0
    assert _OPEN in started.stdout
    logs = mesh.command("logs", "pms")
    assert logs.stdout.splitlines() == ["pms | pms with []"]
    assert mesh.command("down").returncode == 0
    assert mesh.busy_ports() == []
    assert mesh.trace[-1] == "pms stopped"
    assert "Nothing is running" in mesh.command("down").stdout


def test_a_detached_start_that_fails_says_why_and_fails(mesh: Mesh) -> None:
    mesh.environment["STAND_IN_PMS"] = "refuse"
    started = mesh.command("up", "--detach")
    assert started.returncode == 1
    assert "HOTEL_FILES: no such file" in started.stdout


def test_single_mode_is_one_process_with_one_grpc_port_for_all(mesh: Mesh) -> None:
    mesh.environment["MESH_MODE"] = "single"
    with mesh.up():
        assert [line for line in mesh.trace if line.endswith("started")] == ["services started"]
        health = mesh.command("health")
        assert health.returncode == 0
        assert health.stdout.count("serving") == 2
        assert mesh.told()["PMS_ADDRESS"] == f"127.0.0.1:{mesh.ports['GATEWAY_GRPC_PORT']}"


def test_replicas_are_processes_of_their_own(mesh: Mesh) -> None:
    for variable in ("PMS_GRPC_PORT", "PMS_METRICS_PORT"):
        # The second replica's port is ten above.
        mesh.environment[variable] = str(next(port for port in iter(free_port, None) if not is_busy(port + 10)))
    with mesh.up("--replicas", "pms=2"):
        assert mesh.trace.count("pms started") == 2
        assert mesh.pid_of("pms-2") != mesh.pid_of("pms")


@pytest.mark.parametrize(
    ("manner", "sentence", "from_the_log"),
    [
        ("refuse", "pms stopped with exit code 1", "HOTEL_FILES: no such file"),
        ("no-migration", "The migration of pms stopped with exit code 1", "the table is gone"),
    ],
)
def test_a_start_that_fails_shows_the_log_stops_everything_and_fails(
    mesh: Mesh, manner: str, sentence: str, from_the_log: str
) -> None:
    mesh.environment["STAND_IN_PMS"] = manner
    failed = mesh.command("up")
    assert failed.returncode == 1
    assert sentence in failed.stderr
    assert from_the_log in failed.stderr
    assert mesh.busy_ports() == []


def test_a_busy_port_stops_the_start_before_anything_runs(mesh: Mesh) -> None:
    with socket.create_server(("127.0.0.1", mesh.ports["PMS_GRPC_PORT"])):
        failed = mesh.command("up")
    assert failed.returncode == 1
    assert f"Port {mesh.ports['PMS_GRPC_PORT']} is taken, and pms needs it for gRPC" in failed.stderr
    assert "PMS_GRPC_PORT" in failed.stderr
    assert mesh.trace == []


def test_after_a_killed_supervisor_the_next_up_works(whole_mesh: Mesh) -> None:
    with whole_mesh.up() as process:
        process.kill()
        process.wait(60)
    with whole_mesh.up():
        assert whole_mesh.command("health").returncode == 0


def test_the_demo_needs_a_running_mesh_and_says_so(mesh: Mesh) -> None:
    demo = mesh.command("demo")
    assert demo.returncode == 1
    assert "make up" in demo.stderr


def test_logs_of_an_unknown_name_are_refused_with_the_known_ones(mesh: Mesh) -> None:
    with mesh.up():
        refused = mesh.command("logs", "bar")
    assert refused.returncode == 1
    assert "gateway" in refused.stderr


@pytest.mark.parametrize("command", [(), ("up",), ("logs",)])
def test_help_is_given(mesh: Mesh, command: tuple[str, ...]) -> None:
    assert subprocess.run([sys.executable, "-m", "deploy.local", *command, "--help"], check=False).returncode == 0
