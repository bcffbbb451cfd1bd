"""`python -m tests.chaos.oversell --runs 20`: storm after storm on a PostgreSQL of its own; counts oversold nights."""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from deploy.local.postgres import Postgres
from deploy.local.terminal import complain, say
from tests.chaos.storm import GUESTS, ROOMS, storm, storm_hotel
from tests.support.pms_process import migrated, replicas


def main(arguments: Sequence[str]) -> int:
    """The exit code: 1 when anything was not as it must be."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.oversell", description=__doc__)
    parser.add_argument("--runs", type=int, default=20, help="storms (20)")
    parser.add_argument("--seed", type=int, default=1, help="which replica dies when (1)")
    options = parser.parse_args(arguments)
    oversold = sold = wrong = 0
    with tempfile.TemporaryDirectory() as scratch:
        # PostgreSQL may have to run as another user, who must be able to enter.
        folder = Path(scratch)
        folder.chmod(0o755)
        with (
            Postgres(folder / "postgres") as server,
            replicas(2, postgres_url=migrated(server.url), hotel_file=storm_hotel(folder), folder=folder) as processes,
        ):
            for run in range(options.runs):
                outcome = asyncio.run(storm(processes, week=run, seed=options.seed + run))
                oversold += outcome.oversold
                sold += len(outcome.booked)
                say(
                    f"storm {run + 1:3}: killed after {outcome.killed_after} bookings, {len(outcome.booked)} sold, "
                    f"{outcome.refused} refused, {outcome.repeats} requests repeated, {outcome.oversold} oversold"
                )
                for problem in outcome.problems():
                    wrong += 1
                    complain(f"  {problem}")
    say(f"\n{options.runs} storms of {GUESTS} guests at {ROOMS} rooms, a replica killed in each")
    say(f"{sold} sold, {oversold} oversold, {wrong} problems")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
