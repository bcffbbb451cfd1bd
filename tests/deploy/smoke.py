"""`make smoke`: each service starts and turns healthy with nothing but its own extra, its own folder and libs.

What its image will hold is laid out in a folder of its own, with a virtual environment made from its lock alone; there
it migrates, starts, answers the health probe, and stops on SIGTERM with exit code 0.
"""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from deploy.local.ports import free_port
from deploy.local.stores import Postgres, Valkey

REPOSITORY = Path(__file__).resolve().parents[2]
MIGRATING = ("gateway", "session", "pms")
START_SECONDS = 60.0
STOP_SECONDS = 30.0


class SmokeError(Exception):
    """A service did not do what its image must do."""


def lay_out(service: str, folder: Path) -> Path:
    """Copies what the image holds and installs what its lock says; returns the Python to run it with."""
    ignore = shutil.ignore_patterns("__pycache__")
    (folder / "services").mkdir(parents=True)
    shutil.copy(REPOSITORY / "services" / "__init__.py", folder / "services")
    shutil.copytree(REPOSITORY / "services" / service, folder / "services" / service, ignore=ignore)
    shutil.copytree(REPOSITORY / "libs", folder / "libs", ignore=ignore)
    if service == "pms":
        shutil.copytree(REPOSITORY / "hotel", folder / "hotel")
    venv.create(folder / "venv", with_pip=False)
    python = folder / "venv" / "bin" / "python"
    lock = REPOSITORY / "requirements" / f"{service}.lock"
    run([sys.executable, "-m", "pip", "--python", str(python), "install", "-q", "--require-hashes", "-r", str(lock)])
    return python


def run(command: Sequence[str], *, cwd: Path = REPOSITORY, environment: Mapping[str, str] | None = None) -> None:
    """Raises SmokeError with what the command printed."""
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SmokeError(f"{' '.join(command[:4])} …: exit {done.returncode}\n{done.stdout}\n{done.stderr}")


async def turn_healthy(service: str, python: Path, folder: Path, stores: Mapping[str, str]) -> None:
    """Raises SmokeError unless the service starts, answers SERVING and stops cleanly."""
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{folder}:{folder / 'libs'}",
        "GRPC_PORT": str(port),
        "HTTP_PORT": str(free_port()),
        "DRAIN_SECONDS": "0",
        **stores,
    }
    if service in MIGRATING:
        run([str(python), "-m", f"services.{service}", "migrate"], cwd=folder, environment=environment)
    log = (folder / "log").open("wb")
    child = await asyncio.create_subprocess_exec(
        python, "-m", f"services.{service}", cwd=folder, env=environment, stdout=log, stderr=log
    )
    try:
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel, asyncio.timeout(START_SECONDS):
            await serving(health_pb2_grpc.HealthStub(channel), child)
        child.terminate()
        code = await asyncio.wait_for(child.wait(), STOP_SECONDS)
    except TimeoutError:
        raise SmokeError(f"{service} did not turn healthy or did not stop:\n{tail(folder / 'log')}") from None
    finally:
        if child.returncode is None:
            child.kill()
        log.close()
    if code != 0:
        raise SmokeError(f"{service} stopped with exit {code}:\n{tail(folder / 'log')}")


async def serving(stub: health_pb2_grpc.HealthStub, child: asyncio.subprocess.Process) -> None:
    """Returns once the service says SERVING. Raises SmokeError when the process ends before."""
    while child.returncode is None:
        try:
            response = await stub.Check(health_pb2.HealthCheckRequest(), timeout=1.0, wait_for_ready=True)
            if response.status == health_pb2.HealthCheckResponse.SERVING:
                return
        except grpc.aio.AioRpcError:
            pass
        await asyncio.sleep(0.1)
    raise SmokeError(f"the process ended with exit {child.returncode}")


def tail(path: Path) -> str:
    return "\n".join(path.read_text(errors="replace").splitlines()[-30:])


def main(services: Sequence[str]) -> int:
    """The exit code: how many services failed."""
    failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        with Postgres(folder / "postgres", fsync=False) as postgres, Valkey(folder / "valkey") as valkey:
            stores = {"POSTGRES_URL": postgres.url, "REDIS_URL": valkey.url}
            for service in services:
                start = time.monotonic()
                try:
                    python = lay_out(service, folder / service)
                    asyncio.run(turn_healthy(service, python, folder / service, stores))
                except SmokeError as error:
                    failed += 1
                    print(f"FAILED {service}: {error}\n{tail(folder / service / 'log')}")
                else:
                    print(
                        f"ok     {service:<13} alone with its own extra  {time.monotonic() - start:5.1f} s", flush=True
                    )
                shutil.rmtree(folder / service, ignore_errors=True)
    print(f"{len(services) - failed} passed, {failed} failed")
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
