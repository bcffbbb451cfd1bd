"""Limits over real HTTP and a real Redis: what is refused, what is not, and what a guest in a hurry gets."""

import asyncio
from collections.abc import Iterator

import pytest

from services.gateway.channels.whatsapp.signature import sign
from tests.support.gateway import SECRET, Desk, eventually, migrated, running_gateway, words_of
from tests.support.stores import Databases

PATH = "/webhooks/whatsapp"


@pytest.fixture
def database(postgres_databases: Databases) -> Iterator[str]:
    url = migrated(postgres_databases)
    yield url
    postgres_databases.drop(url)


async def test_unsigned_webhooks_of_one_address_are_limited_and_signed_ones_are_not(
    database: str, redis_url: str
) -> None:
    async with running_gateway(database, redis_url, rate_limit_webhooks="3/h burst 3") as gateway:
        answers = [await gateway.http.post(PATH, content=b"{}") for _ in range(5)]
        assert [answer.status_code for answer in answers] == [401, 401, 401, 429, 429]
        assert 1000 <= int(answers[-1].headers["retry-after"]) <= 1200
        assert answers[-1].json() == {"error": "too_many_requests"}
        signed = {"X-Hub-Signature-256": sign(b"{}", SECRET.encode())}
        assert (await gateway.http.post(PATH, content=b"{}", headers=signed)).status_code == 200


async def test_signed_webhooks_are_limited_for_each_number_where_that_is_wanted(database: str, redis_url: str) -> None:
    async with running_gateway(database, redis_url, rate_limit_signed_webhooks="2/h burst 2") as gateway:
        guest = gateway.guest()
        bodies = [guest.webhook(f"wamid.{n}", {"type": "text", "text": {"body": f"{n}"}}) for n in range(3)]
        answers = [await guest.post(body) for body in bodies]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert answers[-1].headers["retry-after"]
        other = bodies[2].replace(b"100000000000001", b"100000000000009")
        assert (await guest.post(other)).status_code == 200


async def test_two_replicas_count_together(database: str, redis_url: str) -> None:
    knobs = {"rate_limit_webhooks": "3/h burst 3"}
    async with (
        running_gateway(database, redis_url, **knobs) as one,
        running_gateway(database, redis_url, **knobs) as two,
    ):
        answers = [await gateway.http.post(PATH, content=b"{}") for gateway in (one, two, one, two, one)]
        assert [answer.status_code for answer in answers] == [401, 401, 401, 429, 429]


async def test_health_is_limited_and_can_be_unlimited(database: str, redis_url: str) -> None:
    async with running_gateway(database, redis_url, rate_limit_health="2/h") as gateway:
        answers = [await gateway.http.get("/health/live") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
    async with running_gateway(database, redis_url, rate_limit_health="2/h", rate_limit_enabled=False) as gateway:
        assert [(await gateway.http.get("/health/live")).status_code for _ in range(3)] == [200, 200, 200]


async def test_without_redis_limits_hold_for_each_replica_and_messages_are_answered(database: str) -> None:
    away = "redis://127.0.0.1:1/0"
    async with running_gateway(database, away, rate_limit_webhooks="2/h burst 2") as gateway:
        answers = [await gateway.http.post(PATH, content=b"{}") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [401, 401, 429]
        guest = gateway.guest()
        await guest.say("hola")
        assert [reply.text for reply in await eventually(guest.new_replies)] == ["hola"]


async def test_a_guest_in_a_hurry_is_told_once_and_every_message_is_handled(database: str, redis_url: str) -> None:
    desk = Desk()
    async with running_gateway(database, redis_url, desk=desk, rate_limit_guest="60/min burst 5") as gateway:
        guest = gateway.guest()
        await asyncio.gather(*(guest.say(f"{number:02}") for number in range(30)))

        async def all_handled() -> bool:
            return sum(len(call.messages) for call in desk.calls) == 30

        await eventually(all_handled)
        assert sorted(word for call in desk.calls for word in words_of(call)) == [f"{n:02}" for n in range(30)]
        notices = await gateway.rows("SELECT 1 FROM outbox WHERE request_id LIKE 'gateway/slower/%'")
        assert len(notices) == 1
