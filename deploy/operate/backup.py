"""Backup and restore of the whole database with PostgreSQL's own programs.

A dump is a consistent picture of one moment, taken while the mesh works. A restore is one transaction: what is there is
replaced by what is in the dump, or nothing changes.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from deploy.local.errors import LocalError
from deploy.local.programs import find_postgres


def program(name: str) -> Path:
    """pg_dump, pg_restore or psql: beside the embedded server, else on PATH. Raises LocalError."""
    beside = find_postgres().postgres.parent / name
    found = beside if beside.exists() else shutil.which(name)
    if found is None:
        raise LocalError(f"{name} was not found: install PostgreSQL's client programs (Debian: postgresql-client)")
    return Path(found)


def back_up(url: str, folder: Path) -> Path:
    """Writes `hotel-<time>.dump`, which gets its name only when it is whole and readable. Raises LocalError."""
    folder.mkdir(parents=True, exist_ok=True)
    final = folder / f"hotel-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.dump"
    part = final.with_suffix(".part")
    # Guests' messages and names are in it.
    part.touch(mode=0o600)
    try:
        _run([program("pg_dump"), "--format=custom", "--no-owner", "--no-privileges", f"--file={part}", url])
        _schemas(part)
        part.replace(final)
    finally:
        part.unlink(missing_ok=True)
    return final


def restore(url: str, dump: Path) -> None:
    """Replaces the schemas of the dump by their content. Raises LocalError, and then nothing has changed."""
    schemas = _schemas(dump)
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        # CASCADE: a newer release may have made tables that the dump does not know.
        script.writelines(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE;\n' for schema in schemas)
        script.flush()
        with tempfile.NamedTemporaryFile(suffix=".sql") as content:
            _run([program("pg_restore"), "--no-owner", "--no-privileges", f"--file={content.name}", dump])
            psql: list[str | Path] = [
                program("psql"),
                "--quiet",
                "--no-psqlrc",
                "--set=ON_ERROR_STOP=1",
                "--single-transaction",
            ]
            _run([*psql, f"--file={script.name}", f"--file={content.name}", url])


def _schemas(dump: Path) -> list[str]:
    """The schemas in a dump. Raises LocalError when it is none, or is cut short."""
    listing = _run([program("pg_restore"), "--list", dump])
    return re.findall(r"^\d+; \d+ \d+ SCHEMA - (\w+) ", listing, re.MULTILINE)


def _run(command: Sequence[str | Path]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LocalError(f"{Path(command[0]).name} failed:\n{done.stderr.strip()}")
    return done.stdout
