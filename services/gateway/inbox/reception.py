"""Where webhooks and chat pages hand over what they received: stored first, then the dispatcher is woken."""

from __future__ import annotations

from mesh.clock import Clock
from mesh.telemetry import get_logger

from services.gateway.domain.message import Delivery
from services.gateway.inbox.alarm import Alarm
from services.gateway.metrics import SUSPICIOUS, WEBHOOK_MESSAGES
from services.gateway.ports import Inbox

log = get_logger(__name__)


class Reception:
    """Stores deliveries."""

    def __init__(self, *, inbox: Inbox, alarm: Alarm, clock: Clock) -> None:
        self._inbox = inbox
        self._alarm = alarm
        self._clock = clock

    async def accept(self, delivery: Delivery) -> None:
        """Returns once everything is durable. Raises Down when nothing was kept."""
        for message in delivery.messages:
            for signal in message.signals:
                SUSPICIOUS.labels(signal).inc()
                log.warning("suspicious_words", message_id=message.message_id, signal=signal)
        stored = await self._inbox.store(delivery, now=self._clock.now())
        if delivery.messages:
            channel = delivery.messages[0].sender.channel.value
            WEBHOOK_MESSAGES.labels(channel, "new").inc(stored.new_messages)
            WEBHOOK_MESSAGES.labels(channel, "repeated").inc(stored.repeated_messages)
        if stored.due_time is not None:
            self._alarm.ring_at(stored.due_time)
