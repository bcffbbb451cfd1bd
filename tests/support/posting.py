"""A gateway that never answers, on an event loop that plain tests can drive, and what of a webhook is in its tables."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from typing import Any

import asyncpg

from services.gateway.domain.message import Delivery
from tests.support.gateway import Gateway, migrated, running_gateway
from tests.support.gateway_stores import new_sealing
from tests.support.stores import Databases

KEPT = """
    SELECT (SELECT count(*) FROM inbound_messages WHERE external_id = ANY ($1::text[])),
        (SELECT count(*) FROM channel_events WHERE event_id = ANY ($2::text[])),
        (SELECT count(DISTINCT (channel_message_id, status)) FROM delivery_statuses
            WHERE (channel_message_id, status) IN (SELECT * FROM unnest($3::text[], $4::text[])))
"""


class Posting:
    """Posts to the gateway, and counts what it kept."""

    def __init__(self, runner: asyncio.Runner, gateway: Gateway, connection: Any) -> None:
        self._runner = runner
        self._gateway = gateway
        self._connection = connection

    def post(self, path: str, body: bytes, headers: dict[str, str]) -> int:
        """The status of the answer."""
        return self._runner.run(self._gateway.http.post(path, content=body, headers=headers)).status_code

    def visitor(self) -> str:
        """The token of somebody who opened the chat page."""
        answer = self._runner.run(self._gateway.http.post("/webchat/session"))
        self._gateway.http.cookies.clear()
        return str(answer.json()["token"])

    def kept(self, delivery: Delivery) -> bool:
        """Whether every message, event and status of the delivery is in the tables."""
        sealing = new_sealing()
        messages = {sealing.message_id(m.sender.channel.value, m.message_id) for m in delivery.messages}
        events = {event.event_id for event in delivery.events}
        veil = sealing.vault.veil_text
        statuses = {(veil(status.channel_message_id), status.status) for status in delivery.statuses}
        ids, words = [message_id for message_id, _ in statuses], [word for _, word in statuses]
        row = self._runner.run(self._connection.fetchrow(KEPT, list(messages), list(events), ids, words))
        assert row is not None
        return tuple(row) == (len(messages), len(events), len(statuses))


@contextmanager
def posting_to(databases: Databases, redis_url: str, **knobs: Any) -> Iterator[Posting]:
    """One with a database of its own; `knobs` are settings."""
    url = migrated(databases)
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()

        async def begin() -> Posting:
            running = running_gateway(url, redis_url, quiet_period_seconds=600, quiet_ceiling_seconds=600, **knobs)
            gateway = await stack.enter_async_context(running)
            connection = await asyncpg.connect(url, server_settings={"search_path": "gateway"})
            stack.push_async_callback(connection.close)
            return Posting(runner, gateway, connection)

        try:
            yield runner.run(begin())
        finally:
            runner.run(stack.aclose())
    databases.drop(url)
