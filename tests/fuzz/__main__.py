"""`python -m tests.fuzz --seconds 600 --seed 7`: starts a mesh on stores of its own and sends it what nobody should.

Prints the calls by method and status, the memory of each service before and after, and every fault. Exit code 1 with
one fault or more. The same seed makes the same requests, as far as the ids in the answers allow.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.fuzz.run import run
from tests.support.local_mesh import local_mesh


def main(arguments: Sequence[str]) -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="another seed, other requests (1)")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long (60)")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        # PostgreSQL may have to run as another user, who must be able to enter.
        Path(folder).chmod(0o755)
        with local_mesh(Path(folder), LOG_LEVEL="WARNING") as mesh:
            outcome = asyncio.run(run(mesh, seed=given.seed, seconds=given.seconds))
    for line in outcome.lines():
        print(line)
    return int(bool(outcome.faults))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
