"""Guests who asked to be forgotten: what waits for the end of a stay, and indexes that find everything of theirs.

The indexes are built by one walk of each table, during which it is not written to.
"""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_STATEMENTS = (
    """
    -- Reservations whose guest is forgotten when nobody needs to know any more who stayed.
    CREATE TABLE guest_to_forget (reservation_id text PRIMARY KEY)
    """,
    "CREATE INDEX reservation_event_of ON reservation_event ((document ->> 'reservation_id'))",
    "CREATE INDEX reservation_key ON reservation (substring(sealed FOR 16))",
    "CREATE INDEX guest_key ON guest (substring(sealed FOR 16))",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP INDEX guest_key, reservation_key, reservation_event_of")
    op.execute("DROP TABLE guest_to_forget")
