"""What a channel bills for the parts of a message that was sent in several is found by the message.

Few messages have parts, so the index is small and the statuses of the others cost nothing more.
"""

from collections.abc import Sequence

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute(
        "CREATE INDEX delivery_statuses_parts ON delivery_statuses (split_part(message_id, '/', 1)) "
        "WHERE message_id LIKE '%/%'"
    )


def downgrade() -> None:
    op.execute("DROP INDEX delivery_statuses_parts")
