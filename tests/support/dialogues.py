"""The dialogues of tests/data/dialogues in three parts: a test module is played by one worker, and three share them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from mesh.inprocess import Registry

from services.orchestrator.rehearse.player import rehearse
from services.orchestrator.rehearse.report import failure
from services.orchestrator.rehearse.script import Dialogue, read
from services.orchestrator.rehearse.stores import Databases

FOLDER = Path(__file__).parents[1] / "data" / "dialogues"
DIALOGUES = [dialogue for path in sorted(FOLDER.glob("*.yaml")) for dialogue in read(path)]
_PARTS = 3


def part(number: int) -> list[Any]:
    """Parameters of a test: every third dialogue, from the first, second or third on."""
    return [pytest.param(item, id=item.id) for item in DIALOGUES[number - 1 :: _PARTS]]


async def goes_as_it_should(dialogue: Dialogue, databases: Databases, nlp: Registry) -> None:
    """Plays it. Fails with its transcript and what did not hold."""
    played = await rehearse(dialogue, databases, nlp)
    assert played.passed, failure(played)
