"""Conversations that were held, held again: the same words at the same times, with the model, flows and prices of now.

Each begins in a hotel as its file describes it, alone: what other guests had booked meanwhile is not known here, so a
room that was sold out then may be free now. Content without words (a picture, a place) is not stored and not repeated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from hotel.common.v1 import handoff_pb2, message_pb2
from hotel.orchestrator.v1 import orchestrator_pb2 as pb
from hotel.orchestrator.v1 import orchestrator_pb2_grpc
from mesh.errors import DomainError
from mesh.inprocess import Registry
from mesh.wire import time_to_proto

from services.orchestrator.rehearse.checks import codes_made
from services.orchestrator.rehearse.house import House, house
from services.orchestrator.rehearse.stored import Exchange, Story
from services.orchestrator.rehearse.stores import Databases

_SECONDS = 30.0
_PRICED = ("offer:", "quote:", "reservation:", "cancellation:", "modification:", "policy:")
_AMOUNT = re.compile(r"\d.* [A-Z]{3}")
_CLAIMED, _RELEASED = handoff_pb2.Handoff.STATE_CLAIMED, handoff_pb2.Handoff.STATE_RELEASED


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What is not as it was. `turn` counts from 1, `words` are the guest's; `what` is `intents`, `slots`, `asks`,
    `flow`, `operations`, `handoff`, `language`, `prices`, `replies` or `failure`."""

    turn: int
    words: str
    what: str
    before: Any
    now: Any


@dataclass(slots=True, kw_only=True)
class Replayed:
    """A conversation that was held again: how many turns of the guest were repeated, and how many had no words."""

    story: Story
    repeated: int = 0
    left_out: int = 0
    differences: list[Difference] = field(default_factory=list)


async def replay(
    story: Story, databases: Databases, nlp: Registry, *, hotel_file: str, flags: Mapping[str, Any] | None = None
) -> Replayed:
    """Holds a conversation again. Raises ConfigurationError when the hotel cannot be built."""
    replayed = Replayed(story=story)
    async with (
        databases.empty() as postgres_url,
        house(
            start=story.exchanges[0].at,
            postgres_url=postgres_url,
            redis_url=databases.redis_url,
            nlp=nlp,
            meta={},
            hotel_file=hotel_file,
            flags=flags,
        ) as hotel,
    ):
        await _Repeating(hotel, replayed).run()
    return replayed


class _Repeating:
    """One conversation under way."""

    def __init__(self, hotel: House, replayed: Replayed) -> None:
        self._house = hotel
        self._replayed = replayed
        self._stub = orchestrator_pb2_grpc.OrchestratorServiceStub(hotel.channel("orchestrator"))
        self._session_id = ""
        self._choices: list[message_pb2.Choice] = []
        self._claimed = False
        self._codes_then: list[str] = []
        self._codes_now: list[str] = []

    async def run(self) -> None:
        for number, exchange in enumerate(self._replayed.story.exchanges, start=1):
            # What is due on the way happens on the way, as it did then.
            await self._house.advance(max(timedelta(0), exchange.at - self._house.clock.now()))
            try:
                await self._again(number, exchange)
            except DomainError as error:
                self._differs(number, exchange, "failure", "", error.reason)

    async def _again(self, number: int, exchange: Exchange) -> None:
        match exchange.author:
            case "guest" if any(text.strip() for text in exchange.said):
                self._replayed.repeated += 1
                await self._guest(number, exchange)
            case "guest":
                self._replayed.left_out += 1
            case "staff":
                said = pb.StaffSaid(agent=exchange.agent, text="\n".join(exchange.answered))
                await self._event(exchange, staff_said=said)
            case "bot":
                await self._of_staff(exchange)

    async def _guest(self, number: int, exchange: Exchange) -> None:
        request = pb.HandleTurnRequest(
            turn_id=exchange.turn_id,
            property_id=self._house.property_id,
            messages=[self._message(f"{exchange.turn_id}/{place}", text) for place, text in enumerate(exchange.said)],
        )
        answer = await self._stub.HandleTurn(request, timeout=_SECONDS)
        self._session_id = answer.outcome.session_id
        self._choices = [choice for reply in answer.replies for choice in reply.choices]
        before = _shown(exchange.outcome, exchange.answered, self._codes_then)
        now = _shown(answer.outcome, [reply.text for reply in answer.replies], self._codes_now)
        for what, told in before.items():
            if told != now[what]:
                self._differs(number, exchange, what, told, now[what])

    def _message(self, message_id: str, text: str) -> message_pb2.InboundMessage:
        now = time_to_proto(self._house.clock.now())
        message = message_pb2.InboundMessage(
            message_id=message_id, sender=self._replayed.story.identity, send_time=now, receive_time=now
        )
        # Of a tap the title is stored.
        tapped = next((choice for choice in self._choices if choice.title == text), None)
        if tapped is not None:
            message.button.CopyFrom(message_pb2.ButtonContent(button_id=tapped.id, title=tapped.title))
        else:
            message.text.CopyFrom(message_pb2.TextContent(text=text))
        return message

    async def _of_staff(self, exchange: Exchange) -> None:
        """Events have no words: that staff took or gave back the conversation shows in the hand-off. Others come by
        themselves, because of the time."""
        state = exchange.outcome.handoff.state
        if state == _CLAIMED and not self._claimed:
            self._claimed = True
            await self._event(exchange, staff_claimed=pb.StaffClaimed(agent=exchange.agent))
        elif state == _RELEASED and self._claimed:
            self._claimed = False
            await self._event(exchange, staff_released=pb.StaffReleased(agent=exchange.agent))

    async def _event(self, exchange: Exchange, **event: Any) -> None:
        if self._session_id:
            request = pb.HandleEventRequest(request_id=exchange.turn_id, session_id=self._session_id, **event)
            await self._stub.HandleEvent(request, timeout=_SECONDS)

    def _differs(self, number: int, exchange: Exchange, what: str, before: Any, now: Any) -> None:
        difference = Difference(turn=number, words=" / ".join(exchange.said), what=what, before=before, now=now)
        self._replayed.differences.append(difference)


def _shown(outcome: pb.Outcome, replies: Sequence[str], codes: list[str]) -> dict[str, Any]:
    """What is compared of an outcome. Codes of bookings are drawn anew each time: `codes` are those made so far."""
    codes += codes_made([outcome])

    def bare(text: str) -> str:
        for code in filter(None, codes):
            text = text.replace(code, "…")
        return text

    handoff = outcome.handoff
    return {
        "intents": sorted({f"{item.name}/{item.topic}".rstrip("/") for item in outcome.intents}),
        "slots": {name: bare(value) for name, value in sorted(outcome.slots.items()) if value},
        "asks": list(outcome.asks),
        "flow": f"{outcome.flow}.{outcome.state}".strip("."),
        "operations": [f"{item.operation}{'' if item.succeeded else ' failed'}" for item in outcome.pms_operations],
        "handoff": [
            handoff_pb2.Handoff.Desk.Name(handoff.desk).removeprefix("DESK_").lower(),
            handoff_pb2.Handoff.Priority.Name(handoff.priority).removeprefix("PRIORITY_").lower(),
            handoff.sla_minutes,
        ]
        if outcome.HasField("handoff")
        else [],
        "language": outcome.language,
        "prices": list(_prices(outcome)),
        "replies": [bare(text) for text in replies],
    }


def _prices(outcome: pb.Outcome) -> Iterator[str]:
    for proof in outcome.proofs:
        if proof.source.startswith(_PRICED) and _AMOUNT.fullmatch(proof.claim):
            yield proof.claim
