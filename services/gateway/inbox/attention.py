"""Guests whose answer takes a moment see that they are read and being answered, where their channel can show it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Protocol, runtime_checkable

from mesh.telemetry import get_logger

from services.gateway.domain.conversation import Conversation
from services.gateway.domain.inbox import Turn
from services.gateway.domain.message import Channel, OutboundMessage
from services.gateway.inbox.turns import Hear
from services.gateway.ports import Orchestrator

_MOST_AT_ONCE = 64
log = get_logger(__name__)


@runtime_checkable
class Attentive(Protocol):
    """A channel that can show it."""

    async def attend(self, conversation: Conversation, message_id: str) -> None:
        """Marks the message, and those before it, as read and shows that an answer is being written. Best effort."""


class Attention:
    """Stands around what takes time: the orchestrator and the hearing of voice notes. Never delays or fails a turn.

    `after` this long the guest is shown it. Who stopped messages that advertise is left in peace.
    """

    def __init__(
        self,
        *,
        orchestrator: Orchestrator,
        hear: Hear,
        channels: Mapping[Channel, object],
        after: timedelta,
    ) -> None:
        self._orchestrator = orchestrator
        self._hear = hear
        self._channels = {name: channel for name, channel in channels.items() if isinstance(channel, Attentive)}
        self._after = after
        self._showing: set[asyncio.Task[None]] = set()

    async def handle_turn(self, turn: Turn) -> tuple[OutboundMessage, ...]:
        with self._paid_to(turn):
            return await self._orchestrator.handle_turn(turn)

    async def hear(self, turn: Turn) -> Turn | timedelta:
        with self._paid_to(turn):
            return await self._hear(turn)

    @contextmanager
    def _paid_to(self, turn: Turn) -> Iterator[None]:
        channel = self._channels.get(turn.conversation.identity.channel)
        if channel is None or turn.by_staff or turn.tries > 1 or turn.conversation.promotions_stopped:
            yield
            return
        timer = asyncio.get_running_loop().call_later(self._after.total_seconds(), self._show, channel, turn)
        try:
            yield
        finally:
            timer.cancel()

    def _show(self, channel: Attentive, turn: Turn) -> None:
        if len(self._showing) < _MOST_AT_ONCE:
            task = asyncio.create_task(_attend(channel, turn))
            self._showing.add(task)
            task.add_done_callback(self._showing.discard)


async def _attend(channel: Attentive, turn: Turn) -> None:
    try:
        await channel.attend(turn.conversation, turn.messages[-1].message_id)
    except Exception as error:
        log.warning("attention_not_shown", turn_id=turn.turn_id, fault=type(error).__name__)
