"""Payloads of every shape, whole and broken, over real HTTP into a real PostgreSQL: 200, and everything kept."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.gateway.channels.whatsapp.parse import read_webhook
from services.gateway.channels.whatsapp.signature import sign
from tests.support.gateway import SECRET, Gateway, migrated, running_gateway
from tests.support.stores import Databases
from tests.support.whatsapp_shapes import CASES, SHAPES, WIRE_FORMS, broken_webhooks, whole

NUMBERS = {"100000000000001": "alameda", "*": "alameda"}
KEPT = """
    SELECT (SELECT count(*) FROM inbound_messages WHERE external_id = ANY ($1::text[])),
        (SELECT count(*) FROM channel_events WHERE event_id = ANY ($2::text[])),
        (SELECT count(DISTINCT (channel_message_id, status)) FROM delivery_statuses
            WHERE (channel_message_id, status) IN (SELECT * FROM unnest($3::text[], $4::text[])))
"""


class Posting:
    """A gateway that never answers, on an event loop that plain tests can drive."""

    def __init__(self, runner: asyncio.Runner, gateway: Gateway, connection: Any) -> None:
        self._runner = runner
        self._gateway = gateway
        self._connection = connection

    def post(self, body: bytes, content_type: str = "application/json") -> int:
        headers = {"X-Hub-Signature-256": sign(body, SECRET.encode()), "Content-Type": content_type}
        answer = self._runner.run(self._gateway.http.post("/webhooks/whatsapp", content=body, headers=headers))
        return answer.status_code

    def kept(self, payload: object) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """How many messages, events and statuses of the payload are in the tables, and how many there should be."""
        delivery = read_webhook(payload, numbers=NUMBERS, now=datetime.now(UTC))
        statuses = {(status.channel_message_id, status.status) for status in delivery.statuses}
        row = self._runner.run(
            self._connection.fetchrow(
                KEPT,
                [message.message_id for message in delivery.messages],
                [event.event_id for event in delivery.events],
                [message_id for message_id, _ in statuses],
                [word for _, word in statuses],
            )
        )
        assert row is not None
        return tuple(row), (len(delivery.messages), len(delivery.events), len(statuses))


@pytest.fixture(scope="module")
def posting(postgres_databases: Databases, valkey_server: Any) -> Iterator[Posting]:
    url = migrated(postgres_databases)
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()

        async def begin() -> Posting:
            running = running_gateway(url, valkey_server.url, quiet_period_seconds=600, quiet_ceiling_seconds=600)
            gateway = await stack.enter_async_context(running)
            connection = await asyncpg.connect(url, server_settings={"search_path": "gateway"})
            stack.push_async_callback(connection.close)
            return Posting(runner, gateway, connection)

        yield runner.run(begin())
        runner.run(stack.aclose())
    postgres_databases.drop(url)


@pytest.mark.parametrize("form", WIRE_FORMS)
def test_every_known_shape_is_answered_200_and_kept(posting: Posting, form: str) -> None:
    for number, case in enumerate(CASES, start=1):
        payload = whole(case, number)
        assert posting.post(WIRE_FORMS[form](payload)) == 200, case["name"]
        found, wanted = posting.kept(payload)
        assert found == wanted, case["name"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(payload=st.one_of(broken_webhooks(), SHAPES), form=st.sampled_from(sorted(WIRE_FORMS)))
def test_whatever_is_posted_is_answered_200_and_kept(posting: Posting, payload: object, form: str) -> None:
    body = WIRE_FORMS[form](payload)
    assert posting.post(body) == 200
    found, wanted = posting.kept(json.loads(body))
    assert found == wanted


def test_a_batch_of_everything_is_kept_whole(posting: Posting) -> None:
    entries = [entry for number, case in enumerate(CASES, start=1) for entry in whole(case, 10**7 + number)["entry"]]
    payload = {"object": "whatsapp_business_account", "entry": entries}
    assert posting.post(json.dumps(payload).encode()) == 200
    found, wanted = posting.kept(payload)
    assert found == wanted


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/octet-stream", "application/json; charset=x"])
def test_the_content_type_does_not_matter(posting: Posting, content_type: str) -> None:
    payload = whole(CASES[0], 10**8 + len(content_type))
    assert posting.post(json.dumps(payload).encode(), content_type) == 200
    found, wanted = posting.kept(payload)
    assert found == wanted
