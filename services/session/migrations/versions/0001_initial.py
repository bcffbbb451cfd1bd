"""Guests, their identities, sessions, turns, requests carried out, and stops that outlive an erasure."""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# One statement each: the driver prepares them.
_STATEMENTS = (
    """
    CREATE TABLE guests (
        guest_id     text PRIMARY KEY,
        given_name   text NOT NULL DEFAULT '',
        family_name  text NOT NULL DEFAULT '',
        email        text NOT NULL DEFAULT '',
        phone_number text NOT NULL DEFAULT '',
        language     text NOT NULL DEFAULT '',
        display_name text NOT NULL DEFAULT '',
        opted_out    boolean NOT NULL DEFAULT false,
        version      bigint NOT NULL,
        create_time  timestamptz NOT NULL
    )
    """,
    """
    -- One row a key: the constraint is what makes one identity one guest, however many ask at once.
    CREATE TABLE guest_identities (
        channel      smallint NOT NULL,
        channel_name text NOT NULL,
        match_key    text NOT NULL,
        guest_id     text NOT NULL REFERENCES guests ON DELETE CASCADE,
        address      text NOT NULL,
        phone_number text NOT NULL,
        position     bigint GENERATED ALWAYS AS IDENTITY,
        PRIMARY KEY (channel, channel_name, match_key)
    )
    """,
    "CREATE INDEX guest_identities_guest ON guest_identities (guest_id)",
    """
    -- A guest with the rows of their identities as one JSON value.
    CREATE VIEW guest_documents AS
    SELECT g.guest_id, to_jsonb(g) || jsonb_build_object('identities', (
        SELECT coalesce(jsonb_agg(to_jsonb(i) ORDER BY i.position), '[]')
        FROM guest_identities i WHERE i.guest_id = g.guest_id
    )) AS document
    FROM guests g
    """,
    """
    CREATE TABLE sessions (
        session_id         text PRIMARY KEY,
        property_id        text NOT NULL,
        guest_id           text NOT NULL REFERENCES guests ON DELETE CASCADE,
        channel            smallint NOT NULL,
        channel_name       text NOT NULL,
        address            text NOT NULL,
        phone_number       text NOT NULL,
        state              jsonb NOT NULL,
        handoff_state      smallint GENERATED ALWAYS AS ((state -> 'handoff' ->> 'state')::smallint) STORED,
        due_time           timestamptz,
        version            bigint NOT NULL,
        turn_count         bigint NOT NULL,
        live               boolean NOT NULL,
        create_time        timestamptz NOT NULL,
        update_time        timestamptz NOT NULL,
        last_activity_time timestamptz NOT NULL,
        expire_time        timestamptz NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX sessions_one_live ON sessions (property_id, guest_id) WHERE live",
    "CREATE INDEX sessions_guest ON sessions (guest_id)",
    "CREATE INDEX sessions_activity ON sessions (last_activity_time DESC, session_id DESC)",
    "CREATE INDEX sessions_handoff ON sessions (handoff_state) WHERE handoff_state IS NOT NULL",
    # What the scheduler asks, and what the sweeper asks.
    "CREATE INDEX sessions_due ON sessions (due_time) WHERE due_time IS NOT NULL",
    "CREATE INDEX sessions_live_end ON sessions (expire_time) WHERE live",
    "CREATE INDEX sessions_ended ON sessions (expire_time) WHERE NOT live",
    """
    CREATE TABLE turns (
        session_id  text NOT NULL REFERENCES sessions ON DELETE CASCADE,
        sequence    bigint NOT NULL,
        turn_id     text NOT NULL,
        author      smallint NOT NULL,
        content     jsonb NOT NULL,
        outcome     bytea NOT NULL,
        create_time timestamptz NOT NULL,
        PRIMARY KEY (session_id, sequence),
        UNIQUE (session_id, turn_id)
    )
    """,
    """
    -- subject: the session or guest written to. version: the one that the write made of a session.
    -- result: only what a repeat could not read again, a receipt.
    CREATE TABLE requests (
        method      text NOT NULL,
        request_id  text NOT NULL,
        fingerprint text NOT NULL,
        subject     text NOT NULL,
        version     bigint,
        result      jsonb,
        create_time timestamptz NOT NULL,
        PRIMARY KEY (method, request_id)
    )
    """,
    "CREATE INDEX requests_subject ON requests (subject)",
    "CREATE INDEX requests_time ON requests (create_time) WHERE result IS NULL",
    "CREATE TABLE suppressions (key_hash text PRIMARY KEY, create_time timestamptz NOT NULL)",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP VIEW guest_documents")
    for table in ("suppressions", "requests", "turns", "sessions", "guest_identities", "guests"):
        op.execute(f"DROP TABLE {table}")
