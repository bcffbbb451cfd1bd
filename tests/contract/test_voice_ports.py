"""What every store of recordings and every transcriber does, the ones for tests included."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from mesh.testing.mesh import running

from services.gateway.channels.whatsapp.media import GraphMedia
from services.gateway.voice.nlp import NlpTranscriber
from services.gateway.voice.ports import Heard, MediaSource, Recording, Transcriber, Unheard
from services.gateway.voice.scripted import MemoryMedia, ScriptedTranscriber
from services.nlp.settings import Settings
from tests.service.test_nlp_speech import NOTE, build_scripted
from tests.support.graph_media import Kept, graph_media

RECORDING = Recording(audio=NOTE, mime_type="audio/wav")


@pytest.fixture(params=["memory", "graph"])
async def source(request: pytest.FixtureRequest) -> AsyncIterator[MediaSource]:
    if request.param == "memory":
        yield MemoryMedia({"1001": RECORDING})
        return
    async with graph_media("token") as server, httpx.AsyncClient() as http:
        server.kept["1001"] = Kept(NOTE, "audio/wav")
        yield GraphMedia(http=http, base_url=server.url, version="v26.0", token="token", seconds=5.0)


@pytest.fixture(params=["scripted", "nlp"])
async def transcriber(request: pytest.FixtureRequest) -> AsyncIterator[Transcriber]:
    if request.param == "scripted":
        yield ScriptedTranscriber({NOTE: Heard(text="quiero una doble", confidence=0.9)})
        return
    async with running({"nlp": (build_scripted, Settings())}, transport="grpc") as mesh:
        yield NlpTranscriber(channel=mesh.channel("nlp"), seconds=10.0)


async def test_a_recording_is_there_as_often_as_it_is_asked_for(source: MediaSource) -> None:
    assert await source.fetch("1001", most_bytes=len(NOTE)) == RECORDING
    assert await source.fetch("1001", most_bytes=len(NOTE)) == RECORDING


@pytest.mark.parametrize(("media_id", "most", "failure"), [("1002", 10**6, "failed"), ("1001", 100, "too_large")])
async def test_a_recording_that_is_not_to_be_had_says_why(
    source: MediaSource, media_id: str, most: int, failure: str
) -> None:
    with pytest.raises(Unheard) as refused:
        await source.fetch(media_id, most_bytes=most)
    assert refused.value.failure == failure


async def test_words_come_with_their_confidence(transcriber: Transcriber) -> None:
    heard = await transcriber.transcribe(RECORDING, property_id="alameda", guest="g", language="es")
    assert (heard.text, heard.confidence) == ("quiero una doble", pytest.approx(0.9))


@pytest.mark.parametrize("mime_type", ["audio/wav", "audio/amr", ""])
async def test_what_is_no_recording_is_unsupported(transcriber: Transcriber, mime_type: str) -> None:
    with pytest.raises(Unheard) as refused:
        await transcriber.transcribe(
            Recording(audio=b"nonsense", mime_type=mime_type), property_id="alameda", guest="g", language=""
        )
    assert refused.value.failure == "unsupported"
