"""An attached channel from its signed webhook to its callback, over real stores and HTTP; and the example client."""

import asyncio
import json
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hotel.common.v1 import channel_pb2

from deploy.local.ports import free_port
from services.gateway.channels.generic.signature import sign
from tests.support.gateway import Gateway, eventually, migrated, running_gateway, words_of
from tests.support.stores import Databases

ROOT = Path(__file__).parents[2]
SECRET = "test-generic-secret"
PATH = "/webhooks/generic/kiosk"


@pytest.fixture
def database(postgres_databases: Databases) -> Iterator[str]:
    url = migrated(postgres_databases)
    yield url
    postgres_databases.drop(url)


def attached(**more: str) -> str:
    return json.dumps({"kiosk": {"property": "alameda", "secret": [SECRET, "older"], **more}})


@pytest.fixture
async def gateway(database: str, redis_url: str) -> AsyncIterator[Gateway]:
    async with running_gateway(database, redis_url, generic_channels=attached()) as running:
        yield running


async def post(
    gateway: Gateway, payload: Any, *, path: str = PATH, secret: str = SECRET, age: int = 0
) -> httpx.Response:
    body = payload if isinstance(payload, bytes) else json.dumps(payload, ensure_ascii=False).encode()
    headers = {"X-Signature": sign(body, secret.encode(), now=time.time() - age), "Content-Type": "application/json"}
    return await gateway.http.post(path, content=body, headers=headers)


def said(text: str, message_id: str) -> dict[str, Any]:
    return {
        "id": message_id,
        "conversation": "lobby-1",
        "sender": {"id": "guest-1", "name": "María", "locale": "es_MX"},
        "text": text,
    }


async def replies(gateway: Gateway, count: int = 1) -> list[dict[str, Any]]:
    async def look() -> list[dict[str, Any]]:
        answer = await gateway.http.get("/sandbox/messages", params={"channel": "generic", "to": "guest-1"})
        found: list[dict[str, Any]] = answer.json()["messages"]
        return found if len(found) >= count else []

    return list(await eventually(look, what="a reply"))


async def test_a_signed_message_is_answered_at_the_callback(gateway: Gateway) -> None:
    answer = await post(gateway, said("¿Hay lugar?", "m1"))
    assert (answer.status_code, answer.json()) == (200, {"status": "stored"})
    [reply] = await replies(gateway)
    assert (reply["text"], reply["account"], reply["payload"]["conversation"]) == ("¿Hay lugar?", "kiosk", "lobby-1")
    [call] = gateway.desk.calls
    sender = call.messages[0].sender
    assert (sender.channel, sender.channel_name, sender.address) == (channel_pb2.CHANNEL_GENERIC, "kiosk", "guest-1")
    assert call.messages[0].sender_language == "es-MX"
    status = {"id": reply["id"], "status": "read"}
    assert (await post(gateway, status, path=f"{PATH}/status")).json() == {"status": "stored"}
    assert [row["state"] for row in await gateway.rows("SELECT state FROM outbox")] == ["read"]


async def test_a_message_posted_three_times_is_answered_once(gateway: Gateway) -> None:
    for _ in range(3):
        assert (await post(gateway, said("hola", "m1"))).status_code == 200
    await post(gateway, said("fin", "m2"), secret="older")
    await replies(gateway, 2)
    assert sorted(word for call in gateway.desk.calls for word in words_of(call)) == ["fin", "hola"]


async def test_what_is_not_signed_for_now_is_refused_and_not_kept(gateway: Gateway) -> None:
    refused = [
        await post(gateway, said("x", "m1"), secret="wrong"),
        await post(gateway, said("x", "m1"), age=400),
        await post(gateway, said("x", "m1"), path="/webhooks/generic/nobody"),
        await gateway.http.post(PATH, json=said("x", "m1")),
    ]
    assert {(answer.status_code, answer.json()["error"]) for answer in refused} == {(401, "signature_mismatch")}
    assert await gateway.rows("SELECT 1 FROM inbound_messages") == []


async def test_shapes_nobody_knows_are_kept_and_said(gateway: Gateway) -> None:
    assert (await post(gateway, {"hello": 1})).json() == {"status": "kept", "reason": "incomplete_message"}
    assert (await post(gateway, [1])).json() == {"status": "kept", "reason": "unreadable"}
    assert len(await gateway.rows("SELECT 1 FROM channel_events")) == 2
    for body in (b"", b"{", b"[" * 100_000, b"\xff"):
        answer = await post(gateway, body)
        assert (answer.status_code, answer.json()) == (400, {"error": "malformed_json"})
    assert (await post(gateway, b"x" * 300_000)).status_code == 413


async def test_the_example_client_talks_with_the_hotel(database: str, redis_url: str) -> None:
    port = free_port()
    channels = attached(callback_url=f"http://127.0.0.1:{port}/")
    async with running_gateway(database, redis_url, generic_channels=channels) as gateway:
        example = await asyncio.create_subprocess_exec(
            sys.executable, str(ROOT / "examples/channel/chat.py"), "--gateway", str(gateway.http.base_url),
            "--name", "kiosk", "--secret", SECRET, "--port", str(port), "--linger", "0", stdin=PIPE, stdout=PIPE,
        )  # fmt: skip
        assert example.stdin is not None
        assert example.stdout is not None
        try:
            async with asyncio.timeout(20):
                for words in ("hola", "¿hay lugar?"):
                    example.stdin.write(f"{words}\n".encode())
                    await example.stdin.drain()
                    assert (await example.stdout.readline()).decode().strip() == f"hotel: {words}"
                example.stdin.close()
                assert await example.wait() == 0
        finally:
            if example.returncode is None:
                example.kill()
