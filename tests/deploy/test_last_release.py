"""Clients of the last release work with this server: their stubs come from the contracts as they were then."""

import asyncio
import os
import subprocess
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from mesh.testing.mesh import running

from deploy.local.run_folder import REPOSITORY
from services.pms.app import build
from services.pms.settings import Settings
from tests.contract.pms_house import HOTEL_FILE

RELEASES = sorted((REPOSITORY / "tests/data/contracts").glob("*.binpb"))


@pytest.fixture
async def address() -> AsyncIterator[str]:
    settings = Settings(pms_backend="memory", hotel_files=str(HOTEL_FILE))
    async with running({"pms": (build, settings)}, transport="grpc") as mesh:
        yield f"127.0.0.1:{mesh.runtimes['pms'].port}"


def _stubs(release: Path, folder: Path) -> None:
    """The Python code that a client of that release was built with."""
    files = [file.name for file in FileDescriptorSet.FromString(release.read_bytes()).file]
    ours = [name for name in files if name.startswith("hotel/")]
    protoc = [sys.executable, "-m", "grpc_tools.protoc", f"--descriptor_set_in={release}"]
    subprocess.run([*protoc, f"--python_out={folder}", f"--grpc_python_out={folder}", *ours], check=True)


async def _client(folder: Path, *command: str) -> tuple[int | None, str]:
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    child = await asyncio.create_subprocess_exec(
        sys.executable, *command, stdout=PIPE, stderr=STDOUT, env=environment, cwd=REPOSITORY
    )
    out, _ = await child.communicate()
    return child.returncode, out.decode()


@pytest.mark.parametrize("release", RELEASES, ids=lambda release: release.stem)
async def test_a_client_of_an_older_release_books_and_cancels(release: Path, tmp_path: Path, address: str) -> None:
    _stubs(release, tmp_path)
    _, where = await _client(tmp_path, "-c", "import hotel.pms.v1.pms_pb2 as stubs; print(stubs.__file__)")
    assert where.startswith(str(tmp_path)), "the client must not use this release's stubs"
    code, out = await _client(tmp_path, "examples/python/book.py", address)
    assert code == 0, out
    assert "booked" in out
    assert "canceled" in out


@pytest.mark.parametrize("release", RELEASES, ids=lambda release: release.stem)
def test_contracts_only_grew(release: Path) -> None:
    buf = Path(sys.prefix) / "bin" / "buf"
    done = subprocess.run(
        [buf, "breaking", "--against", release], capture_output=True, text=True, cwd=REPOSITORY, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
