"""`make chaos`: the whole mesh while everything fails, seed after seed; prints each, and what was violated.

A seed draws guests and blows. `--seed 7` plays one again, `--fault kill` or `--fault kill:pms` lets only that happen.
"""

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from deploy.local.terminal import complain, say
from tests.chaos.faults import CELLS, FAULTS, Blow, draw
from tests.chaos.house import open_house
from tests.chaos.round import Verdict, play, skipped

ROUNDS_A_HOUSE = 10


def main(arguments: Sequence[str]) -> int:
    """The exit code: 1 when anything was violated, 2 for a fault that does not exist."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=0, help=f"the first seed (0); {len(CELLS)} strike every cell")
    parser.add_argument("--seeds", type=int, default=3, help="how many, one after the other (3)")
    parser.add_argument("--fault", default="", help=f"only this: {', '.join(FAULTS)}, alone or as fault:target")
    parser.add_argument(
        "--out", type=Path, default=Path(".run/chaos.jsonl"), help="where a line for each seed is added"
    )
    parser.add_argument("--logs", type=Path, help="copy the services' logs here when anything is violated")
    options = parser.parse_args(arguments)
    unable = skipped()
    try:
        drawn = {
            seed: draw(seed, only=options.fault, skipped=frozenset(unable))
            for seed in range(options.seed, options.seed + options.seeds)
        }
    except ValueError as error:
        complain(str(error))
        return 2
    for fault, reason in unable.items():
        complain(f"SKIPPED {fault}: {reason}")
    verdicts: list[Verdict] = []
    seeds = list(drawn)
    for first in range(0, len(seeds), ROUNDS_A_HOUSE):
        some = {seed: drawn[seed] for seed in seeds[first : first + ROUNDS_A_HOUSE]}
        with tempfile.TemporaryDirectory() as scratch:
            # PostgreSQL may have to run as another user, who must be able to enter.
            Path(scratch).chmod(0o755)
            verdicts += asyncio.run(_rounds(Path(scratch), some, options.logs))
    _keep(verdicts, options.out)
    _sum_up(verdicts)
    return int(any(verdict.problems for verdict in verdicts))


async def _rounds(folder: Path, drawn: dict[int, list[Blow]], logs: Path | None) -> list[Verdict]:
    """In a house of their own."""
    verdicts = []
    say("starting a mesh behind proxies, with two gateways …")
    clock = any(blow.fault == "clock" for blows in drawn.values() for blow in blows)
    async with open_house(folder, clock=clock) as house:
        unable = skipped(house)
        for seed, blows in drawn.items():
            for blow in [blow for blow in blows if blow.fault in unable]:
                complain(f"SKIPPED {blow}: {unable[blow.fault]}")
                blows.remove(blow)
            verdict = await play(house, seed, blows)
            _tell(verdict)
            verdicts.append(verdict)
            if verdict.problems and logs is not None:
                shutil.copytree(house.mesh.folder / "logs", logs / f"seed-{seed}", dirs_exist_ok=True)
    return verdicts


def _tell(verdict: Verdict) -> None:
    history = verdict.history
    say(f"\nseed {verdict.seed}: {'; '.join(map(str, verdict.blows)) or 'no fault'}")
    say(
        f"  {len(history.said)} messages in {len(history.turns)} turns"
        f" ({sum(turn.tries - 1 for turn in history.turns)} tries repeated, {verdict.unclear_posts} posts without 200),"
        f" {len(history.outbox)} replies in {len(history.calls)} calls, {verdict.bookings} bookings,"
        f" {len(history.handoffs)} with a person; {verdict.seconds:.0f} s"
    )
    say(f"  again: {', '.join(verdict.notes)}")
    for problem in verdict.problems[:20]:
        complain(f"  {problem}")


def _keep(verdicts: Sequence[Verdict], file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a") as out:
        for verdict in verdicts:
            line = {
                "seed": verdict.seed,
                "blows": [f"{blow.fault}:{blow.target}" for blow in verdict.blows],
                "problems": verdict.problems,
                "recovery": dict(verdict.history.recovery),
                "messages": len(verdict.history.said),
                "bookings": verdict.bookings,
            }
            out.write(json.dumps(line) + "\n")


def _sum_up(verdicts: Sequence[Verdict]) -> None:
    struck = Counter(f"{blow.fault}:{blow.target}" for verdict in verdicts for blow in verdict.blows)
    bad = [verdict.seed for verdict in verdicts if verdict.problems]
    messages = sum(len(verdict.history.said) for verdict in verdicts)
    bookings = sum(verdict.bookings for verdict in verdicts)
    say(
        f"\n{len(verdicts)} seeds, {sum(struck.values())} blows on {len(struck)} of {len(CELLS)} cells,"
        f" {messages} messages, {bookings} bookings: {len(bad)} seeds with violations"
    )
    if bad:
        complain(f"replay one of {', '.join(map(str, bad))}: make chaos CHAOS_FLAGS='--seeds 1 --seed {bad[0]}'")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
