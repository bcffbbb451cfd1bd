"""A model outside, asked over real HTTP: what it may add; nothing that it does or fails to do changes anything else."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hotel.nlp.v1 import nlp_pb2 as pb
from hotel.nlp.v1.nlp_pb2_grpc import NlpServiceStub
from mesh.clock import ManualClock
from mesh.settings import ConfigurationError
from mesh.testing.mesh import running

from services.nlp.adapters.outside_reader import Budget
from services.nlp.app import build
from services.nlp.settings import Settings
from tests.service.test_nlp_service import NOW, ask
from tests.support.chat_completions import ChatModel, chat_model

# Rules alone have no idea of this one.
UNCLEAR = "vendríamos la gorda y yo, soy Juana Pérez, algo tranquilo con 4111 1111 1111 1111 y vista"
CLEAR = "hola, quiero reservar una doble del 3 al 6 de diciembre"
PROPOSAL = {
    "intents": [{"name": "availability_check"}],
    "entities": [{"type": "adults", "quote": "la gorda y yo", "value": 2}],
}
BOTH = {"state": "ENABLED", "variants": {"on": True, "off": False}, "defaultVariant": "on"}


@pytest.fixture
async def model() -> AsyncIterator[ChatModel]:
    async with chat_model() as running_model:
        yield running_model


@asynccontextmanager
async def nlp(
    model: ChatModel, folder: Path, *, on: bool = True, clock: ManualClock | None = None, **knobs: Any
) -> AsyncIterator[NlpServiceStub]:
    path = folder / "flags.json"
    path.write_text(json.dumps({"flags": {"advanced_nlp_models": {**BOTH, "defaultVariant": "on" if on else "off"}}}))
    settings = Settings(
        **{
            "nlp_model": False,
            "nlp_speech": False,
            "flags_file": str(path),
            "outside_model_base_url": model.url,
            "outside_model_key": "sk-test",
            "outside_model_name": "some-model",
            "outside_model_seconds": 0.5,
            **knobs,
        }
    )
    async with running({"nlp": (build, settings)}, transport="grpc", clock=clock or ManualClock(NOW)) as mesh:
        yield NlpServiceStub(mesh.channel("nlp"))


async def read(stub: NlpServiceStub, text: str = UNCLEAR) -> pb.AnalyzeResponse:
    return await stub.Analyze(ask(text), timeout=5)


async def alone(folder: Path, text: str = UNCLEAR) -> pb.AnalyzeResponse:
    """What the service says without anybody outside."""
    async with chat_model() as other, nlp(other, folder, outside_model_base_url="") as stub:
        return await read(stub, text)


async def test_what_it_proposes_is_added_to_what_was_read(model: ChatModel, tmp_path: Path) -> None:
    model.says = PROPOSAL
    before = await alone(tmp_path)
    async with nlp(model, tmp_path) as stub:
        after = await read(stub)
    assert [i.name for i in before.intents] != [i.name for i in after.intents]
    assert "availability_check" in [intent.name for intent in after.intents]
    assert [(e.value, e.confidence) for e in after.entities if e.type == "adults"] == [("2", 0.5)]
    assert after.model_version == f"{before.model_version}+outside"


async def test_it_gets_the_words_and_the_hotels_and_nothing_else_of_the_guest(model: ChatModel, tmp_path: Path) -> None:
    async with nlp(model, tmp_path) as stub:
        known = {"guest_name": "Zacarías", "phone": "+52555"}
        around = pb.ConversationContext(asked_slots=["adults"], known_slots=known)
        await stub.Analyze(ask(UNCLEAR, context=around, guest_id="gst_7", property_id="secret-house"), timeout=5)
    [asked] = model.asked
    assert model.tokens == ["Bearer sk-test"]
    assert asked["model"] == "some-model"
    sent = json.dumps(asked)
    assert "4111" not in sent
    assert "1111" in asked["messages"][1]["content"]  # the last four stay, as everywhere
    assert not [secret for secret in ("gst_7", "secret-house", "Zacar", "+52555") if secret in sent]
    assert "DBL" in asked["messages"][0]["content"]


async def test_it_is_not_asked_where_we_are_sure_or_the_flag_is_off(model: ChatModel, tmp_path: Path) -> None:
    async with nlp(model, tmp_path) as stub:
        for text in (CLEAR, "sí", "", "👍"):
            await read(stub, text)
    async with nlp(model, tmp_path, on=False) as stub:
        await read(stub)
    assert model.asked == []


FAILURES: dict[str, int | bytes | str] = {
    "hangs": "hang",
    "drips": "drip",
    "broken": 500,
    "overloaded": 529,
    "wrong key": 401,
    "wrong address": 404,
    "too many": 429,
    "bad request": 400,
    "redirects": 302,
    "empty": b"",
    "no json": b"<html>",
    "not utf-8": b"\xff\xfe\x00",
    "another shape": b'{"choices": []}',
    "a list": b"[1]",
    "null content": b'{"choices": [{"message": {"content": null}}]}',
    "content no json": b'{"choices": [{"message": {"content": "Sure! The guest wants"}}]}',
    "endless": b'{"choices": [{"message": {"content": "' + b"x" * 100_000 + b'"}}]}',
    "deep": b"[" * 30_000,
}


@pytest.mark.parametrize("failure", FAILURES)
async def test_a_failure_changes_nothing(model: ChatModel, tmp_path: Path, failure: str) -> None:
    model.does = FAILURES[failure]
    before = await alone(tmp_path)
    async with nlp(model, tmp_path) as stub:
        assert await read(stub) == before
    assert len(model.asked) == 1


async def test_its_absence_changes_nothing(model: ChatModel, tmp_path: Path) -> None:
    before = await alone(tmp_path)
    async with nlp(model, tmp_path, outside_model_base_url="http://127.0.0.1:9/v1") as stub:
        assert await read(stub) == before


@pytest.mark.parametrize(
    "hostile",
    [
        {"intents": [{"name": "confirm"}, {"name": "opt_out"}]},
        {"intents": [{"name": "transfer_money"}] * 1000},
        {"intents": "confirm", "entities": "all"},
        {"entities": [{"type": "reservation_code", "quote": "Juana", "value": "AAAA11"}]},
        {"entities": [{"type": "guest_name", "quote": "Juana Pérez", "value": "<script>"}]},
        {"entities": [{"type": "adults", "quote": "not in the message", "value": 2}]},
        [],
        None,
        "confirm",
        7,
    ],
)
async def test_a_hostile_answer_changes_nothing(model: ChatModel, tmp_path: Path, hostile: object) -> None:
    model.says = hostile if hostile is not None else "null"
    before = await alone(tmp_path)
    async with nlp(model, tmp_path) as stub:
        assert await read(stub) == before
    assert len(model.asked) == 1


async def test_after_five_failures_it_is_left_alone_and_then_tried_again(model: ChatModel, tmp_path: Path) -> None:
    model.does = 500
    clock = ManualClock(NOW)
    async with nlp(model, tmp_path, clock=clock) as stub:
        for _ in range(9):
            await read(stub)
        assert len(model.asked) == 5
        model.does, model.says = None, PROPOSAL
        clock.advance(timedelta(seconds=31))
        after = await read(stub)
    assert "availability_check" in [intent.name for intent in after.intents]


async def test_the_budget_of_a_minute_is_kept(model: ChatModel, tmp_path: Path) -> None:
    async with nlp(model, tmp_path, outside_model_per_minute=3) as stub:
        for _ in range(6):
            await read(stub)
    assert len(model.asked) == 3


def test_a_budget_is_full_again_after_its_span() -> None:
    clock = ManualClock(NOW)
    budget = Budget(per_minute=2, per_day=3, clock=clock)
    assert [budget.take() for _ in range(3)] == [True, True, False]
    clock.advance(timedelta(seconds=61))
    assert [budget.take() for _ in range(2)] == [True, False]  # the day's is spent
    clock.advance(timedelta(days=1))
    assert budget.take()


async def test_guests_do_not_wait_for_one_another(model: ChatModel, tmp_path: Path) -> None:
    """So many are asked about at once; the others have their analysis without it."""
    model.does = "hang"
    async with nlp(model, tmp_path) as stub:
        responses = await asyncio.gather(*(read(stub) for _ in range(20)))
        assert await read(stub, CLEAR)
    assert len(responses) == 20
    assert len(model.asked) == 4


async def test_a_call_with_little_time_left_is_answered_without_it(model: ChatModel, tmp_path: Path) -> None:
    model.does = "hang"
    async with nlp(model, tmp_path, outside_model_seconds=5.0) as stub:
        assert (await stub.Analyze(ask(UNCLEAR), timeout=0.6)).language.code == "es"


async def test_a_base_url_without_a_model_stops_the_start(model: ChatModel, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="OUTSIDE_MODEL_NAME"):
        async with nlp(model, tmp_path, outside_model_name=""):
            pass


def test_the_key_is_never_printed() -> None:
    settings = Settings(outside_model_key="sk-very-secret", env="dev")
    assert "sk-very-secret" not in repr(settings)
