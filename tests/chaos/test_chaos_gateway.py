"""A short storm of `gateway_storm.py` in every test run; `python -m tests.chaos.gateway` has the long one."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.gateway_storm import SETTINGS, storm
from tests.support.local_mesh import LocalMesh, local_mesh

VICTIMS = ("gateway", "postgres", "orchestrator")


@pytest.fixture
def mesh() -> Iterator[LocalMesh]:
    # PostgreSQL may have to run as another user, who must be able to enter.
    with tempfile.TemporaryDirectory() as scratch:
        Path(scratch).chmod(0o755)
        with local_mesh(Path(scratch) / "mesh", "--replicas", "gateway=2", **SETTINGS) as running:
            yield running


@pytest.mark.slow
async def test_no_message_is_lost_or_handled_twice_while_everything_dies(mesh: LocalMesh) -> None:
    outcome = await storm(mesh, webhooks=200, victims=VICTIMS)
    assert outcome.problems == []
    assert outcome.killed == list(VICTIMS)
    assert outcome.retries > 0  # the kills were felt
    assert outcome.replies > 0
