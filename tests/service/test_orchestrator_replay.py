"""Conversations that were held are held again, and every difference is told, from store and export."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import yaml
from hotel.common.v1 import channel_pb2
from hotel.session.v1 import session_pb2, session_pb2_grpc
from mesh.inprocess import Registry

from services.orchestrator.rehearse.__main__ import main
from services.orchestrator.rehearse.guest import Guest
from services.orchestrator.rehearse.house import House, house
from services.orchestrator.rehearse.replay import Replayed, replay
from services.orchestrator.rehearse.script import Turn
from services.orchestrator.rehearse.stored import Story, from_export, from_store
from services.orchestrator.rehearse.stores import Databases
from services.single import hotel_file_of
from tests.support.rehearsals import databases, nlp

__all__ = ["databases", "nlp"]

START = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
WORDS = (
    "doble flexible del 8 al 10 de diciembre, 2 personas, a nombre de Rosa Gil",
    "¿a qué hora es el desayuno?",
    "sí",
)
HOTEL = Path(hotel_file_of("alameda"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def held(
    databases: Databases, nlp: Registry, tmp_path_factory: pytest.TempPathFactory
) -> tuple[list[Story], Path]:
    """A guest books with a question on the way: as the store has it, and as an export."""
    async with (
        databases.empty() as url,
        house(start=START, postgres_url=url, redis_url=databases.redis_url, nlp=nlp, meta={}) as hotel,
    ):
        guest = Guest(hotel, channel="whatsapp", address="+525500007001", key="held")
        await guest.open()
        for words in WORDS:
            await guest.send([Turn(kind="g", content=words)], times=1)
            await hotel.settle()
        export = tmp_path_factory.mktemp("exports") / "guest.json"
        export.write_bytes(await exported(hotel, guest.identity))
        return await from_store(postgres_url=url), export


async def exported(hotel: House, identity: channel_pb2.ChannelIdentity) -> bytes:
    stub = session_pb2_grpc.SessionServiceStub(hotel.behind("session"))
    found = await stub.GetGuest(session_pb2.GetGuestRequest(identity=identity), timeout=10)
    document: bytes = (
        await stub.ExportGuest(session_pb2.ExportGuestRequest(guest_id=found.guest.guest_id), timeout=10)
    ).document
    return document


def differing(replayed: Replayed) -> dict[tuple[int, str], tuple[Any, Any]]:
    return {(one.turn, one.what): (one.before, one.now) for one in replayed.differences}


def another_hotel(folder: Path, **changed: Any) -> str:
    """The same hotel with dearer doubles."""
    content = yaml.safe_load(HOTEL.read_text(encoding="utf-8"))
    content["room_types"]["DBL"] |= changed
    path = folder / "dearer.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return str(path)


@pytest.mark.asyncio(loop_scope="module")
async def test_with_nothing_changed_every_turn_goes_as_it_went(
    held: tuple[list[Story], Path], databases: Databases, nlp: Registry
) -> None:
    stories, export = held
    assert from_export(export) == stories
    assert [list(exchange.said) for exchange in stories[0].exchanges] == [[words] for words in WORDS]
    again = await replay(stories[0], databases, nlp, hotel_file=str(HOTEL))
    assert (again.repeated, again.differences) == (len(WORDS), [])


@pytest.mark.asyncio(loop_scope="module")
async def test_another_price_is_told_where_it_is_said_and_nowhere_else(
    held: tuple[list[Story], Path], databases: Databases, nlp: Registry, tmp_path: Path
) -> None:
    file = another_hotel(tmp_path, net_price=1300)
    again = differing(await replay(held[0][0], databases, nlp, hotel_file=file))
    assert again[1, "prices"] == (["2,856.00 MXN", "1,428.00 MXN"], ["3,094.00 MXN", "1,547.00 MXN"])
    assert {what for turn, what in again if turn == 1} == {"prices", "replies"}
    assert not [what for turn, what in again if turn == 2 and what == "intents"]


async def command(*arguments: str) -> tuple[int | None, dict[str, Any]]:
    """Exit code and what a pipeline reads of `rehearse --replay --json`."""
    line = (sys.executable, "-m", "services.orchestrator.rehearse", "--replay", "--json", *arguments)
    process = await asyncio.create_subprocess_exec(*line, stdout=PIPE, stderr=PIPE)
    out, problems = await process.communicate()
    assert out, problems.decode()
    return process.returncode, json.loads(out)


@pytest.mark.asyncio(loop_scope="module")
async def test_the_command_lets_a_pipeline_through_only_when_nothing_differs(
    held: tuple[list[Story], Path], tmp_path: Path
) -> None:
    (story,), export = held
    flags = tmp_path / "flags.json"
    upselling = {"state": "ENABLED", "variants": {"on": True, "off": False}, "defaultVariant": "on"}
    flags.write_text(json.dumps({"flags": {"ai_upselling": upselling}}))
    hotel = another_hotel(tmp_path, net_price=1300)
    (unchanged, same), (changed, content) = await asyncio.gather(
        command(str(export)), command(str(export), "--hotel", hotel, "--flags", str(flags))
    )
    conversation = {"session_id": story.session_id, "property_id": "alameda", "repeated": len(WORDS), "left_out": 0}
    assert (unchanged, same) == (0, {"same": True, "conversations": [{**conversation, "differences": []}]})
    assert (changed, content["same"]) == (1, False)
    told = {
        (one["turn"], one["what"]): (one["before"], one["now"]) for one in content["conversations"][0]["differences"]
    }
    assert told[3, "asks"] == ([], ["upsell"])
    assert told[3, "prices"] == (["2,856.00 MXN"], ["3,094.00 MXN"])
    assert {what for _, what in told} == {"asks", "prices", "replies"}


@pytest.mark.asyncio(loop_scope="module")
async def test_with_nothing_to_hold_again_a_pipeline_stops(
    held: tuple[list[Story], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    export = str(held[1])
    assert await asyncio.to_thread(main, ["--replay", export, "-k", "ses_of_nobody"]) == 2
    assert "no conversation to hold again with 'ses_of_nobody'" in capsys.readouterr().err


def test_the_command_refuses_what_is_no_export(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "not.json"
    path.write_text(json.dumps({"sessions": [{}]}))
    assert main(["--replay", str(path)]) == 2
    assert "is no export of a guest" in capsys.readouterr().err
