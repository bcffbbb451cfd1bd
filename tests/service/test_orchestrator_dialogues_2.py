"""A third of the dialogues of tests/data/dialogues: the whole mesh in one process, from webhooks to recorded sends."""

from __future__ import annotations

import pytest
from mesh.inprocess import Registry

from services.orchestrator.rehearse.script import Dialogue
from services.orchestrator.rehearse.stores import Databases
from tests.support.dialogues import goes_as_it_should, part
from tests.support.rehearsals import databases, nlp

__all__ = ["databases", "nlp"]


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("dialogue", part(2))
async def test_the_dialogue_goes_as_it_should(dialogue: Dialogue, databases: Databases, nlp: Registry) -> None:
    await goes_as_it_should(dialogue, databases, nlp)
