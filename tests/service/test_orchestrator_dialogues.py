"""Every dialogue of tests/data/dialogues against the real services; DIALOGUE_FILES names further files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from mesh.store.migrations import migrate

from tests.service.orchestrator_house import house, play
from tests.support.stores import Databases

FOLDER = Path(__file__).parents[1] / "data" / "dialogues"
MIGRATIONS = Path(__file__).parents[2] / "services" / "session" / "migrations"


def _dialogues() -> list[Any]:
    further = [Path(name) for name in os.environ.get("DIALOGUE_FILES", "").split(os.pathsep) if name]
    found = []
    for path in (*sorted(FOLDER.glob("*.yaml")), *further):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        meta = content.get("meta", {})
        found += [pytest.param({**meta, **dialogue}, id=dialogue["id"]) for dialogue in content["dialogues"]]
    return found


@pytest.fixture
def stores(postgres_databases: Databases, redis_url: str) -> Iterator[dict[str, str]]:
    """An empty session database of its own, and a cache."""
    postgres_databases.template("session", lambda url: migrate(url, schema="session", directory=MIGRATIONS))
    url = postgres_databases.create("session")
    yield {"postgres": url, "redis": redis_url}
    postgres_databases.drop(url)


@pytest.mark.parametrize("dialogue", _dialogues())
async def test_the_dialogue_goes_as_it_should(dialogue: dict[str, Any], stores: dict[str, str]) -> None:
    start = datetime.fromisoformat(dialogue.get("clock") or dialogue["default_clock"])
    channel = dialogue.get("channel") or dialogue.get("default_channel", "whatsapp")
    async with house(stores, start=start, channel=channel, address=dialogue.get("from", "+525500000099")) as guest:
        problems = await play(guest, dialogue)
        print("\n".join([dialogue["id"], *guest.transcript]))
        assert not problems, "\n".join(["", *guest.transcript, *problems])
