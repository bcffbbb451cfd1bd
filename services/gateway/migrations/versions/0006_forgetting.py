"""Guests are forgotten: what was delivered stays known by a hash, and what is theirs is found by indexes.

The indexes are built by one walk of each table, during which it is not written to.
"""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_STATEMENTS = (
    """
    -- Messages of guests who were erased: SHA-256 of channel and id, so that a repeated delivery is known.
    CREATE TABLE forgotten_messages (digest bytea PRIMARY KEY, forget_time timestamptz NOT NULL)
    """,
    "CREATE INDEX forgotten_messages_age ON forgotten_messages (forget_time)",
    "CREATE INDEX inbound_messages_conversation ON inbound_messages (conversation_id)",
    "CREATE INDEX turns_conversation ON turns (conversation_id)",
    "CREATE INDEX conversation_addresses_person ON conversation_addresses (channel, channel_name, address)",
    "CREATE INDEX conversation_addresses_conversation ON conversation_addresses (conversation_id)",
    "CREATE INDEX mail_threads_guest ON mail_threads (guest)",
    """
    CREATE INDEX conversations_age ON conversations (coalesce(last_inbound_time, create_time))
        WHERE NOT promotions_stopped
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute(
        """
        DROP INDEX conversations_age, mail_threads_guest, conversation_addresses_conversation,
            conversation_addresses_person, turns_conversation, inbound_messages_conversation
        """
    )
    op.execute("DROP TABLE forgotten_messages")
