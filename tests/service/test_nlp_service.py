"""The nlp service through the mesh: contract, refusals, robustness."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hotel.nlp.v1 import nlp_pb2 as pb
from hotel.nlp.v1.nlp_pb2_grpc import NlpServiceStub
from mesh.errors import Invalid, NotInstalled
from mesh.settings import ConfigurationError
from mesh.testing.mesh import running
from mesh.wire import time_to_proto

from services.nlp.app import build
from services.nlp.settings import Settings

NOW = datetime(2026, 11, 20, 16, tzinfo=UTC)


def ask(text: str, **fields: object) -> pb.AnalyzeRequest:
    request = pb.AnalyzeRequest(
        text=text, reference_time=time_to_proto(NOW), time_zone="America/Mexico_City", region="MX"
    )
    request.catalogue.room_types.add(id="DBL", names=["doble", "double"])
    request.catalogue.rate_plans.add(id="FLEX", names=["flexible"])
    request.MergeFrom(pb.AnalyzeRequest(**fields))
    return request


@pytest.fixture(params=["inprocess", "grpc"])
async def stub(request: pytest.FixtureRequest) -> AsyncIterator[NlpServiceStub]:
    async with running(
        {"nlp": (build, Settings(nlp_speech=False, tts_engine="none"))}, transport=request.param
    ) as mesh:
        yield NlpServiceStub(mesh.channel("nlp"))


def values(response: pb.AnalyzeResponse) -> dict[str, str]:
    return {entity.role or entity.type: entity.value for entity in response.entities}


async def test_a_request_is_understood_whole(stub: NlpServiceStub) -> None:
    text = "Hi! Double room for 2 adults, Dec 8 to Dec 10, flexible rate please. Name is Emily Clark."
    response = await stub.Analyze(ask(text), timeout=5)
    assert response.language.code == "en"
    assert "reservation_request" in [intent.name for intent in response.intents]
    assert values(response) == {
        "room_type": "DBL",
        "adults": "2",
        "check_in": "2026-12-08",
        "check_out": "2026-12-10",
        "rate_plan": "FLEX",
        "guest_name": "Emily Clark",
    }
    arrival = next(entity for entity in response.entities if entity.role == "check_in")
    assert text[arrival.start : arrival.end] == "Dec 8"
    assert (arrival.date.year, arrival.date.month, arrival.date.day) == (2026, 12, 8)
    assert response.model_version


async def test_what_was_asked_and_known_decides_the_reading(stub: NlpServiceStub) -> None:
    context = pb.ConversationContext(asked_slots=["nights"], known_slots={"check_in": "2026-12-03"})
    response = await stub.Analyze(ask("3", context=context), timeout=5)
    assert values(response) == {"nights": "3", "check_out": "2026-12-06"}


async def test_a_batch_keeps_the_order(stub: NlpServiceStub) -> None:
    batch = pb.AnalyzeBatchRequest(requests=[ask("hola"), ask("goodbye"), ask("")])
    response = await stub.AnalyzeBatch(batch, timeout=5)
    names = [[intent.name for intent in one.intents][:1] for one in response.responses]
    assert names == [["greeting"], ["goodbye"], []]


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (ask("a" * 4001), "text"),
        (pb.AnalyzeRequest(text="hola", time_zone="UTC"), "reference_time"),
        (pb.AnalyzeRequest(text="hola", reference_time=time_to_proto(NOW)), "time_zone"),
        (pb.AnalyzeRequest(text="hola", reference_time=time_to_proto(NOW), time_zone="Mars/Base"), "time_zone"),
        (pb.AnalyzeRequest(text="hola", reference_time=time_to_proto(NOW), time_zone="../etc/passwd"), "time_zone"),
    ],
)
async def test_a_malformed_request_is_refused_with_its_field(
    stub: NlpServiceStub, request_: pb.AnalyzeRequest, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await stub.Analyze(request_, timeout=5)
    assert field in refused.value.fields


async def test_a_bad_request_in_a_batch_is_named_by_its_place(stub: NlpServiceStub) -> None:
    with pytest.raises(Invalid) as refused:
        await stub.AnalyzeBatch(pb.AnalyzeBatchRequest(requests=[ask("hola"), ask("a" * 4001)]), timeout=5)
    assert list(refused.value.fields) == ["requests[1].text"]


async def test_the_longest_text_is_answered(stub: NlpServiceStub) -> None:
    response = await stub.Analyze(ask("quiero una doble del 3 al 6 de diciembre " * 97), timeout=5)
    assert response.language.code == "es"


async def test_many_calls_at_once_all_answer(stub: NlpServiceStub) -> None:
    texts = [f"una doble del {day} al {day + 2} de diciembre" for day in range(1, 25)]
    responses = await asyncio.gather(*(stub.Analyze(ask(text), timeout=10) for text in texts))
    arrivals = [values(response)["check_in"] for response in responses]
    assert arrivals == [f"2026-12-{day:02d}" for day in range(1, 25)]


async def test_an_unusable_artefact_stops_the_start_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as refused:
        async with running({"nlp": (build, Settings(nlp_model_folder=str(tmp_path)))}):
            pass
    assert str(tmp_path) in refused.value.problems[0]


async def test_without_the_model_the_rules_still_answer() -> None:
    async with running({"nlp": (build, Settings(nlp_model=False, nlp_speech=False))}) as mesh:
        response = await NlpServiceStub(mesh.channel("nlp")).Analyze(ask("hola, quiero una doble"), timeout=5)
    assert response.model_version.endswith("+rules")
    assert "reservation_request" in [intent.name for intent in response.intents]


async def test_speech_says_why_it_is_not_there(stub: NlpServiceStub) -> None:
    with pytest.raises(NotInstalled) as refused:
        await stub.Synthesize(pb.SynthesizeRequest(text="hola", language="es"), timeout=5)
    assert refused.value.reason == "SPEECH_NOT_AVAILABLE"
