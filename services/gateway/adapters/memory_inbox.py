"""The inbox in memory, with the same rules as in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from mesh.errors import Conflict
from mesh.values import derived_id

from services.gateway.adapters.memory import ConversationRow, InboundRow, OutboxRow, Tables, TurnRow
from services.gateway.adapters.memory_retention import forget
from services.gateway.adapters.memory_statuses import record_status
from services.gateway.domain.conversation import Conversation, Lease
from services.gateway.domain.inbox import (
    DEFERRED,
    MAX_MESSAGES_PER_TURN,
    Backlog,
    InboxPolicy,
    StoredMessage,
    Turn,
    compose,
)
from services.gateway.domain.message import (
    Delivery,
    Edit,
    Identity,
    InboundMessage,
    OutboundMessage,
    PromotionConsent,
    Revoke,
    digest_of,
)
from services.gateway.ports import Retention, Stored


class MemoryInbox:
    """`Inbox` in memory."""

    def __init__(self, *, tables: Tables, policy: InboxPolicy) -> None:
        self._tables = tables
        self._policy = policy

    async def store(self, delivery: Delivery, *, now: datetime) -> Stored:
        for change in delivery.address_changes:
            self._tables.link(change)
        due_times = [self._store(message, delivery.traceparent, now) for message in delivery.messages]
        for status in delivery.statuses:
            record_status(self._tables, status, now=now)
        for event in delivery.events:
            self._tables.events.setdefault((str(event.channel), event.event_id), (event, now))
        for consent in delivery.consents:
            self._consent(consent, now)
        new = [due for due in due_times if due is not None]
        return Stored(
            new_messages=len(new),
            repeated_messages=len(due_times) - len(new),
            due_time=min(new, default=None),
        )

    def _store(self, message: InboundMessage, traceparent: str, now: datetime) -> datetime | None:
        key = (str(message.sender.channel), message.message_id)
        if digest_of(*key) in self._tables.forgotten:
            return None
        conversation_id = self._tables.resolve(message.property_id, message.sender)
        if key in self._tables.inbound:
            return None
        stored = StoredMessage(sequence=self._tables.next_sequence(), message=message)
        self._tables.inbound[key] = InboundRow(
            stored=stored, conversation_id=conversation_id, receive_time=now, traceparent=traceparent
        )
        return self._touch(conversation_id, message, now)

    def _touch(self, conversation_id: str, message: InboundMessage, now: datetime) -> datetime:
        row = self._opened(conversation_id, message.property_id, message.sender, message.account, now)
        before = row.conversation
        phone = message.sender.phone_number or before.identity.phone_number
        last = before.last_inbound_time
        row.conversation = replace(
            before,
            identity=replace(before.identity, phone_number=phone),
            account=message.account,
            reply_address=message.sender.address,
            last_inbound_time=last if message.by_staff else max(last or message.receive_time, message.receive_time),
        )
        row.burst_start = row.burst_start or now
        row.due_time = self._policy.due_time(burst_start=row.burst_start, now=now)
        return row.due_time

    def _consent(self, consent: PromotionConsent, now: datetime) -> None:
        conversation_id = self._tables.resolve(consent.property_id, consent.identity)
        row = self._opened(conversation_id, consent.property_id, consent.identity, consent.account, now)
        row.conversation = replace(row.conversation, promotions_stopped=consent.stopped)

    def _opened(
        self, conversation_id: str, property_id: str, person: Identity, account: str, now: datetime
    ) -> ConversationRow:
        row = self._tables.conversations.get(conversation_id)
        if row is None:
            conversation = Conversation(
                conversation_id=conversation_id,
                property_id=property_id,
                identity=replace(person, aliases=()),
                account=account,
                reply_address=person.address,
            )
            row = ConversationRow(conversation=conversation, create_time=now)
            self._tables.conversations[conversation_id] = row
        return row

    async def claim(self, *, holder: str, now: datetime) -> Turn | None:
        while (row := self._next(now)) is not None:
            until = now + self._policy.lease
            row.lease_holder, row.lease_until, row.fence = holder, until, row.fence + 1
            row.burst_start, row.due_time, row.retry_time = None, until, None
            turn = self._turn_of(row, Lease(holder=holder, fence=row.fence, until=until), now)
            if turn is not None:
                return turn
            self._unlease(row, retry_time=None)
        return None

    def _next(self, now: datetime) -> ConversationRow | None:
        due = [
            row
            for row in self._tables.conversations.values()
            if row.due_time is not None
            and row.due_time <= now
            and (row.lease_until is None or row.lease_until <= now)
            and (row.retry_time is None or row.retry_time <= now)
        ]
        return min(due, key=lambda row: row.due_time or now, default=None)

    def _turn_of(self, row: ConversationRow, lease: Lease, now: datetime) -> Turn | None:
        conversation_id = row.conversation.conversation_id
        turns = self._tables.turns.values()
        opened = next((t for t in turns if t.conversation_id == conversation_id and t.state == "open"), None)
        if opened is not None:
            opened.tries += 1
            opened.update_time = now
        else:
            opened = self._new_turn(conversation_id, now)
        if self._pending(conversation_id):
            row.burst_start = now
        if opened is None:
            return None
        return Turn(
            turn_id=opened.turn_id,
            conversation=row.conversation,
            lease=lease,
            messages=opened.messages,
            tries=opened.tries,
            reason=opened.reason,
            traceparent=opened.traceparent,
        )

    def _new_turn(self, conversation_id: str, now: datetime) -> TurnRow | None:
        pending = self._pending(conversation_id)[:MAX_MESSAGES_PER_TURN]
        if not pending:
            return None
        composed = compose([row.stored for row in pending], amended=self._amended(conversation_id))
        turn_id = derived_id("turn", conversation_id, str(composed.consumed[0])) if composed.messages else ""
        for row in pending:
            if row.stored.sequence not in composed.consumed:
                continue
            row.state, row.turn_id = "turn" if turn_id else "done", turn_id
        if not turn_id:
            return None
        self._tables.turns[turn_id] = TurnRow(
            turn_id=turn_id,
            conversation_id=conversation_id,
            messages=composed.messages,
            traceparent=pending[0].traceparent,
            create_time=now,
            update_time=now,
        )
        return self._tables.turns[turn_id]

    def _pending(self, conversation_id: str) -> list[InboundRow]:
        rows = self._tables.inbound.values()
        return [row for row in rows if row.conversation_id == conversation_id and row.state == "pending"]

    def _amended(self, conversation_id: str) -> set[str]:
        return {
            row.stored.message.body.target_message_id
            for row in self._tables.inbound.values()
            if row.conversation_id == conversation_id
            and row.state != "pending"
            and isinstance(row.stored.message.body, Edit | Revoke)
        }

    async def complete(
        self, turn: Turn, replies: Sequence[OutboundMessage], *, now: datetime, traceparent: str
    ) -> datetime | None:
        row = self._held(turn)
        self._unlease(row, retry_time=None)
        self._settle(turn, "done", "", now)
        for position, reply in enumerate(replies):
            message_id = derived_id("out", turn.turn_id, str(position))
            self._tables.outbox[message_id] = OutboxRow(
                message_id=message_id,
                sequence=self._tables.next_sequence(),
                turn_id=turn.turn_id,
                conversation_id=turn.conversation.conversation_id,
                content=reply,
                create_time=now,
                update_time=now,
                due_time=now,
                traceparent=traceparent,
            )
        return row.due_time

    async def retry(self, turn: Turn, *, not_before: datetime, reason: str) -> None:
        self._unlease(self._held(turn), retry_time=not_before)
        self._tables.turns[turn.turn_id].reason = reason

    async def park(self, turn: Turn, *, reason: str, now: datetime) -> datetime | None:
        row = self._held(turn)
        self._unlease(row, retry_time=None)
        self._settle(turn, "parked", reason, now)
        return row.due_time

    async def defer(self, turn: Turn, *, not_before: datetime) -> None:
        try:
            self._unlease(self._held(turn), retry_time=not_before)
        except Conflict:
            return
        self._tables.turns[turn.turn_id].tries -= 1
        self._tables.turns[turn.turn_id].reason = DEFERRED

    async def renew(self, turns: Sequence[Turn], *, now: datetime) -> None:
        for turn in turns:
            with suppress(Conflict):
                row = self._held(turn)
                row.lease_until = now + self._policy.lease
                row.due_time = row.lease_until if row.burst_start is None else row.due_time

    def _held(self, turn: Turn) -> ConversationRow:
        row = self._tables.conversations[turn.conversation.conversation_id]
        if row.fence != turn.lease.fence or row.lease_holder != turn.lease.holder:
            raise Conflict("LOCK_LOST", "another holder has the conversation", turn_id=turn.turn_id)
        return row

    def _unlease(self, row: ConversationRow, *, retry_time: datetime | None) -> None:
        row.lease_holder, row.lease_until, row.retry_time = "", None, retry_time
        if retry_time is not None:
            row.due_time = retry_time
        elif row.burst_start is None:
            row.due_time = None
        elif row.due_time is not None:
            row.due_time = min(row.due_time, row.burst_start + self._policy.quiet_ceiling)

    def _settle(self, turn: Turn, state: str, reason: str, now: datetime) -> None:
        row = self._tables.turns[turn.turn_id]
        row.state, row.reason, row.update_time = state, reason, now
        for inbound in self._tables.inbound.values():
            if inbound.turn_id == turn.turn_id:
                inbound.state = state

    async def replay_parked(self, *, now: datetime, limit: int = 100, turn_id: str = "") -> int:
        opened = 0
        for turn in sorted(self._tables.turns.values(), key=lambda row: row.create_time):
            row = self._tables.conversations[turn.conversation_id]
            busy = self._is_busy(turn.conversation_id) or row.lease_until is not None
            if turn.state != "parked" or busy or opened >= limit or turn_id not in ("", turn.turn_id):
                continue
            turn.state, turn.tries, turn.update_time = "open", 0, now
            row.due_time, row.retry_time = now, None
            for inbound in self._tables.inbound.values():
                if inbound.turn_id == turn.turn_id:
                    inbound.state = "turn"
            opened += 1
        return opened

    async def discard_parked(self, turn_id: str, *, now: datetime) -> bool:
        turn = self._tables.turns.get(turn_id)
        if turn is None or turn.state != "parked":
            return False
        turn.state, turn.reason, turn.update_time = "done", "discarded", now
        for inbound in self._tables.inbound.values():
            if inbound.turn_id == turn_id:
                inbound.state = "done"
        return True

    def _is_busy(self, conversation_id: str) -> bool:
        return any(t.state == "open" for t in self._tables.turns.values() if t.conversation_id == conversation_id)

    async def next_due(self) -> datetime | None:
        return min(
            (
                max(time for time in (row.due_time, row.retry_time, row.lease_until) if time is not None)
                for row in self._tables.conversations.values()
                if row.due_time is not None
            ),
            default=None,
        )

    async def backlog(self) -> Backlog:
        rows = self._tables.conversations.values()
        states = [turn.state for turn in self._tables.turns.values()]
        return Backlog(
            pending_messages=sum(row.state == "pending" for row in self._tables.inbound.values()),
            open_turns=states.count("open"),
            parked_turns=states.count("parked"),
            oldest_due=min((r.due_time for r in rows if r.due_time and r.lease_until is None), default=None),
        )

    async def forget(self, retention: Retention, *, now: datetime) -> int:
        return forget(self._tables, retention, now=now)
