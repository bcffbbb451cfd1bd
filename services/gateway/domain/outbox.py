"""What happens to a message of ours after it was written: states that only move forward, tries, giving up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from services.gateway.domain.conversation import Conversation, Lease
from services.gateway.domain.message import OutboundMessage


class DeliveryState(StrEnum):
    """How far a message came."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"


_RANK = {DeliveryState.QUEUED: 0, DeliveryState.SENT: 1, DeliveryState.DELIVERED: 2, DeliveryState.READ: 3}

# Channels' words for states. A word that is not here ("deleted", "warning", …) is kept and moves nothing.
_WORDS = {
    "sent": DeliveryState.SENT,
    "delivered": DeliveryState.DELIVERED,
    "read": DeliveryState.READ,
    "played": DeliveryState.READ,
    "failed": DeliveryState.FAILED,
    "undelivered": DeliveryState.FAILED,
}


def advance(current: DeliveryState, word: str) -> DeliveryState:
    """The state after a channel said `word`; statuses come in any order, so only forward moves count.

    A message that reached the guest has not failed; one that failed can still turn out to have arrived.
    """
    told = _WORDS.get(word)
    if told is None:
        return current
    if told is DeliveryState.FAILED:
        return told if current in (DeliveryState.QUEUED, DeliveryState.SENT) else current
    if current is DeliveryState.FAILED:
        return told if told in (DeliveryState.DELIVERED, DeliveryState.READ) else current
    return told if _RANK[told] > _RANK[current] else current


class Advice(StrEnum):
    """What to do about a refusal, by the channel's table of codes."""

    RETRY = "retry"  # their trouble or throughput: wait and try again
    RETRY_PACED = "retry_paced"  # too many to this guest: keep the order, wait a while longer
    GIVE_UP = "give_up"  # this message will never arrive
    STOP_PROACTIVE = "stop_proactive"  # we are seen as spam: give up, and a person looks
    FIX = "fix"  # our mistake: give up, and a person looks
    PAGE = "page"  # account, payment, token: nothing is sent until a person acts; tries go on slowly
    UNREACHABLE = "unreachable"  # no way to the channel: nothing was handed over; tries go on


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The channel took it."""

    channel_message_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """The channel, or our way to it, said no. `code` is the channel's; `word` is ours and holds no personal data."""

    code: str
    word: str
    advice: Advice
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """It was handed over and no answer came: it may have been sent."""

    word: str


SendOutcome: TypeAlias = Accepted | Rejected | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxItem:
    """A message claimed for sending. `tries` counts this one."""

    message_id: str
    sequence: int
    conversation: Conversation
    content: OutboundMessage
    lease: Lease
    tries: int
    possibly_repeated: bool
    create_time: datetime
    traceparent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMessage:
    """A message of ours as others may see it."""

    message_id: str
    property_id: str
    conversation: Conversation
    content: OutboundMessage
    state: DeliveryState
    channel_message_id: str
    failure_reason: str
    tries: int
    create_time: datetime
    update_time: datetime
    possibly_repeated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """Try once more, not before `wait`."""

    wait: timedelta
    possibly_repeated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveUp:
    """No more tries."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendRetryPolicy:
    """Waits between tries by kind of refusal. `chance` in [0, 1) spreads 50-100 % of a wait.

    What is no fault of the message is tried for as long as an answer still makes sense (`patience`).
    """

    max_tries: int = 10
    base: timedelta = timedelta(seconds=1)
    cap: timedelta = timedelta(seconds=60)
    paced: timedelta = timedelta(seconds=6)
    page: timedelta = timedelta(seconds=60)
    patience: timedelta = timedelta(hours=24)

    def after(self, outcome: Rejected | Unknown, *, tries: int, age: timedelta, chance: float) -> Again | GiveUp:
        """What follows the refusal of try number `tries` of a message that is `age` old."""
        match outcome:
            case Unknown(word=word):
                if tries >= self.max_tries:
                    return GiveUp(reason=word)
                return Again(wait=self._grown(self.base, tries, chance), possibly_repeated=True)
            case Rejected(advice=Advice.GIVE_UP | Advice.STOP_PROACTIVE | Advice.FIX):
                return GiveUp(reason=f"{outcome.code} {outcome.word}".strip())
            case Rejected(advice=advice):
                patient = advice in (Advice.PAGE, Advice.UNREACHABLE)
                if age >= self.patience if patient else tries >= self.max_tries:
                    return GiveUp(reason=f"{outcome.code} {outcome.word}".strip())
                return Again(
                    wait=max(self._by_advice(outcome.advice, tries, chance), outcome.retry_after or timedelta(0))
                )

    def _by_advice(self, advice: Advice, tries: int, chance: float) -> timedelta:
        match advice:
            case Advice.RETRY_PACED:
                return self.paced + self._grown(self.base, tries, chance)
            case Advice.PAGE:
                return self.page
            case _:
                return self._grown(self.base, tries, chance)

    def _grown(self, base: timedelta, tries: int, chance: float) -> timedelta:
        return min(self.cap, base * 2.0 ** min(tries - 1, 32)) * (0.5 + chance / 2)
