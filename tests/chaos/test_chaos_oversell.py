"""One storm of `storm.py` in every test run; `python -m tests.chaos.oversell` has more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.storm import GUESTS, ROOMS, storm, storm_hotel
from tests.support.pms_process import PmsProcess, migrated, replicas


@pytest.fixture
def two_replicas(postgres_url: str, tmp_path: Path) -> Iterator[list[PmsProcess]]:
    with replicas(2, postgres_url=migrated(postgres_url), hotel_file=storm_hotel(tmp_path), folder=tmp_path) as each:
        yield each


@pytest.mark.slow
async def test_a_replica_killed_in_the_storm_sells_nothing_twice(two_replicas: list[PmsProcess]) -> None:
    outcome = await storm(two_replicas)
    assert outcome.problems() == []
    assert (len(outcome.codes), outcome.refused, outcome.oversold) == (ROOMS, GUESTS - ROOMS, 0)
    assert outcome.repeats > 0  # the kill was felt
