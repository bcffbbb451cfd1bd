"""Every dialogue of tests/data/dialogues, rehearsed: the whole mesh in one process, from webhooks to recorded sends."""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import pytest
from mesh.inprocess import Registry

from services.orchestrator.rehearse.player import rehearse
from services.orchestrator.rehearse.report import failure
from services.orchestrator.rehearse.script import Dialogue, read
from services.orchestrator.rehearse.stores import Databases
from tests.support.hasty_guests import WAYS, in_haste
from tests.support.rehearsals import databases, nlp

__all__ = ["databases", "nlp"]

FOLDER = Path(__file__).parents[1] / "data" / "dialogues"
DIALOGUES = [dialogue for path in sorted(FOLDER.glob("*.yaml")) for dialogue in read(path)]


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("dialogue", [pytest.param(item, id=item.id) for item in DIALOGUES])
async def test_the_dialogue_goes_as_it_should(dialogue: Dialogue, databases: Databases, nlp: Registry) -> None:
    played = await rehearse(dialogue, databases, nlp)
    assert played.passed, failure(played)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("dialogue", "way"),
    [
        pytest.param(item, way, id=f"{item.id}-{way.__name__}")
        for item, way in zip(read(FOLDER / "booking.yaml"), cycle(WAYS), strict=False)
    ],
)
async def test_it_goes_so_with_guests_who_type_in_haste(
    dialogue: Dialogue, way: Callable[[str], str], databases: Databases, nlp: Registry
) -> None:
    played = await rehearse(in_haste(dialogue, way), databases, nlp)
    assert played.passed, failure(played)


def test_there_are_dialogues_enough_in_both_languages_with_names_of_their_own() -> None:
    ids = [dialogue.id for dialogue in DIALOGUES]
    assert len(ids) == len(set(ids))
    assert len(ids) >= 60
