"""What a container's HEALTHCHECK asks: exit 0 while the service serves, 1 when it does not or nobody answers."""

import asyncio
import sys

from mesh.runtime import Runtime
from mesh.settings import MeshSettings, load

from deploy.local.ports import free_port


async def _probe(*arguments: str, **environment: str) -> int | None:
    child = await asyncio.create_subprocess_exec(sys.executable, "-m", "mesh.probe", *arguments, env=environment)
    return await asyncio.wait_for(child.wait(), 20)


async def test_the_probe_tells_readiness_and_liveness_apart() -> None:
    runtime = Runtime("inn", load(MeshSettings, grpc_port=0, drain_seconds=0.0))
    await runtime.start()
    port = str(runtime.port)
    assert await _probe(GRPC_PORT=port) == 0
    await runtime.health.drain()
    assert await _probe(GRPC_PORT=port) == 1
    assert await _probe("liveness", GRPC_PORT=port) == 0
    await runtime.drain()


async def test_nobody_listening_is_not_serving() -> None:
    assert await _probe(GRPC_PORT=str(free_port())) == 1
