"""`python -m tests.support.qloapps --port 8081`: the demo shop, to try things by hand."""

from __future__ import annotations

import argparse
import asyncio

from tests.support.qloapps.demo import KEY, demo_shop
from tests.support.qloapps.server import FakeQloApps


async def _serve(port: int, strict: bool) -> None:
    fake = FakeQloApps(demo_shop())
    fake.faults.strict = strict
    await fake.start(port)
    print(f"QloApps stand-in on {fake.url}/api, key {KEY}")
    await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.support.qloapps", description=__doc__)
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--strict", action="store_true", help="as under a php.ini that reports notices")
    asked = parser.parse_args()
    try:
        asyncio.run(_serve(asked.port, asked.strict))
    except KeyboardInterrupt:
        print("stopped")


main()
