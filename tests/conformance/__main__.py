"""`python -m tests.conformance HOST:PORT [--property ID]`: one line a check, then "N passed, N failed".

It books and cancels rooms some weeks from now: give it a property where that hurts nobody. What it made it takes back;
a guest's profile is all it leaves. With --staff a guest also arrives and leaves today, which nothing takes back.
Exit code 0 when every check passed, 1 when one failed, 2 when there is nothing to check.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence

import grpc.aio

from tests.conformance.checking import Kit
from tests.conformance.visit import NothingToCheckError


def main(arguments: Sequence[str]) -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.conformance", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("address", metavar="HOST:PORT", help="where the service listens, without TLS")
    parser.add_argument("--property", default="", help="the property to use (the first one listed)")
    parser.add_argument("--staff", action="store_true", help="also let a guest arrive today, be charged and leave")
    parser.add_argument("--only", default="", metavar="WORDS", help="only checks whose line contains these words")
    options = parser.parse_args(arguments)
    return asyncio.run(_run(options))


async def _run(options: argparse.Namespace) -> int:
    async with grpc.aio.insecure_channel(options.address) as channel:
        kit = Kit(channel, property_id=options.property, staff=options.staff, only=options.only)
        try:
            await kit.run(report=lambda line: print(line, flush=True))
        except NothingToCheckError as error:
            print(f"nothing to check: {error}", file=sys.stderr)
            return 2
    print(f"{kit.passed} passed, {kit.failed} failed")
    return int(kit.failed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
