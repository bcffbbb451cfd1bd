"""Erasures that have yet to reach the gateway."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        -- sealed: the addresses, under a key of this row alone, wrapped by the master key of that name.
        CREATE TABLE pending_erasures (
            receipt_id  text PRIMARY KEY,
            erase_time  timestamptz NOT NULL,
            session_ids text[] NOT NULL,
            key_id      bytea NOT NULL UNIQUE,
            master      text NOT NULL,
            wrapped     bytea NOT NULL,
            sealed      bytea NOT NULL
        )
        """
    )
    op.execute("CREATE INDEX pending_erasures_order ON pending_erasures (erase_time, receipt_id)")


def downgrade() -> None:
    op.execute("DROP TABLE pending_erasures")
