"""Messages of a delivery into the inbox, sealed under the keys of their conversations, in one statement.

Nothing was read yet of the conversations they belong to. A message is sealed under the key that is remembered of its
sender, or under a new one that is offered for a conversation that begins. Where the conversation has another key, the
statement stores nothing of it and answers with that key, and the messages are sealed again: once for a guest whom this
process has not heard of for some minutes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg
from mesh.errors import Down
from mesh.store.postgres import Connection
from mesh.store.vault import DataKey, WrappedKey

from services.gateway.adapters.postgres_conversations import AddressKey, address_keys
from services.gateway.adapters.rows import message_to_text
from services.gateway.adapters.sealing import ADDRESS, MESSAGE, PHONE, Sealing
from services.gateway.domain.inbox import InboxPolicy
from services.gateway.domain.message import Delivery, Edit, InboundMessage, Revoke
from services.gateway.ports import Stored

# Two webhooks can open a conversation at once, and an erasure can give it another key meanwhile; not again and again.
_TRIES = 4

# Repeated messages are left alone and do not wake their conversation. Conversations are touched in the order of their
# ids, so that two webhooks cannot wait for each other in a circle.
# A name that leads nowhere yet is linked: to where another name of the same person leads, or else to the conversation
# given as `first`. A message of a guest who was erased is a repeat as well, and links nothing. The updates that change
# nothing make the statement wait for a concurrent insert, whose conversation and key stand.
# The conversation is locked before its key is looked at: whoever destroys it waits, or was waited for.
_STORE = """
    WITH news AS (
        SELECT position FROM unnest($2::text[]) WITH ORDINALITY AS n (external_id, position)
        WHERE NOT EXISTS (SELECT FROM forgotten_messages WHERE digest = n.external_id)
    ), names AS (
        SELECT n.*, conversation_id
        FROM unnest($14::bigint[], $15::text[], $16::text[], $17::text[], $18::text[], $19::text[])
            WITH ORDINALITY AS n (position, property_id, channel, channel_name, address, first, place)
        JOIN news USING (position)
        LEFT JOIN conversation_addresses USING (property_id, channel, channel_name, address)
    ), linked AS (
        INSERT INTO conversation_addresses AS known (property_id, channel, channel_name, address, conversation_id)
        SELECT DISTINCT ON (property_id, channel, channel_name, address) property_id, channel, channel_name, address,
            coalesce((SELECT conversation_id FROM names others
                WHERE others.position = names.position AND others.conversation_id IS NOT NULL ORDER BY place LIMIT 1),
                first)
        FROM names WHERE conversation_id IS NULL
        ORDER BY property_id, channel, channel_name, address, position
        ON CONFLICT (property_id, channel, channel_name, address) DO UPDATE SET conversation_id = known.conversation_id
        RETURNING property_id, channel, channel_name, address, conversation_id
    ), homes AS (
        SELECT DISTINCT ON (position) position, coalesce(names.conversation_id, linked.conversation_id)
            AS conversation_id
        FROM names LEFT JOIN linked USING (property_id, channel, channel_name, address) ORDER BY position, place
    ), incoming AS (
        SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bytea[], $6::text[], $7::bytea[],
                $8::bytea[], $9::text[], $10::timestamptz[], $11::bytea[], $12::text[], $13::bytea[])
            WITH ORDINALITY AS i (channel, external_id, property_id, target_id, payload, channel_name, address,
                phone_number, account, inbound_time, key_id, master, wrapped, position)
        JOIN homes USING (position)
    ), standing AS (
        SELECT conversation_id, key_id, master, wrapped FROM conversations
        WHERE conversation_id IN (SELECT conversation_id FROM homes) ORDER BY conversation_id FOR NO KEY UPDATE
    ), opened AS (
        INSERT INTO conversations AS c (conversation_id, property_id, channel, channel_name, address, phone_number,
            reply_address, account, last_inbound_time, burst_start, due_time, create_time, key_id, master, wrapped)
        SELECT DISTINCT ON (conversation_id) conversation_id, property_id, channel, channel_name, address, phone_number,
            address, account, inbound_time, $21::timestamptz, $21::timestamptz + $22::interval, $21::timestamptz,
            key_id, master, wrapped
        FROM incoming WHERE wrapped IS NOT NULL AND conversation_id NOT IN (SELECT conversation_id FROM standing)
        ORDER BY conversation_id, position DESC
        ON CONFLICT (conversation_id) DO UPDATE SET conversation_id = c.conversation_id
        RETURNING conversation_id, key_id, master, wrapped, due_time
    ), keys AS (
        SELECT * FROM standing UNION ALL SELECT conversation_id, key_id, master, wrapped FROM opened
    ), fitting AS (
        SELECT i.* FROM incoming i JOIN keys USING (conversation_id, key_id)
    ), stored AS (
        INSERT INTO inbound_messages
            (channel, external_id, conversation_id, property_id, target_id, payload, traceparent, receive_time)
        SELECT channel, external_id, conversation_id, property_id, target_id, payload, $20, $21::timestamptz
        FROM fitting ORDER BY position
        ON CONFLICT (channel, external_id) DO NOTHING
        RETURNING conversation_id
    ), latest AS (
        SELECT DISTINCT ON (conversation_id) * FROM fitting
        WHERE conversation_id IN (SELECT conversation_id FROM stored)
            AND conversation_id IN (SELECT conversation_id FROM standing)
        ORDER BY conversation_id, position DESC
    ), touched AS (
        UPDATE conversations c SET
            reply_address = i.address,
            account = i.account,
            phone_number = coalesce(i.phone_number, c.phone_number),
            last_inbound_time = greatest(c.last_inbound_time, i.inbound_time),
            burst_start = coalesce(c.burst_start, $21::timestamptz),
            due_time = least(coalesce(c.burst_start, $21::timestamptz) + $23::interval,
                $21::timestamptz + $22::interval)
        FROM latest i
        WHERE c.conversation_id = i.conversation_id
        RETURNING c.due_time
    )
    SELECT NULL AS position, (SELECT count(*) FROM stored) AS new_messages,
        least((SELECT min(due_time) FROM touched), (SELECT min(due_time) FROM opened)) AS due_time,
        NULL AS key_id, NULL AS master, NULL AS wrapped
    UNION ALL
    SELECT i.position, NULL, NULL, k.key_id, k.master, k.wrapped
    FROM incoming i LEFT JOIN keys k USING (conversation_id) WHERE k.key_id IS DISTINCT FROM i.key_id
    ORDER BY position NULLS FIRST
