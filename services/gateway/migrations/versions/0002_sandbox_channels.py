"""The development sandbox records every channel."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE sandbox_messages RENAME COLUMN phone_number_id TO account")
    op.execute(
        "ALTER TABLE sandbox_messages ADD COLUMN channel text NOT NULL DEFAULT 'whatsapp', "
        "ADD COLUMN words text NOT NULL DEFAULT ''"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE sandbox_messages DROP COLUMN channel, DROP COLUMN words")
    op.execute("ALTER TABLE sandbox_messages RENAME COLUMN account TO phone_number_id")
