"""Files that go with messages of ours: their bytes, kept as long as the message and gone with it."""

from collections.abc import Sequence

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE outbox_files (
            message_id text PRIMARY KEY REFERENCES outbox (message_id) ON DELETE CASCADE,
            content    bytea NOT NULL
        )
        """
    )
    # What is sent is packed already.
    op.execute("ALTER TABLE outbox_files ALTER COLUMN content SET STORAGE EXTERNAL")


def downgrade() -> None:
    op.execute("DROP TABLE outbox_files")
