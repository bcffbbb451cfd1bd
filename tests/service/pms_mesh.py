"""The pms service for tests of its RPCs: on memory and on PostgreSQL, with a clock that is set by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from hotel.pms.v1.pms_pb2_grpc import PmsServiceStub
from mesh.clock import ManualClock
from mesh.testing.mesh import RunningMesh, running

from services.pms.app import build
from services.pms.settings import Settings
from tests.contract.pms_backends import one_database
from tests.contract.pms_house import HOTEL_FILE, OPENED, restore_books

__all__ = ["clock", "mesh", "one_database", "pms", "settings"]


@pytest.fixture(params=["memory", "builtin"])
def settings(request: pytest.FixtureRequest) -> Settings:
    common: dict[str, Any] = {"hotel_files": str(HOTEL_FILE), "sweep_seconds": 0.02, "watch_poll_seconds": 0.02}
    if request.param == "memory":
        return Settings(pms_backend="memory", **common)
    url = restore_books(request.getfixturevalue("one_database"))
    return Settings(postgres_url=url, postgres_pool_size=4, postgres_pool_overflow=4, **common)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(OPENED)


@pytest.fixture
async def mesh(settings: Settings, clock: ManualClock) -> AsyncIterator[RunningMesh]:
    async with running({"pms": (build, settings)}, clock=clock) as mesh:
        yield mesh


@pytest.fixture
def pms(mesh: RunningMesh) -> PmsServiceStub:
    return PmsServiceStub(mesh.channel("pms"))
