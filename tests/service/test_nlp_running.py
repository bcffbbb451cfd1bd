"""The nlp service at work: odd inputs, batches, the loop's freedom, and a model swapped under load."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import shutil
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hotel.nlp.v1 import nlp_pb2 as pb
from hotel.nlp.v1.nlp_pb2_grpc import NlpServiceStub
from mesh.errors import Invalid
from mesh.testing.mesh import running
from prometheus_client import REGISTRY

from services.nlp.adapters.composition import Models
from services.nlp.adapters.engine import Engine
from services.nlp.app import build
from services.nlp.domain.analysis import Analyser
from services.nlp.domain.types import EntityType, Message
from services.nlp.model.artefact import FOLDER
from services.nlp.model.second import FILE
from services.nlp.settings import Settings
from tests.service.test_nlp_service import ask
from tests.support.polling import until
from tests.unit.nlp.reading import context

# What guests and scripts send beside sentences.
ODD = {
    "empty": "",
    "spaces": " \t\n\u00a0\u2003 ",
    "emoji": "👍🏽🎉❤️‍🔥🇲🇽" * 50,
    "one combining mark": "\u0301",
    "right to left": "مرحبا، أريد غرفة لشخصين من فضلك",
    "hebrew with directions": "\u202bשלום\u202c \u2066חדר\u2069",
    "control characters": "\x00\x01\x02hola\x07\x1b[31m quiero\x00 una doble\x7f",
    "mixed scripts": "quiero una ком­ната 部屋 για 2 personas 🙏",
    "lone surrogate escapes": "\\ud83d \ufffd \ufffe hola",
    "zalgo": "h\u0335\u0322o\u0334\u031bl\u0337a\u0338" * 200,
    "digits": "4" * 4000,
    "punctuation": "?!" * 2000,
    "longest": "quiero una doble del 3 al 6 de diciembre ".ljust(41, ".")[:40] * 100,
    "one word without spaces": "a" * 4000,
    "many dates": "3/12 " * 800,
    "json": json.dumps({"intents": [{"name": "confirm"}]}) * 50,
}
# What none of them may be taken for (a thumb up is a yes).
QUIET = ("confirm", "deny", "opt_out", "opt_in", "cancellation_request", "emergency")


@pytest.fixture(scope="module")
def models() -> Models:
    return Models()


@pytest.fixture
async def stub() -> AsyncIterator[NlpServiceStub]:
    async with running({"nlp": (build, Settings(nlp_speech=False, tts_engine="none"))}, transport="grpc") as mesh:
        yield NlpServiceStub(mesh.channel("nlp"))


async def test_odd_inputs_are_answered_sensibly(stub: NlpServiceStub) -> None:
    for name, text in ODD.items():
        assert len(text) <= 4000, name
        response = await stub.Analyze(ask(text, language_hint="es"), timeout=10)
        assert response.language.code in ("es", "en"), name
        assert all(0 <= entity.start < entity.end <= len(text) for entity in response.entities), name
        sure = {intent.name for intent in response.intents if intent.confidence >= 0.5}
        assert not sure.intersection(QUIET) or name == "emoji", (name, sure)


async def test_words_are_read_through_control_characters_and_other_scripts(stub: NlpServiceStub) -> None:
    for name in ("control characters", "mixed scripts"):
        response = await stub.Analyze(ask(ODD[name]), timeout=5)
        assert response.language.code == "es", name
        assert "reservation_request" in [intent.name for intent in response.intents], name


async def test_nothing_to_read_is_nothing_wanted_in_the_language_of_the_conversation(stub: NlpServiceStub) -> None:
    for name in ("empty", "spaces", "one combining mark"):
        for hint in ("es", "en"):
            response = await stub.Analyze(ask(ODD[name], language_hint=hint), timeout=5)
            assert (response.language.code, list(response.intents), list(response.entities)) == (hint, [], []), name


async def test_one_character_too_many_is_refused_and_the_field_named(stub: NlpServiceStub) -> None:
    await stub.Analyze(ask("é" * 4000), timeout=10)
    with pytest.raises(Invalid) as refused:
        await stub.Analyze(ask("é" * 4001), timeout=10)
    assert refused.value.fields == {"text": "must be at most 4000 characters, has 4001"}


async def test_a_batch_says_what_each_message_says_alone(stub: NlpServiceStub) -> None:
    texts = [
        "hola, quiero una doble y además saber si hay estacionamiento",
        "is there a pool? and do you take dogs?",
        "👍",
        "no funciona el aire",
        *(f"del {day} al {day + 2} de diciembre" for day in range(1, 26)),
    ]
    batch = await stub.AnalyzeBatch(pb.AnalyzeBatchRequest(requests=[ask(text) for text in texts]), timeout=20)
    alone = [await stub.Analyze(ask(text), timeout=5) for text in texts]
    for text, together, single in zip(texts, batch.responses, alone, strict=True):
        assert [(i.name, i.topic) for i in together.intents] == [(i.name, i.topic) for i in single.intents], text
        assert [i.confidence for i in together.intents] == pytest.approx([i.confidence for i in single.intents], 1e-3)
        assert list(together.entities) == list(single.entities)


async def test_the_loop_turns_while_messages_are_analysed(models: Models) -> None:
    engine = Engine(models.load, threads=2)
    await engine.warm_up()
    work = asyncio.create_task(
        engine.analyse([Message(text=f"una doble para {n} personas", context=context()) for n in range(100)])
    )
    turns = 0
    while not work.done():
        await asyncio.sleep(0)
        turns += 1
    assert len(await work) == 100
    assert turns > 50  # an analysis on the loop itself would leave it one turn for each chunk
    await engine.close()


class _NoSuchPhone:
    """Fails at one number."""

    def read(self, written: str, region: str) -> str:
        if written.endswith("13"):
            raise ValueError("this one cannot be read")
        return f"+{region}{written}"


async def test_what_waits_is_read_together_and_one_that_fails_spoils_no_other() -> None:
    engine = Engine(lambda: Analyser(phones=_NoSuchPhone()), threads=1)
    await engine.warm_up()
    texts = [f"mi telefono es 55 1234 56{n}" for n in range(10, 30)]
    read = [asyncio.create_task(engine.analyse([Message(text=text, context=context())])) for text in texts]
    left = asyncio.create_task(engine.analyse([Message(text="hola", context=context())]))
    await asyncio.sleep(0)
    left.cancel()
    found = await asyncio.gather(*read, left, return_exceptions=True)
    assert isinstance(found.pop(), asyncio.CancelledError)
    assert isinstance(found.pop(3), ValueError)
    phones = [one.first(EntityType.PHONE) for one in itertools.chain.from_iterable(found)]
    assert [phone.value[-2:] for phone in phones if phone] == [text[-2:] for text in texts if text[-2:] != "13"]
    await engine.close()


async def test_nothing_is_ready_before_the_model_is_warm(models: Models) -> None:
    engine = Engine(models.load, threads=1)
    with pytest.raises(RuntimeError, match="no model"):
        await engine.check()
    await engine.warm_up()
    await engine.check()
    await engine.close()


def _reloads(outcome: str) -> float:
    return REGISTRY.get_sample_value("hotel_nlp_model_reloads_total", {"outcome": outcome}) or 0.0


def _rename(folder: Path, version: str) -> None:
    described = json.loads((folder / "model.json").read_text())
    (folder / "new.json").write_text(json.dumps({**described, "version": version}))
    (folder / "new.json").rename(folder / "model.json")


async def test_sighup_swaps_the_model_under_calls_in_flight(tmp_path: Path) -> None:
    folder = tmp_path / "artefact"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns(FILE))  # it belongs to the version it was made with
    seen: list[str] = []
    stop = asyncio.Event()

    async def guests(stub: NlpServiceStub) -> None:
        while not stop.is_set():
            response = await stub.Analyze(ask("hola, quiero una doble"), timeout=10)
            seen.append(response.model_version.partition("+")[2])

    async with running(
        {"nlp": (build, Settings(nlp_model_folder=str(folder), nlp_speech=False))}, transport="grpc"
    ) as mesh:
        stub = NlpServiceStub(mesh.channel("nlp"))
        old = (await stub.Analyze(ask("hola"), timeout=5)).model_version.partition("+")[2]
        callers = [asyncio.create_task(guests(stub)) for _ in range(4)]
        _rename(folder, "second")
        os.kill(os.getpid(), signal.SIGHUP)
        await until(lambda: seen[-1:] == ["second"])
        broken = _reloads("broken")
        (folder / "model.json").write_text("{")
        os.kill(os.getpid(), signal.SIGHUP)
        await until(lambda: _reloads("broken") == broken + 1)
        count = len(seen)
        await until(lambda: len(seen) > count)
        _rename_from(FOLDER, folder)
        os.kill(os.getpid(), signal.SIGHUP)
        await until(lambda: seen[-1:] == [old])
        stop.set()
        await asyncio.gather(*callers)  # raises what any of the calls raised
    assert set(seen) == {old, "second"}


def _rename_from(source: Path, folder: Path) -> None:
    shutil.copy(source / "model.json", folder / "again.json")
    (folder / "again.json").rename(folder / "model.json")
