"""`python -m tests.chaos.gateway --webhooks 5000`: webhooks over a whole mesh in which everything dies once."""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from deploy.local.terminal import complain, say
from tests.chaos.gateway_storm import SETTINGS, Outcome, storm
from tests.support.local_mesh import local_mesh


def main(arguments: Sequence[str]) -> int:
    """The exit code: 1 when anything was not as it must be."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.gateway", description=__doc__)
    parser.add_argument("--webhooks", type=int, default=5000, help="webhooks posted, repeats included (5000)")
    parser.add_argument("--seed", type=int, default=1, help="what is repeated and who is asked (1)")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        # PostgreSQL may have to run as another user, who must be able to enter.
        Path(scratch).chmod(0o755)
        say("starting a mesh with two gateways …")
        with local_mesh(Path(scratch) / "mesh", "--replicas", "gateway=2", **SETTINGS) as mesh:
            outcome = asyncio.run(storm(mesh, webhooks=options.webhooks, seed=options.seed))
    _tell(outcome)
    return int(bool(outcome.problems))


def _tell(outcome: Outcome) -> None:
    say(f"{outcome.webhooks} webhooks with {outcome.accepted} messages, {outcome.retries} posted again after no 200")
    say(f"killed and started again: {', '.join(outcome.killed)}")
    say(f"{outcome.turns} turns ({outcome.repeated_tries} tries repeated), at rest after {outcome.seconds:.0f} s")
    say(f"{outcome.replies} replies; {outcome.marked} marked as possibly repeated, {outcome.sent_twice} really were")
    for problem in outcome.problems[:20]:
        complain(f"  {problem}")
    say(f"{len(outcome.problems)} problems")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
