"""What a channel bills for a message stands beside the status that told it."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        ALTER TABLE delivery_statuses ADD price_category text NOT NULL DEFAULT '',
            ADD billable boolean NOT NULL DEFAULT false
        """
    )


def downgrade() -> None:
    op.execute("ALTER TABLE delivery_statuses DROP price_category, DROP billable")
