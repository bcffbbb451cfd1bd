"""What hotels with QloApps need in our books: writes under way, which order is which, fences, guests taken over."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE qloapps_journal (
        request_id text PRIMARY KEY,
        property_id text NOT NULL,
        kind text NOT NULL CHECK (kind IN ('booking', 'change')),
        -- Everything that is needed to finish it after a crash between QloApps' write and our record.
        document jsonb NOT NULL,
        begin_time timestamptz NOT NULL
    )
    """,
    "CREATE INDEX qloapps_journal_property ON qloapps_journal (property_id)",
    """
    CREATE TABLE qloapps_order (
        property_id text NOT NULL,
        order_id bigint NOT NULL,
        reservation_id text NOT NULL,
        seen text NOT NULL,
        PRIMARY KEY (property_id, order_id)
    )
    """,
    "CREATE TABLE qloapps_customer (property_id text PRIMARY KEY, highest bigint NOT NULL)",
    # One number a hotel, taken with every write lock.
    "CREATE TABLE write_fence (property_id text PRIMARY KEY, fence bigint NOT NULL)",
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE write_fence, qloapps_customer, qloapps_order, qloapps_journal")
