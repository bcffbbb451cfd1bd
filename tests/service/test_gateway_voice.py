"""Voice notes from the webhook to the orchestrator: the Graph API's two steps, hearing, and every way to go wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from hotel.common.v1 import message_pb2
from mesh.errors import Down
from mesh.testing.mesh import Build

from deploy.local.whatsapp_guest import WhatsAppGuest
from services.gateway.channels.whatsapp.media import GraphMedia
from services.gateway.voice.ports import NotYet, Recording, Unheard
from services.nlp.app import build as build_nlp
from services.nlp.settings import Settings as NlpSettings
from tests.service.test_nlp_speech import NOTE, build_scripted
from tests.support.gateway import Desk, Gateway, Replies, Turn, eventually, migrated, running_gateway
from tests.support.graph_media import GraphMediaServer, Kept, graph_media
from tests.support.polling import until
from tests.support.sounds import silence
from tests.support.stores import Databases

TOKEN = "dev-access-token"
MOST = 1_000_000


@pytest.fixture
async def graph() -> AsyncIterator[GraphMediaServer]:
    async with graph_media(TOKEN) as server:
        server.kept["1001"] = Kept(NOTE, "audio/wav")
        yield server


# The two steps.


@asynccontextmanager
async def media(graph: GraphMediaServer, **changed: Any) -> AsyncIterator[GraphMedia]:
    async with httpx.AsyncClient() as http:
        settings = {"base_url": graph.url, "version": "v26.0", "token": TOKEN, "seconds": 5.0, **changed}
        yield GraphMedia(http=http, **settings)


async def test_a_recording_is_asked_for_and_then_fetched(graph: GraphMediaServer) -> None:
    async with media(graph) as source:
        assert await source.fetch("1001", most_bytes=MOST) == Recording(audio=NOTE, mime_type="audio/wav")
    assert graph.requests == [("place", "1001"), ("download", "1001")]


async def test_an_address_that_is_over_is_asked_for_once_more(graph: GraphMediaServer) -> None:
    graph.kept["1002"] = Kept(NOTE, gone=1)
    graph.kept["1003"] = Kept(NOTE, gone=2)
    async with media(graph) as source:
        assert (await source.fetch("1002", most_bytes=MOST)).audio == NOTE
        with pytest.raises(Unheard) as gone:
            await source.fetch("1003", most_bytes=MOST)
    assert gone.value.failure == "failed"
    assert [media_id for step, media_id in graph.requests if step == "place"] == ["1002", "1002", "1003", "1003"]


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/steal",
        "http://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1",
        "https://lookaside.fbsbx.com.evil.example/x",
        "https://evil.example/?https://lookaside.fbsbx.com/",
        "https://lookaside.fbsbx.com@evil.example/x",
        "https://lookaside.fbsbx.com:8443/x",
        "https://mmg.whatsapp.net.evil.example/x",
        "https://evilwhatsapp.net/x",
        "http://127.0.0.1:1/x",
        "https://[::ffff:169.254.169.254]/latest",
        "https://[::1]/x",
        "https://2130706433/x",
        "https://10.0.0.1#.whatsapp.net/x",
        "https://10.0.0.1\\.whatsapp.net/x",
        "https://10.0.0.1/x?.whatsapp.net",
        "file:///etc/passwd",
        "//evil.example/x",
        "",
        "http://[",
        7,
    ],
)
async def test_the_token_goes_to_metas_hosts_alone(graph: GraphMediaServer, url: object) -> None:
    graph.kept["1004"] = Kept(NOTE, said={"url": url})
    async with media(graph) as source:
        with pytest.raises(Unheard) as refused:
            await source.fetch("1004", most_bytes=MOST)
    assert refused.value.failure == "failed"
    assert graph.requests == [("place", "1004")]


@pytest.mark.parametrize("host", ["lookaside.fbsbx.com", "mmg.whatsapp.net", "media-mia3-1.cdn.whatsapp.net"])
async def test_metas_own_hosts_are_asked_over_tls(graph: GraphMediaServer, host: str) -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if len(asked) == 1:
            return httpx.Response(200, json={"url": f"https://{host}/a?mid=1", "mime_type": "audio/ogg"})
        return httpx.Response(200, content=b"OggS")

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        source = GraphMedia(http=http, base_url="https://graph.facebook.com", version="v26.0", token=TOKEN, seconds=1)
        assert (await source.fetch("1", most_bytes=MOST)).audio == b"OggS"
    assert [str(request.url) for request in asked] == [
        "https://graph.facebook.com/v26.0/1",
        f"https://{host}/a?mid=1",
    ]
    assert all(request.headers["Authorization"] == f"Bearer {TOKEN}" for request in asked)


async def test_redirects_are_not_followed(graph: GraphMediaServer) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.startswith("/v26.0"):
            return httpx.Response(200, json={"url": "https://lookaside.fbsbx.com/a"})
        return httpx.Response(302, headers={"Location": "https://evil.example/"})

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer), follow_redirects=True) as http:
        source = GraphMedia(http=http, base_url="https://graph.test", version="v26.0", token=TOKEN, seconds=1)
        with pytest.raises(Unheard):
            await source.fetch("1", most_bytes=MOST)


async def test_what_is_too_large_is_not_read(graph: GraphMediaServer) -> None:
    graph.kept["1005"] = Kept(b"x" * 200_000)
    graph.kept["1006"] = Kept(b"x" * 2_000_000, said={"file_size": 10})  # says less than it is
    async with media(graph) as source:
        for media_id in ("1005", "1006"):
            with pytest.raises(Unheard) as refused:
                await source.fetch(media_id, most_bytes=100_000)
            assert refused.value.failure == "too_large"
    assert ("download", "1005") not in graph.requests
    assert graph.sent_bytes < 1_000_000


async def test_a_recording_that_arrives_damaged_is_fetched_again_later(graph: GraphMediaServer) -> None:
    graph.kept["1007"] = Kept(NOTE, said={"sha256": "0" * 64})
    async with media(graph) as source:
        with pytest.raises(NotYet, match="sha256"):
            await source.fetch("1007", most_bytes=MOST)


@pytest.mark.parametrize(("status", "kind"), [(500, NotYet), (503, NotYet), (429, NotYet), (400, Unheard)])
async def test_what_may_pass_is_told_from_what_will_not(
    graph: GraphMediaServer, status: int, kind: type[Exception]
) -> None:
    graph.kept["1008"] = Kept(NOTE, faults=[status])
    async with media(graph) as source:
        with pytest.raises(kind):
            await source.fetch("1008", most_bytes=MOST)


async def test_a_wrong_token_and_a_silent_host_are_told_apart(graph: GraphMediaServer) -> None:
    async with media(graph, token="another") as source:
        with pytest.raises(Unheard):
            await source.fetch("1001", most_bytes=MOST)
    async with media(graph, base_url="http://127.0.0.1:9") as source:
        with pytest.raises(NotYet):
            await source.fetch("1001", most_bytes=MOST)


@pytest.mark.parametrize("media_id", ["", "../100/messages", "1?access_token=x", "a/b", "1" * 200])
async def test_a_media_id_is_never_a_path(graph: GraphMediaServer, media_id: str) -> None:
    async with media(graph) as source:
        with pytest.raises(Unheard):
            await source.fetch(media_id, most_bytes=MOST)
    assert graph.requests == []


# The whole way, with the real nlp service and a recogniser that was told what to hear.


@pytest.fixture
def database(postgres_databases: Databases) -> Iterator[str]:
    url = migrated(postgres_databases)
    yield url
    postgres_databases.drop(url)


def voices(turn: Turn) -> list[message_pb2.VoiceContent]:
    return [message.voice for message in turn.messages if message.WhichOneof("content") == "voice"]


def told(turn: Turn) -> Replies:
    words = [
        m.voice.transcript or f"<{m.voice.failure}>" if m.HasField("voice") else m.text.text for m in turn.messages
    ]
    return [message_pb2.OutboundMessage(text=" / ".join(words), language="es")]


@asynccontextmanager
async def house(
    database: str, redis_url: str, graph: GraphMediaServer, nlp: Build = build_scripted, **knobs: Any
) -> AsyncIterator[Gateway]:
    beside = {"nlp": (nlp, NlpSettings())}
    async with running_gateway(
        database, redis_url, desk=Desk(behave=told), beside=beside, whatsapp_graph_base_url=graph.url, **knobs
    ) as gateway:
        yield gateway


async def speaks(guest: WhatsAppGuest, media_id: str, message_id: str) -> None:
    content = {"type": "audio", "audio": {"id": media_id, "mime_type": "audio/ogg; codecs=opus", "voice": True}}
    assert (await guest.post(guest.webhook(message_id, content))).status_code == 200


async def test_a_voice_note_reaches_the_orchestrator_as_words(
    database: str, redis_url: str, graph: GraphMediaServer
) -> None:
    async with house(database, redis_url, graph) as gateway:
        await speaks(gateway.guest(), "1001", "wamid.v1")
        await until(lambda: bool(gateway.desk.calls))
    [voice] = voices(gateway.desk.calls[0])
    assert (voice.transcript, voice.failure, voice.media_id) == ("quiero una doble", "", "1001")
    assert voice.confidence == pytest.approx(0.9)
    assert [(word.text, round(word.confidence, 1)) for word in voice.words] == [
        ("quiero", 0.9),
        ("una", 0.9),
        ("doble", 0.9),
    ]


@pytest.mark.parametrize(
    ("kept", "failure"),
    [
        (Kept(silence(6), "audio/wav"), "too_long"),
        (Kept(b"#!AMR\n" + b"\0" * 500, "audio/amr"), "unsupported"),
        (Kept(b"x" * 500_000, "audio/wav"), "too_large"),
        (Kept(NOTE, "audio/wav", said={"file_size": 17_000_000}), "too_large"),
        (Kept(NOTE, "audio/wav", gone=9), "failed"),
    ],
)
async def test_what_is_not_heard_reaches_the_orchestrator_with_the_reason(
    database: str, redis_url: str, graph: GraphMediaServer, kept: Kept, failure: str
) -> None:
    graph.kept["2001"] = kept
    async with house(database, redis_url, graph) as gateway:
        await speaks(gateway.guest(), "2001", "wamid.v1")
        await until(lambda: bool(gateway.desk.calls))
    [voice] = voices(gateway.desk.calls[0])
    assert (voice.transcript, voice.failure) == ("", failure)


async def test_without_speech_the_guest_is_not_left_waiting(
    database: str, redis_url: str, graph: GraphMediaServer
) -> None:
    async def deaf(runtime: Any, settings: NlpSettings) -> None:
        await build_nlp(runtime, settings.model_copy(update={"nlp_speech": False, "nlp_model": False}))

    async with house(database, redis_url, graph, nlp=deaf) as gateway:
        await speaks(gateway.guest(), "1001", "wamid.v1")
        await until(lambda: bool(gateway.desk.calls))
    assert voices(gateway.desk.calls[0])[0].failure == "speech_off"


async def test_a_graph_api_in_trouble_is_asked_again(database: str, redis_url: str, graph: GraphMediaServer) -> None:
    graph.kept["1001"].faults = [500]
    async with house(database, redis_url, graph) as gateway:
        await speaks(gateway.guest(), "1001", "wamid.v1")
        await until(lambda: bool(gateway.desk.calls))
        [row] = await gateway.rows("select tries from turns")
    assert voices(gateway.desk.calls[0])[0].transcript == "quiero una doble"
    assert row["tries"] == 2


async def test_a_repeated_turn_has_its_words_again(database: str, redis_url: str, graph: GraphMediaServer) -> None:
    failures = [Down("UNAVAILABLE", "restarting")]

    def fails_once(turn: Turn) -> Replies:
        if failures:
            raise failures.pop()
        return told(turn)

    async with house(database, redis_url, graph) as gateway:
        gateway.desk.behave = fails_once
        await speaks(gateway.guest(), "1001", "wamid.v1")
        await until(lambda: len(gateway.desk.calls) == 2)
    first, second = gateway.desk.calls
    assert first.turn_id == second.turn_id
    assert voices(first) == voices(second)
    assert [step for step, _ in graph.requests].count("download") == 1


async def test_other_guests_go_on_while_notes_are_heard(database: str, redis_url: str, graph: GraphMediaServer) -> None:
    graph.hold = asyncio.Event()
    async with house(database, redis_url, graph, inbox_workers=4, voice_at_once=1) as gateway:
        for number in range(6):
            guest = gateway.guest(wa_id=f"52155000000{number:02d}")
            await speaks(guest, "1001", f"wamid.v{number}")
        await until(lambda: ("download", "1001") in graph.requests)
        typed = gateway.guest(wa_id="5215599999999")
        await typed.say("hola")
        replies = await eventually(lambda: _answered(gateway, "hola"), what="an answer to words")
        assert replies
        graph.hold.set()
        await until(lambda: sum(len(voices(call)) for call in gateway.desk.calls) == 6, seconds=40)
    assert {voice.transcript for call in gateway.desk.calls for voice in voices(call)} <= {"quiero una doble", ""}


async def _answered(gateway: Gateway, words: str) -> bool:
    return any(message.text.text == words for call in gateway.desk.calls for message in call.messages)
