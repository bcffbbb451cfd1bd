"""Inbox, outbox, conversations, statuses, other events, chat streams and the development sandbox."""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


# One statement each: the driver prepares them.
_STATEMENTS = (
    """
    -- One guest on one channel of one property, and who works on it at present.
    CREATE TABLE conversations (
        conversation_id    text PRIMARY KEY,
        property_id        text NOT NULL,
        channel            text NOT NULL,
        channel_name       text NOT NULL DEFAULT '',
        address            text NOT NULL,
        phone_number       text NOT NULL DEFAULT '',
        reply_address      text NOT NULL,
        account            text NOT NULL DEFAULT '',
        last_inbound_time  timestamptz,
        promotions_stopped boolean NOT NULL DEFAULT false,
        burst_start        timestamptz,
        due_time           timestamptz,
        retry_time         timestamptz,
        lease_holder       text,
        lease_until        timestamptz,
        fence              bigint NOT NULL DEFAULT 0,
        create_time        timestamptz NOT NULL
    )
    """,
    "CREATE INDEX conversations_due ON conversations (due_time) WHERE due_time IS NOT NULL",
    """
    -- Every name under which the channel knows the person of a conversation.
    CREATE TABLE conversation_addresses (
        property_id     text NOT NULL,
        channel         text NOT NULL,
        channel_name    text NOT NULL DEFAULT '',
        address         text NOT NULL,
        conversation_id text NOT NULL,
        PRIMARY KEY (property_id, channel, channel_name, address)
    )
    """,
    """
    -- What guests sent. state: pending, turn (belongs to an open turn), done, parked.
    CREATE TABLE inbound_messages (
        sequence          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        channel           text NOT NULL,
        external_id       text NOT NULL,
        conversation_id   text NOT NULL,
        property_id       text NOT NULL,
        target_id         text,
        payload           text NOT NULL,
        state             text NOT NULL DEFAULT 'pending',
        turn_id           text,
        traceparent       text NOT NULL DEFAULT '',
        receive_time      timestamptz NOT NULL,
        UNIQUE (channel, external_id)
    )
    """,
    "CREATE INDEX inbound_messages_pending ON inbound_messages (conversation_id, sequence) WHERE state = 'pending'",
    "CREATE INDEX inbound_messages_target ON inbound_messages (conversation_id, target_id) WHERE target_id IS NOT NULL",
    "CREATE INDEX inbound_messages_age ON inbound_messages (receive_time)",
    """
    -- Turns, made durable before anything is done with them. state: open, done, parked.
    CREATE TABLE turns (
        turn_id         text PRIMARY KEY,
        conversation_id text NOT NULL,
        property_id     text NOT NULL,
        payload         text NOT NULL,
        state           text NOT NULL DEFAULT 'open',
        tries           integer NOT NULL DEFAULT 0,
        reason          text NOT NULL DEFAULT '',
        traceparent     text NOT NULL DEFAULT '',
        create_time     timestamptz NOT NULL,
        update_time     timestamptz NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX turns_open ON turns (conversation_id) WHERE state = 'open'",
    "CREATE INDEX turns_parked ON turns (create_time) WHERE state = 'parked'",
    "CREATE INDEX turns_age ON turns (update_time)",
    """
    -- What guests are told. state: queued, sent, delivered, read, failed.
    CREATE TABLE outbox (
        message_id         text PRIMARY KEY,
        sequence           bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
        conversation_id    text NOT NULL,
        channel            text NOT NULL,
        property_id        text NOT NULL,
        turn_id            text,
        request_id         text UNIQUE,
        request_digest     text,
        content            text NOT NULL,
        state              text NOT NULL DEFAULT 'queued',
        tries              integer NOT NULL DEFAULT 0,
        scheduled_time     timestamptz,
        due_time           timestamptz NOT NULL,
        lease_holder       text,
        lease_until        timestamptz,
        fence              bigint NOT NULL DEFAULT 0,
        channel_message_id text NOT NULL DEFAULT '',
        failure_reason     text NOT NULL DEFAULT '',
        possibly_repeated  boolean NOT NULL DEFAULT false,
        traceparent        text NOT NULL DEFAULT '',
        create_time        timestamptz NOT NULL,
        update_time        timestamptz NOT NULL
    )
    """,
    "CREATE INDEX outbox_due ON outbox (channel, due_time) WHERE state = 'queued'",
    "CREATE INDEX outbox_order ON outbox (conversation_id, sequence)",
    "CREATE INDEX outbox_queued ON outbox (conversation_id, sequence) WHERE state = 'queued'",
    "CREATE INDEX outbox_channel_message ON outbox (channel_message_id) WHERE channel_message_id <> ''",
    "CREATE INDEX outbox_age ON outbox (update_time)",
    """
    -- What channels said about messages of ours; kept even when the message is not known (yet).
    CREATE TABLE delivery_statuses (
        channel            text NOT NULL,
        channel_message_id text NOT NULL,
        status             text NOT NULL,
        message_id         text NOT NULL DEFAULT '',
        failure_reason     text NOT NULL DEFAULT '',
        status_time        timestamptz NOT NULL,
        receive_time       timestamptz NOT NULL,
        PRIMARY KEY (channel, channel_message_id, status)
    )
    """,
    "CREATE INDEX delivery_statuses_age ON delivery_statuses (receive_time)",
    """
    -- Everything else a channel told us.
    CREATE TABLE channel_events (
        channel      text NOT NULL,
        event_id     text NOT NULL,
        kind         text NOT NULL,
        property_id  text NOT NULL DEFAULT '',
        payload      text NOT NULL,
        receive_time timestamptz NOT NULL,
        PRIMARY KEY (channel, event_id)
    )
    """,
    "CREATE INDEX channel_events_age ON channel_events (receive_time)",
    """
    -- What a chat page shows, in order; event_id is the Last-Event-ID of its stream.
    CREATE TABLE chat_events (
        event_id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        conversation_id text NOT NULL,
        message_id      text NOT NULL UNIQUE,
        payload         text NOT NULL,
        create_time     timestamptz NOT NULL
    )
    """,
    "CREATE INDEX chat_events_order ON chat_events (conversation_id, event_id)",
    """
    -- Development only: what would have been sent.
    CREATE TABLE sandbox_messages (
        sequence        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        channel_message_id text NOT NULL,
        phone_number_id text NOT NULL,
        recipient       text NOT NULL,
        payload         text NOT NULL,
        create_time     timestamptz NOT NULL
    )
    """,
    "CREATE INDEX sandbox_messages_recipient ON sandbox_messages (recipient, sequence)",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute(
        """
        DROP TABLE sandbox_messages, chat_events, channel_events, delivery_statuses, outbox, turns, inbound_messages,
            conversation_addresses, conversations
        """
    )
