"""The books of hotels without a PMS: properties, nights, holds, reservations, guests, events, answers, audit."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE property (
        property_id text PRIMARY KEY,
        -- What is sold and told, facts with their versions; and the whole configuration it came from.
        document jsonb NOT NULL,
        configuration jsonb NOT NULL,
        digest text NOT NULL,
        -- Number of the latest event. Taken under the row's lock, so that events become visible in order.
        last_sequence bigint NOT NULL DEFAULT 0,
        update_time timestamptz NOT NULL DEFAULT now()
    )
    """,
    """
    CREATE TABLE inventory_night (
        property_id text NOT NULL,
        room_type_id text NOT NULL,
        night date NOT NULL,
        capacity integer NOT NULL,
        sold integer NOT NULL DEFAULT 0,
        held integer NOT NULL DEFAULT 0,
        net_price numeric(14, 4) NOT NULL,
        min_nights integer NOT NULL DEFAULT 0,
        max_nights integer NOT NULL DEFAULT 0,
        closed_to_arrival boolean NOT NULL DEFAULT false,
        closed_to_departure boolean NOT NULL DEFAULT false,
        PRIMARY KEY (property_id, night, room_type_id),
        CONSTRAINT never_negative CHECK (sold >= 0 AND held >= 0 AND capacity >= 0),
        -- The last line of defence: whatever the code does, no room is sold twice.
        CONSTRAINT never_oversold CHECK (sold + held <= capacity)
    )
    """,
    "CREATE SEQUENCE hold_fence",
    """
    CREATE TABLE hold (
        hold_id text PRIMARY KEY,
        property_id text NOT NULL,
        room_type_id text NOT NULL,
        check_in date NOT NULL,
        check_out date NOT NULL,
        units integer NOT NULL CHECK (units > 0),
        state text NOT NULL CHECK (state IN ('ACTIVE', 'CONFIRMED', 'RELEASED', 'EXPIRED')),
        expire_time timestamptz NOT NULL,
        fence bigint NOT NULL,
        quote_id text NOT NULL,
        CHECK (check_in < check_out)
    )
    """,
    "CREATE INDEX hold_expiry ON hold (expire_time) WHERE state = 'ACTIVE'",
    """
    CREATE TABLE guest (
        profile_id text PRIMARY KEY,
        property_id text NOT NULL,
        phone_key text NOT NULL,
        email_key text NOT NULL,
        document jsonb NOT NULL
    )
    """,
    "CREATE INDEX guest_phone ON guest (property_id, phone_key) WHERE phone_key <> ''",
    "CREATE INDEX guest_email ON guest (property_id, email_key) WHERE email_key <> ''",
    """
    CREATE TABLE reservation (
        reservation_id text PRIMARY KEY,
        property_id text NOT NULL,
        confirmation_code text NOT NULL,
        state text NOT NULL
            CHECK (state IN ('PENDING', 'CONFIRMED', 'IN_HOUSE', 'CHECKED_OUT', 'CANCELED', 'NO_SHOW')),
        room_type_id text NOT NULL,
        check_in date NOT NULL,
        check_out date NOT NULL,
        units integer NOT NULL CHECK (units > 0),
        version bigint NOT NULL,
        profile_id text NOT NULL,
        phone_key text NOT NULL,
        email_key text NOT NULL,
        identity_key text NOT NULL,
        -- The whole reservation; the columns beside it are those that are searched.
        document jsonb NOT NULL,
        CHECK (check_in < check_out)
    )
    """,
    "CREATE UNIQUE INDEX reservation_code ON reservation (property_id, confirmation_code)",
    "CREATE INDEX reservation_arrival ON reservation (property_id, check_in, confirmation_code)",
    "CREATE INDEX reservation_phone ON reservation (property_id, phone_key) WHERE phone_key <> ''",
    "CREATE INDEX reservation_email ON reservation (property_id, email_key) WHERE email_key <> ''",
    "CREATE INDEX reservation_identity ON reservation (property_id, identity_key) WHERE identity_key <> ''",
    "CREATE INDEX reservation_guest ON reservation (profile_id)",
    "CREATE INDEX reservation_in_house ON reservation (property_id) WHERE state = 'IN_HOUSE'",
    """
    CREATE TABLE charge (
        charge_id text PRIMARY KEY,
        property_id text NOT NULL,
        reservation_id text NOT NULL REFERENCES reservation,
        document jsonb NOT NULL,
        post_time timestamptz NOT NULL
    )
    """,
    "CREATE INDEX charge_reservation ON charge (reservation_id, post_time)",
    """
    CREATE TABLE reservation_event (
        property_id text NOT NULL,
        sequence bigint NOT NULL,
        event_type text NOT NULL,
        document jsonb NOT NULL,
        event_time timestamptz NOT NULL,
        PRIMARY KEY (property_id, sequence)
    )
    """,
    """
    CREATE TABLE request_answer (
        request_id text PRIMARY KEY,
        operation text NOT NULL,
        digest text NOT NULL,
        answer text NOT NULL DEFAULT '',
        create_time timestamptz NOT NULL
    )
    """,
    "CREATE INDEX request_answer_age ON request_answer (create_time)",
    """
    CREATE TABLE lock_audit (
        audit_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        resource_id text NOT NULL,
        operation_type text NOT NULL,
        acquired_at timestamptz NOT NULL,
        released_at timestamptz NOT NULL,
        holder_id text NOT NULL
    )
    """,
    "CREATE INDEX lock_audit_age ON lock_audit (acquired_at)",
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)


def downgrade() -> None:
    op.execute(
        "DROP TABLE lock_audit, request_answer, reservation_event, charge, reservation, guest, hold, inventory_night,"
        " property"
    )
    op.execute("DROP SEQUENCE hold_fence")
