"""`python -m services.orchestrator.rehearse FILE.yaml …`.

Exit 0 when every dialogue holds, 1 when one fails, 2 for a file that cannot be played.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from mesh import telemetry
from mesh.settings import ConfigurationError

from deploy.local.stores import Postgres, Valkey
from services.orchestrator.rehearse import report
from services.orchestrator.rehearse.house import understanding
from services.orchestrator.rehearse.player import Played, rehearse
from services.orchestrator.rehearse.script import Dialogue, ScriptError, read
from services.orchestrator.rehearse.stores import Databases

_FAILED, _USAGE = 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    arguments = _parser().parse_args(argv)
    telemetry.configure(level="DEBUG" if arguments.verbose else "ERROR", log_format="console", stream=sys.stderr)
    problems: list[str] = []
    dialogues: list[Dialogue] = []
    for path in arguments.files:
        try:
            dialogues += read(path)
        except ScriptError as error:
            problems += error.problems
    chosen = [item for item in dialogues if arguments.k.casefold() in f"{item.id} {item.title}".casefold()]
    if not chosen and not problems:
        problems.append(f"no dialogue has {arguments.k!r} in its id or title")
    if problems:
        return _refuse(problems)
    try:
        results = _rehearse(chosen, hotel_file=arguments.hotel, quiet=arguments.json)
    except ConfigurationError as error:
        return _refuse(error.problems)
    if arguments.junit:
        report.write_junit(results, arguments.junit)
    print(report.as_json(results) if arguments.json else report.summary(results))
    return 0 if all(result.passed for result in results) else _FAILED


def _rehearse(dialogues: Sequence[Dialogue], *, hotel_file: str, quiet: bool) -> list[Played]:
    """On servers of its own: a rehearsal empties what it plays on."""
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as name:
        folder = Path(name)
        # PostgreSQL may have to be another user, who must get in.
        folder.chmod(0o755)
        with (
            Postgres(folder / "postgres", fsync=False) as postgres,
            Valkey(folder / "valkey", persist=False) as valkey,
        ):
            databases = Databases(postgres.url, valkey.url)
            return asyncio.run(_play(dialogues, databases, hotel_file=hotel_file, quiet=quiet))


async def _play(dialogues: Sequence[Dialogue], databases: Databases, *, hotel_file: str, quiet: bool) -> list[Played]:
    results = []
    async with understanding() as nlp:
        for dialogue in dialogues:
            played = await rehearse(dialogue, databases, nlp, hotel_file=hotel_file)
            results.append(played)
            if not quiet and not played.passed:
                print(report.failure(played), flush=True)
    return results


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m services.orchestrator.rehearse",
        description="Plays dialogues through the whole mesh in this process and checks what must hold after each turn.",
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE.yaml", help="files of dialogues")
    parser.add_argument("-k", default="", metavar="WORD", help="only dialogues with this in their id or title")
    parser.add_argument("--hotel", default="", metavar="FILE", help="the hotel of this file, not that of meta")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="write the results as JUnit XML")
    parser.add_argument("--json", action="store_true", help="print the results as JSON")
    parser.add_argument("--verbose", action="store_true", help="show what the services log")
    return parser


def _refuse(problems: Sequence[str]) -> int:
    for problem in problems:
        print(problem, file=sys.stderr)
    return _USAGE


if __name__ == "__main__":
    sys.exit(main())
