"""`python -m deploy.operate COMMAND`, for POSTGRES_URL and REDIS_URL, or for the mesh that `make up` runs."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from deploy.local.errors import LocalError
from deploy.local.run_folder import RunFolder
from deploy.operate import backup, metrics, redis_shell


def main() -> None:
    """Raises LocalError when there is nothing to work on."""
    options = _parser().parse_args()
    match options.command:
        case "backup":
            dump = backup.back_up(_told("POSTGRES_URL"), options.folder)
            print(f"{dump} ({dump.stat().st_size / 1e6:.1f} MB)")
        case "restore":
            backup.restore(_told("POSTGRES_URL"), options.dump)
            print(f"restored {options.dump}")
        case "debug-db":
            psql = str(backup.program("psql"))
            os.execv(psql, [psql, _told("POSTGRES_URL")])
        case "debug-redis":
            redis_shell.talk(_told("REDIS_URL"), sys.stdin)
        case "metrics":
            metrics.show(_running())


def _told(name: str) -> str:
    return os.environ.get(name) or _running()[name]


def _running() -> dict[str, str]:
    told = RunFolder.from_environment(os.environ).told()
    if not told:
        raise LocalError("The mesh is not running. Start it with `make up`, or set POSTGRES_URL and REDIS_URL.")
    return dict(told)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deploy.operate", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    dump = commands.add_parser("backup", help="write a dump of the whole database")
    dump.add_argument("folder", nargs="?", type=Path, default=Path("backups"))
    back = commands.add_parser("restore", help="replace the database's content by a dump; stop the services first")
    back.add_argument("dump", type=Path)
    commands.add_parser("debug-db", help="psql")
    commands.add_parser("debug-redis", help="one command a line")
    commands.add_parser("metrics", help="every metric of a running mesh")
    return parser


if __name__ == "__main__":
    try:
        main()
    except LocalError as error:
        sys.exit(str(error))
