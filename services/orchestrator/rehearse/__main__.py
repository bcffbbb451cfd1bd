"""`python -m services.orchestrator.rehearse FILE.yaml …`, or `--replay [EXPORT.json …]`.

Exit 0 when every dialogue holds and every conversation goes as it went; 1 when one does not; 2 for nothing to play.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from mesh import telemetry
from mesh.errors import DomainError
from mesh.settings import ConfigurationError

from deploy.local.stores import Postgres, Valkey
from services.orchestrator.rehearse import report, stored
from services.orchestrator.rehearse.house import understanding
from services.orchestrator.rehearse.player import Played, rehearse
from services.orchestrator.rehearse.replay import Replayed, replay
from services.orchestrator.rehearse.script import Dialogue, ScriptError, read
from services.orchestrator.rehearse.stores import Databases
from services.single import hotel_file_of, hotel_of

_FAILED, _USAGE = 1, 2
Results = TypeVar("Results")


def main(argv: Sequence[str] | None = None) -> int:
    arguments = _parser().parse_args(argv)
    telemetry.configure(level="DEBUG" if arguments.verbose else "ERROR", log_format="console", stream=sys.stderr)
    if arguments.replay:
        return _replay(arguments)
    if not arguments.files:
        return _refuse(["name the files to play"])
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
    results = _on_servers(lambda databases: _play(chosen, databases, hotel_file=arguments.hotel, quiet=arguments.json))
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


def _replay(arguments: argparse.Namespace) -> int:
    try:
        flags = json.loads(arguments.flags.read_text(encoding="utf-8"))["flags"] if arguments.flags else {}
    except (OSError, ValueError, KeyError, TypeError) as error:
        return _refuse([f"{arguments.flags}: is no file of flags: {type(error).__name__}"])
    try:
        exported = [story for path in arguments.files for story in stored.from_export(path)]
        stories = exported if arguments.files else asyncio.run(stored.from_store())
        hotels = {property_id: hotel_file_of(property_id, arguments.hotel) for property_id in _properties(stories)}
    except (stored.Unreadable, DomainError, ConfigurationError) as error:
        return _refuse([str(error)])
    stories = [story for story in stories if arguments.k in story.session_id]
    if not stories:
        # A gate that has nothing to look at must not open.
        return _refuse(
            ["there is no conversation to hold again" + (f" with {arguments.k!r} in its id" * bool(arguments.k))]
        )

    async def again(databases: Databases) -> list[Replayed]:
        results = []
        async with understanding() as nlp:
            for story in stories:
                file = hotels[story.property_id]
                results.append(await replay(story, databases, nlp, hotel_file=file, flags=flags))
                if not arguments.json and results[-1].differences:
                    print(report.differences(results[-1]), flush=True)
        return results

    results = _on_servers(again)
    print(report.replay_as_json(results) if arguments.json else report.replay_summary(results))
    return _FAILED if any(result.differences for result in results) else 0


def _properties(stories: Sequence[stored.Story]) -> list[str]:
    return sorted({story.property_id for story in stories})


def _on_servers(play: Callable[[Databases], Awaitable[Results]]) -> Results:
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

            async def played() -> Results:
                return await play(databases)

            return asyncio.run(played())


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
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="files of dialogues, or exports")
    parser.add_argument(
        "--replay",
        action="store_true",
        help="hold stored conversations again and tell every difference: those of exports of guests, or of the session "
        "service's store at POSTGRES_URL",
    )
    parser.add_argument("--flags", type=Path, metavar="FILE", help="with --replay: flags in flagd's format")
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
