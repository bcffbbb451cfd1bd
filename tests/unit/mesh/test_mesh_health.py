"""Readiness: three failed probes take a service out, one good one brings it back; liveness stands apart."""

import pytest
from grpc_health.v1 import health_pb2
from mesh.health import LIVENESS, Health

SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING


class Dependency:
    """A dependency that answers or does not."""

    def __init__(self) -> None:
        self.up = True

    async def probe(self) -> None:
        if not self.up:
            raise OSError("away")


@pytest.fixture
def database() -> Dependency:
    return Dependency()


@pytest.fixture
def cache() -> Dependency:
    return Dependency()


@pytest.fixture
def health(database: Dependency, cache: Dependency) -> Health:
    health = Health("pms")
    health.depend_on("database", database.probe, hard=True)
    health.depend_on("redis", cache.probe, hard=False)
    return health


async def status(health: Health, name: str) -> int:
    response = await health.servicer.Check(health_pb2.HealthCheckRequest(service=name), None)
    return int(response.status)


async def probed(health: Health, times: int) -> None:
    for _ in range(times):
        await health.probe()
        await health._publish()


async def test_it_is_not_ready_before_it_has_started(health: Health) -> None:
    assert not health.ready


async def test_two_failed_probes_are_a_blip_and_three_are_down(health: Health, database: Dependency) -> None:
    await health.start(["hotel.pms.v1.PmsService"])
    database.up = False
    await probed(health, 2)
    assert await status(health, "") == SERVING
    await probed(health, 1)
    assert await status(health, "") == NOT_SERVING
    assert await status(health, "hotel.pms.v1.PmsService") == NOT_SERVING
    assert health.report()["database"] == "OSError"


async def test_one_good_probe_brings_it_back(health: Health, database: Dependency) -> None:
    await health.start([])
    database.up = False
    await probed(health, 5)
    database.up = True
    await probed(health, 1)
    assert await status(health, "") == SERVING


async def test_a_dependency_that_is_away_at_start_counts_at_once(health: Health, database: Dependency) -> None:
    database.up = False
    await health.start([])
    assert await status(health, "") == NOT_SERVING


async def test_a_soft_dependency_is_shown_and_changes_nothing(health: Health, cache: Dependency) -> None:
    cache.up = False
    await health.start([])
    await probed(health, 5)
    assert health.ready
    assert health.report() == {"database": "ok", "redis": "OSError"}


async def test_a_dependency_outage_never_restarts_the_process(health: Health, database: Dependency) -> None:
    await health.start([])
    database.up = False
    await probed(health, 5)
    assert await status(health, LIVENESS) == SERVING


async def test_a_draining_service_does_not_become_ready_again(health: Health) -> None:
    await health.start([])
    await health.drain()
    await probed(health, 3)
    assert await status(health, "") == NOT_SERVING
