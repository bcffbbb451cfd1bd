"""`python -m services.orchestrator.rehearse FILE.yaml …`.

Exit 0 when every dialogue holds, 1 when one fails, 2 for a file that cannot be played.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mesh import telemetry
from mesh.settings import ConfigurationError

from deploy.local.stores import Postgres, Valkey
from services.orchestrator.rehearse import report
from services.orchestrator.rehearse.house import understanding
from services.orchestrator.rehearse.player import Played, rehearse
from services.orchestrator.rehearse.script import Dialogue, ScriptError, read
from services.orchestrator.rehearse.stores import Databases
from services.single import hotel_of

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
    words = [word.strip().casefold() for word in re.split(r"\bor\b|,", arguments.k)]
    chosen = [item for item in dialogues if any(word in f"{item.id} {item.title}".casefold() for word in words)]
    if not chosen and not problems:
        problems.append(f"no dialogue has {arguments.k!r} in its id or title")
    problems += _hotel_problems(chosen, arguments.hotel)
    if problems:
        return _refuse(problems)
    results = _rehearse(chosen, hotel_file=arguments.hotel, quiet=arguments.json)
    if arguments.junit:
        report.write_junit(results, arguments.junit)
    print(report.as_json(results) if arguments.json else report.summary(results))
    return 0 if all(result.passed for result in results) else _FAILED


def _hotel_problems(dialogues: Sequence[Dialogue], hotel_file: str) -> list[str]:
    """Why a hotel cannot be built; each hotel is looked at once."""
    problems: list[str] = []
    seen: list[Mapping[str, Any]] = []
    for dialogue in dialogues:
        if dialogue.meta not in seen:
            seen.append(dialogue.meta)
            try:
                hotel_of(meta=dialogue.meta, path=hotel_file)
            except ConfigurationError as error:
                problems += [f"{dialogue.source}: {dialogue.id}: {problem}" for problem in error.problems]
    return problems


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
    parser.add_argument("-k", default="", metavar="WORD", help="only dialogues with this (or that) in id or title")
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
