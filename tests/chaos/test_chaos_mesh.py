"""A short round of `make chaos` in every test run; `python -m tests.chaos --seeds 71` strikes every cell."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.faults import CELLS, FAULTS, Blow, draw
from tests.chaos.house import open_house
from tests.chaos.round import play

BLOWS = (
    Blow(fault="kill", target="postgres", at=2.0, seconds=1.5),
    Blow(fault="kill", target="orchestrator", at=3.0, seconds=0.0),
    Blow(fault="half-open", target="nlp", at=5.0, seconds=0.5),
)


@pytest.fixture
def folder() -> Iterator[Path]:
    # PostgreSQL may have to run as another user, who must be able to enter.
    with tempfile.TemporaryDirectory() as scratch:
        Path(scratch).chmod(0o755)
        yield Path(scratch)


def test_a_seed_draws_the_same_blows_for_ever_and_all_seeds_strike_every_cell() -> None:
    assert draw(7) == draw(7)
    first = {(blows[0].fault, blows[0].target) for blows in map(draw, range(len(CELLS)))}
    assert first == set(CELLS)
    without_clock = {blow.fault for seed in range(50) for blow in draw(seed, skipped=frozenset({"clock"}))}
    assert without_clock == {*FAULTS} - {"clock"}
    with pytest.raises(ValueError, match="no fault"):
        draw(1, only="meteorite")


@pytest.mark.slow
async def test_guests_are_served_truly_whatever_fails(folder: Path) -> None:
    async with open_house(folder, clock=False) as house:
        verdict = await play(house, 1, BLOWS, talk_seconds=8.0)
    assert verdict.problems == []
    assert verdict.history.outbox
    assert verdict.unclear_posts > 0  # the blows were felt