"""


@dataclass(frozen=True, slots=True)
class _Letter:
    """A message with its sender's names as the table has them, and the key it is sealed with."""

    message: InboundMessage
    names: Sequence[AddressKey]
    key: DataKey
    offered: WrappedKey | None


async def store_messages(
    conn: Connection, sealing: Sealing, delivery: Delivery, *, policy: InboxPolicy, now: datetime
) -> Stored:
    """Keeps those that are new. Raises Down."""
    # Staff's own words first, since the last message of a conversation says how it stands: they open no window.
    waiting: Sequence[InboundMessage] = sorted(delivery.messages, key=lambda message: not message.by_staff)
    new, due_times = 0, []
    for _ in range(_TRIES):
        letters = _sealed_by_sender(sealing, waiting)
        summary, *others = await conn.fetch(
            _STORE,
            *zip(*(_columns(sealing, letter) for letter in letters), strict=True),
            *zip(*_names(sealing, letters), strict=True),
            delivery.traceparent,
            now,
            policy.quiet_period,
            policy.quiet_ceiling,
        )
        new += int(summary["new_messages"])
        due_times += [summary["due_time"]] if summary["due_time"] is not None else []
        elsewhere = {row["position"]: row for row in others}
        for position, letter in enumerate(letters, start=1):
            row = elsewhere.get(position)
            sealing.sender_has(letter.names[0], letter.key.key_id if row is None else _key_in(sealing, row))
        waiting = [letters[position - 1].message for position in sorted(elsewhere)]
        if not waiting:
            repeated = len(delivery.messages) - new
            return Stored(new_messages=new, repeated_messages=repeated, due_time=min(due_times, default=None))
    raise Down("UNAVAILABLE", "conversations had other keys each time they were looked at")


def _sealed_by_sender(sealing: Sealing, messages: Sequence[InboundMessage]) -> list[_Letter]:
    """One key for all messages of a sender."""
    keys: dict[AddressKey, tuple[DataKey, WrappedKey | None]] = {}
    letters = []
    for message in messages:
        names = address_keys(sealing, message.property_id, message.sender)
        if names[0] not in keys:
            known = sealing.key_of_sender(names[0])
            keys[names[0]] = (known, None) if known is not None else sealing.vault.new_key()
        letters.append(_Letter(message, names, *keys[names[0]]))
    return letters


def _key_in(sealing: Sealing, row: asyncpg.Record) -> bytes | None:
    """The key that a message's conversation has; None when there is no conversation, and none was offered a key."""
    if row["wrapped"] is None:
        return None
    return sealing.key_in(row).key_id


def _names(sealing: Sealing, letters: Sequence[_Letter]) -> list[tuple[int, str, str, str, str, str]]:
    """Each sender's names by position, with the conversation they open if none of them leads anywhere yet: one for
    all senders of the delivery who share a name."""
    opens: dict[AddressKey, str] = {}
    names = []
    for position, letter in enumerate(letters, start=1):
        first = next((opens[key] for key in letter.names if key in opens), None)
        first = first or sealing.conversation_id(letter.message.property_id, letter.message.sender)
        for key in letter.names:
            opens.setdefault(key, first)
            names.append((position, *key, first))
    return names


def _columns(sealing: Sealing, letter: _Letter) -> tuple[object, ...]:
    message, key, offered = letter.message, letter.key, letter.offered
    channel, body = str(message.sender.channel), message.body
    external_id = sealing.message_id(channel, message.message_id)
    return (
        channel,
        external_id,
        message.property_id,
        sealing.message_id(channel, body.target_message_id) if isinstance(body, Edit | Revoke) else None,
        key.seal(message_to_text(message).encode(), f"{MESSAGE}:{external_id}"),
        message.sender.channel_name,
        sealing.seal(key, message.sender.address, ADDRESS),
        sealing.seal(key, message.sender.phone_number, PHONE),
        message.account,
        # The channel's window counts from its own receipt; a late repetition is judged by the channel, not by us.
        None if message.by_staff else message.receive_time,
        key.key_id,
        offered.master if offered is not None else None,
        offered.wrapped if offered is not None else None,
    )
