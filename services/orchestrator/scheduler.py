"""What happens because of the time: deadlines of conversations, and messages around a stay that we start ourselves.

Several replicas may look at once: what they do goes by the same request ids, and what one has written the other finds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

from mesh.clock import Clock
from mesh.errors import DomainError, NotFound
from mesh.telemetry import get_logger
from mesh.values import derived_id

from services.orchestrator.answers import Encode
from services.orchestrator.domain import deadlines
from services.orchestrator.domain.events import DeadlinePassed, External, MessageDue
from services.orchestrator.domain.hotel import Hotel
from services.orchestrator.metrics import SCHEDULED
from services.orchestrator.ports import Arrival, Conversation, Messenger, Pms, Sessions, Stays
from services.orchestrator.turns import Turns

# Stays end at most this long after they began; further back nobody is looked for.
LONGEST_STAY = timedelta(days=60)
# A message that could not go out at its time for longer than this says something that is over.
STALE = timedelta(hours=12)
MOST_REMEMBERED = 50_000
log = get_logger(__name__)


class Scheduler:
    """Looks every `pause_seconds`. `stay_messages` has the hours of each kind: before the arrival for `pre_arrival`,
    after it for `in_stay`, after the departure for `post_stay`."""

    def __init__(
        self,
        *,
        turns: Turns,
        sessions: Sessions,
        pms: Pms,
        stays: Stays,
        messenger: Messenger,
        clock: Clock,
        encode: Encode,
        pause_seconds: float,
        stay_messages: Mapping[str, float],
    ) -> None:
        self._turns = turns
        self._sessions = sessions
        self._pms = pms
        self._stays = stays
        self._messenger = messenger
        self._clock = clock
        self._encode = encode
        self._pause_seconds = pause_seconds
        self._stay_messages = stay_messages
        self._done: dict[str, None] = {}

    async def run(self) -> None:
        """Looks for ever."""
        while True:
            await self.settle()
            await asyncio.sleep(self._pause_seconds)

    async def settle(self) -> None:
        """One look: everything that is due now is done. What fails is tried again at the next look."""
        await self._attempt("deadlines", self._deadlines())
        if self._stay_messages:
            await self._attempt("stay_messages", self._around_stays())

    @staticmethod
    async def _attempt(what: str, work: object) -> None:
        try:
            await work  # type: ignore[misc]
        except DomainError as error:
            log.warning("schedule_not_kept", what=what, reason=error.reason)

    # -- conversations in which time has run out

    async def _deadlines(self) -> None:
        now = self._clock.now()
        found = [conversation async for conversation in self._sessions.due(now)]
        for conversation in found:
            if deadlines.due(conversation.state, now):
                await self._attempt("deadline", self._deadline(conversation))

    async def _deadline(self, conversation: Conversation) -> None:
        for request_id in conversation.state.unsent:
            await self._send_again(conversation, request_id)
        # Two replicas that read the same version are about the same thing, and say it under the same name.
        request_id = derived_id("due", conversation.session_id, str(conversation.version))
        await self._happen(conversation, DeadlinePassed(turn_id=request_id), request_id, "deadline")

    async def _send_again(self, conversation: Conversation, request_id: str) -> None:
        """Its replica fell between writing it down and sending it."""
        stored = await self._sessions.stored_turn(conversation.session_id, request_id)
        if stored is not None:
            await self._messenger.send(stored, property_id=conversation.property_id, request_id=request_id)
        await self._turns.sent(request_id=request_id, session_id=conversation.session_id)

    async def _happen(self, conversation: Conversation, event: External, request_id: str, kind: str) -> None:
        answer = await self._turns.event(
            request_id=request_id,
            session_id=conversation.session_id,
            event=event,
            encode=self._encode,
            unsent=True,
        )
        await self._messenger.send(answer.stored, property_id=conversation.property_id, request_id=request_id)
        await self._turns.sent(request_id=request_id, session_id=conversation.session_id)
        if not answer.replayed:
            SCHEDULED.labels(kind=kind).inc()

    # -- messages around a stay

    async def _around_stays(self) -> None:
        for property_id in await self._stays.properties():
            hotel = await self._pms.hotel(property_id)
            today = hotel.today(self._clock.now())
            ahead = timedelta(days=1, hours=self._stay_messages.get("pre_arrival", 0))
            back = LONGEST_STAY if "post_stay" in self._stay_messages else timedelta(days=3)
            arrivals = [item async for item in self._stays.arrivals(property_id, today - back, today + ahead)]
            for arrival in arrivals:
                await self._attempt("stay_message", self._around(arrival, hotel))

    async def _around(self, arrival: Arrival, hotel: Hotel) -> None:
        for kind, due in self._times(arrival, hotel).items():
            request_id = derived_id("stay", arrival.property_id, arrival.code, kind, arrival.check_in.isoformat())
            late = self._clock.now() - due
            if not timedelta(0) <= late < STALE or request_id in self._done:
                continue
            try:
                conversation = await self._sessions.open(arrival.property_id, arrival.contact)
                event = MessageDue(turn_id=request_id, kind=kind, reservation_code=arrival.code)
                await self._happen(conversation, event, request_id, kind)
            except NotFound:
                continue
            self._remember(request_id)

    def _times(self, arrival: Arrival, hotel: Hotel) -> dict[str, datetime]:
        zone = hotel.local(self._clock.now()).tzinfo
        begins = datetime.combine(arrival.check_in, hotel.check_in_time, zone)
        ends = datetime.combine(arrival.check_out, hotel.check_out_time, zone)
        times = {"pre_arrival": (begins, -1), "in_stay": (begins, 1), "post_stay": (ends, 1)}
        return {
            kind: times[kind][0] + times[kind][1] * timedelta(hours=hours)
            for kind, hours in self._stay_messages.items()
        }

    def _remember(self, request_id: str) -> None:
        """Only spares calls: who has forgotten asks again and gets the stored answer."""
        self._done[request_id] = None
        while len(self._done) > MOST_REMEMBERED:
            self._done.pop(next(iter(self._done)))
