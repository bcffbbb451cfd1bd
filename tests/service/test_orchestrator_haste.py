"""The dialogues of booking.yaml again, with guests who type in haste."""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle

import pytest
from mesh.inprocess import Registry

from services.orchestrator.rehearse.script import Dialogue, read
from services.orchestrator.rehearse.stores import Databases
from tests.support.dialogues import DIALOGUES, FOLDER, goes_as_it_should
from tests.support.hasty_guests import WAYS, in_haste
from tests.support.rehearsals import databases, nlp

__all__ = ["databases", "nlp"]


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
    await goes_as_it_should(in_haste(dialogue, way), databases, nlp)


def test_there_are_dialogues_enough_in_both_languages_with_names_of_their_own() -> None:
    ids = [dialogue.id for dialogue in DIALOGUES]
    assert len(ids) == len(set(ids))
    assert len(ids) >= 60
