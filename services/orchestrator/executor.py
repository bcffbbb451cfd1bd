"""Runs the effects of steps and feeds what came of them back, until the conversation rests.

Request ids derive from the turn, so a repeated turn repeats its writes under the same ids and they happen once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from mesh.errors import Busy, Conflict, DomainError, Down, Invalid, Refused
from mesh.telemetry import get_logger
from mesh.values import derived_id

from services.orchestrator.domain.effects import (
    WRITES,
    Call,
    Effect,
    FindReservations,
    MakeQuote,
    Note,
    OpenHandoff,
    PlaceHold,
    RecordsCall,
    Reply,
    SetOptOut,
    StaffReply,
    awaited,
)
from services.orchestrator.domain.events import (
    CallFailed,
    CallRefused,
    Canceled,
    Event,
    GuestErased,
    GuestExported,
    HoldPlaced,
    Modified,
    QuoteMade,
    ReservationsFound,
    Reserved,
    Result,
)
from services.orchestrator.domain.flow import Done
from services.orchestrator.domain.hotel import Hotel
from services.orchestrator.domain.machine import Machine, NoWayOn
from services.orchestrator.domain.offers import Quote
from services.orchestrator.domain.state import DialogueState
from services.orchestrator.metrics import HANDOFFS
from services.orchestrator.ports import Caller, GuestRecords, Journal, Pms

log = get_logger(__name__)

# More calls than any turn makes; a turn that wants more is broken.
MAX_ROUNDS = 12
# A write whose outcome is unclear is repeated under its id this often before the guest is told the truth.
WRITE_ATTEMPTS = 3
_REPEATABLE = ("PMS_UNKNOWN_OUTCOME", "REQUEST_IN_PROGRESS")

Checkpoint = Callable[[Journal], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A write at the hotel's system: its name, what it made, and the error reason when it was not made."""

    name: str
    reference: str
    error: str = ""


@dataclass(slots=True, kw_only=True)
class Ran:
    """What came of running an event: the state at rest and everything that was to be said or noted."""

    state: DialogueState
    replies: list[Reply] = field(default_factory=list)
    staff_words: list[str] = field(default_factory=list)
    operations: list[Operation] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    opt_out: bool | None = None
    erased: bool = False
    degraded: bool = False


@dataclass(slots=True, kw_only=True)
class _Run:
    """One run under way."""

    caller: Caller
    journal: Journal
    checkpoint: Checkpoint
    ran: Ran
    counts: dict[str, int] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)


