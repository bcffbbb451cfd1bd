"""How far each mailbox was read, and what answers need to know of the mails they answer."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_STATEMENTS = (
    """
    -- One address of ours. mark: everything up to it is stored; told: there is news up to here.
    CREATE TABLE mailboxes (
        address      text PRIMARY KEY,
        mark         text NOT NULL DEFAULT '',
        told         text NOT NULL DEFAULT '',
        lease_until  timestamptz,
        fence        bigint NOT NULL DEFAULT 0,
        watch_due    timestamptz
    )
    """,
    """
    -- Mails of guests, by our id of the message; what an answer has to say so that it joins their thread.
    CREATE TABLE mail_threads (
        thread_key   text PRIMARY KEY,
        mailbox      text NOT NULL,
        guest        text NOT NULL,
        message_id   text NOT NULL,
        reference_ids text[] NOT NULL,
        subject      text NOT NULL,
        thread_id    text NOT NULL,
        create_time  timestamptz NOT NULL
    )
    """,
    "CREATE INDEX mail_threads_newest ON mail_threads (mailbox, guest, create_time DESC)",
    "CREATE INDEX mail_threads_age ON mail_threads (create_time)",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE mail_threads, mailboxes")
