"""Guests who write faster than anybody reads, and robots that answer a robot: slowed down, never refused or lost."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TypeAlias

from mesh.clock import Clock
from mesh.telemetry import get_logger

from services.gateway.domain.inbox import DEFERRED, Turn
from services.gateway.domain.message import OutboundMessage, Text
from services.gateway.domain.notices import slower
from services.gateway.limits import Limits, Tier
from services.gateway.ports import Outbox

# "sí", "ok" and "hola" are said again and again by people; an automatic answer is longer.
_SHORTEST_AUTOMATIC_ANSWER = 20
SAME_WORDS = "same_words"
log = get_logger(__name__)

# Go on; wait; or put the turn aside for this reason.
Verdict: TypeAlias = timedelta | str | None


class Restraint:
    """Judges new turns. One that was parked and is replayed is a person's wish and not judged again."""

    def __init__(self, *, limits: Limits, outbox: Outbox, clock: Clock) -> None:
        self._limits = limits
        self._outbox = outbox
        self._clock = clock

    async def judge(self, turn: Turn) -> Verdict:
        """None: handle it. A span: not before then. A word: park it. Raises Down when the notice cannot be queued."""
        if turn.by_staff or turn.tries > 1 or turn.reason not in ("", DEFERRED):
            return None
        conversation_id = turn.conversation.conversation_id
        words = _fingerprint(turn)
        if not turn.reason and words and await self._limits.admit(Tier.SAME_WORDS, f"{conversation_id}:{words}"):
            return SAME_WORDS
        grant = await self._limits.take(Tier.GUEST, conversation_id, most=len(turn.messages))
        if grant.taken < len(turn.messages) and await self._limits.admit(Tier.NOTICE, conversation_id) == 0:
            await self._tell(turn)
        # What came meanwhile is one turn: at the pace of one message, all of them are answered.
        return timedelta(seconds=grant.wait) if grant.taken == 0 else None

    async def _tell(self, turn: Turn) -> None:
        conversation = turn.conversation
        log.info("guest_over_limit", turn_id=turn.turn_id, messages=len(turn.messages))
        last = (await self._outbox.page(conversation.conversation_id, before=None, size=1)).messages
        language = last[0].content.language if last else ""
        await self._outbox.add(
            request_id=f"gateway/slower/{turn.turn_id}",
            digest="slower",
            conversation=conversation,
            content=OutboundMessage(text=slower(language), language=language),
            not_before=None,
            now=self._clock.now(),
            traceparent=turn.traceparent,
        )


def _fingerprint(turn: Turn) -> str:
    """Of a turn that is nothing but words, and many enough to be an automatic answer."""
    if not all(isinstance(message.body, Text) for message in turn.messages):
        return ""
    words = " ".join(message.body.text for message in turn.messages if isinstance(message.body, Text)).casefold()
    return hashlib.sha256(words.encode()).hexdigest()[:32] if len(words) >= _SHORTEST_AUTOMATIC_ANSWER else ""