class Executor:
    """Runs one event of one conversation at a time; holds no state between runs."""

    def __init__(self, *, machine: Machine, pms: Pms, records: GuestRecords, repeat_after: float = 0.2) -> None:
        self._machine = machine
        self._pms = pms
        self._records = records
        self._repeat_after = repeat_after

    async def run(
        self,
        state: DialogueState,
        event: Event,
        *,
        now: datetime,
        hotel: Hotel,
        caller: Caller,
        journal: Journal,
        checkpoint: Checkpoint,
    ) -> Ran:
        """Steps until nothing is waited for. `caller.request_id` is the turn's id; raises what `checkpoint` raises."""
        run = _Run(caller=caller, journal=journal, checkpoint=checkpoint, ran=Ran(state=state))
        run.kept = {quote.id for quote in journal.quotes.values()}
        pending: Event | None = event
        for _ in range(MAX_ROUNDS):
            if pending is None:
                return run.ran
            run.ran.state, effects = self._step(run.ran.state, pending, now, hotel)
            pending = await self._effects(run, effects)
        if pending is not None:
            raise RuntimeError("a turn does not come to rest")
        return run.ran

    def _step(self, state: DialogueState, event: Event, now: datetime, hotel: Hotel) -> Done:
        """One step. A fault in a flow is a flow without a way on: the guest gets a person, not silence."""
        try:
            return self._machine.step(state, event, now, hotel)
        except (NoWayOn, Refused):  # what staff may not do is theirs to know, and no fault
            raise
        except Exception as fault:
            where = f"{state.flow}.{state.state} on {type(event).__name__}: {type(fault).__name__}"
            log.exception("step_failed", where=where)
            raise NoWayOn(where) from fault

    async def _effects(self, run: _Run, effects: tuple[Effect, ...]) -> Result | None:
        """Carries the effects out in order; the result of the one call that is waited for, if there is one."""
        result: Result | None = None
        for effect in effects:
            match effect:
                case Reply():
                    run.ran.replies.append(effect)
                case StaffReply(text=text):
                    run.ran.staff_words.append(text)
                case Note(reason=reason):
                    run.ran.reasons.append(reason)
                case OpenHandoff(desk=desk, priority=priority, reason=reason):
                    HANDOFFS.labels(desk=desk, priority=priority, reason=reason).inc()
                    run.ran.reasons.append(f"hand-off to {desk}: {reason}")
                case SetOptOut(opted_out=opted_out):
                    run.ran.opt_out = opted_out
                case _:
                    outcome = await self._call(run, effect)
                    if awaited(effect):
                        result = outcome
        return result

    async def _call(self, run: _Run, call: Call) -> Result:
        name = type(call).__name__
        run.counts[name] = run.counts.get(name, 0) + 1
        request_id = derived_id("req", run.caller.request_id, name, str(run.counts[name]))
        if isinstance(call, MakeQuote) and request_id in run.journal.quotes:
            return QuoteMade(quote=run.journal.quotes[request_id])
        if isinstance(call, PlaceHold):
            await self._remember(run, call.quote)
        caller = replace(run.caller, request_id=request_id, turn_id=run.caller.request_id)
        operation = WRITES.get(type(call), "")
        try:
            result = await self._perform(call, caller, write=bool(operation))
        except (Down, Busy) as error:
            run.ran.degraded = True
            return self._failed(run, operation, call, CallFailed(call=call, reason=error.reason))
        except Invalid as error:
            # A mistake of ours, not a rule of the hotel: the guest is told that the system is not to be had.
            if error.reason != "TOKEN_INVALID":
                log.error("call_not_accepted", call=name, reason=error.reason, fields=sorted(error.fields))
                return self._failed(run, operation, call, CallFailed(call=call, reason=error.reason))
            return self._failed(run, operation, call, CallRefused(call=call, reason=error.reason))
        except DomainError as error:
            refused = CallRefused(call=call, reason=error.reason, metadata=error.metadata)
            return self._failed(run, operation, call, refused)
        if operation:
            run.ran.operations.append(Operation(name=operation, reference=_reference(call, result)))
        run.ran.erased |= isinstance(result, GuestErased)
        if isinstance(result, QuoteMade):
            run.journal = Journal(
                turn_id=run.caller.request_id, quotes={**run.journal.quotes, request_id: result.quote}
            )
        return result

    async def _remember(self, run: _Run, quote: Quote) -> None:
        """Before rooms are taken with a price of this very turn it is kept: a repeat must send the same one."""
        fresh = {item.id for item in run.journal.quotes.values()} - run.kept
        if quote.id in fresh:
            await run.checkpoint(run.journal)
            run.kept |= fresh

    async def _perform(self, call: Call, caller: Caller, *, write: bool) -> Result:
        if caller.contact.unproven:
            # The address alone proves nothing: neither what is booked under it, nor whose data that is.
            if isinstance(call, FindReservations):
                return ReservationsFound(reservations=())
            if isinstance(call, RecordsCall):
                raise Refused("SENDER_UNPROVEN", "nothing vouches for the sender of this message")
        for attempt in range(1, WRITE_ATTEMPTS + 1):
            try:
                if isinstance(call, RecordsCall):
                    return await self._records.perform(call, caller)
                return await self._pms.perform(call, caller)
            except (Down, Conflict) as error:
                if not write or error.reason not in _REPEATABLE or attempt == WRITE_ATTEMPTS:
                    raise
                await asyncio.sleep(self._repeat_after)
        raise AssertionError("unreachable")

    @staticmethod
    def _failed(run: _Run, operation: str, call: Call, result: CallFailed | CallRefused) -> CallFailed | CallRefused:
        run.ran.reasons.append(f"{type(call).__name__}: {result.reason}")
        if operation:
            run.ran.operations.append(Operation(name=operation, reference="", error=result.reason))
        return result


def _reference(call: Call, result: Result) -> str:
    match result:
        case HoldPlaced(hold=hold):
            return hold.id
        case Reserved(reservation=booked) | Canceled(reservation=booked) | Modified(reservation=booked):
            return booked.code
        case GuestExported(reference=reference) | GuestErased(receipt=reference):
            return reference
        case _:
            return getattr(call, "hold_id", "")
