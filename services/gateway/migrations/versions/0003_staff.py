"""Staff: accounts, sign-ins, the audit log, canned answers, proposals, and the figures of turns and hand-offs."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_STATEMENTS = (
    """
    CREATE TABLE staff_users (
        user_id       text PRIMARY KEY,
        email         text NOT NULL UNIQUE,
        name          text NOT NULL,
        role          text NOT NULL,
        language      text NOT NULL,
        password_hash text NOT NULL,
        active        boolean NOT NULL DEFAULT true,
        version       bigint NOT NULL DEFAULT 1,
        create_time   timestamptz NOT NULL,
        update_time   timestamptz NOT NULL
    )
    """,
    """
    -- A sign-in. Its tokens are good until it is revoked.
    CREATE TABLE staff_sign_ins (
        family_id     text PRIMARY KEY,
        user_id       text NOT NULL REFERENCES staff_users,
        create_time   timestamptz NOT NULL,
        expire_time   timestamptz NOT NULL,
        revoke_time   timestamptz,
        revoke_reason text NOT NULL DEFAULT ''
    )
    """,
    "CREATE INDEX staff_sign_ins_user ON staff_sign_ins (user_id) WHERE revoke_time IS NULL",
    "CREATE INDEX staff_sign_ins_end ON staff_sign_ins (expire_time)",
    """
    CREATE TABLE staff_refresh_tokens (
        token_id    text PRIMARY KEY,
        family_id   text NOT NULL REFERENCES staff_sign_ins ON DELETE CASCADE,
        digest      bytea NOT NULL,
        expire_time timestamptz NOT NULL,
        use_time    timestamptz
    )
    """,
    "CREATE INDEX staff_refresh_tokens_family ON staff_refresh_tokens (family_id)",
    "CREATE TABLE staff_attempts (key text NOT NULL, attempt_time timestamptz NOT NULL)",
    "CREATE INDEX staff_attempts_key ON staff_attempts (key, attempt_time)",
    "CREATE INDEX staff_attempts_age ON staff_attempts (attempt_time)",
    """
    CREATE TABLE audit_log (
        sequence   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        entry_time timestamptz NOT NULL,
        actor      text NOT NULL,
        action     text NOT NULL,
        subject    text NOT NULL DEFAULT '',
        details    jsonb NOT NULL DEFAULT '{}',
        address    text NOT NULL DEFAULT ''
    )
    """,
    "CREATE INDEX audit_log_subject ON audit_log (subject, sequence) WHERE subject <> ''",
    "CREATE INDEX audit_log_actor ON audit_log (actor, sequence)",
    "CREATE INDEX audit_log_age ON audit_log (entry_time)",
    """
    CREATE FUNCTION audit_log_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'entries of the audit log are not changed'; END $$
    """,
    """
    CREATE TRIGGER audit_log_unchanged BEFORE UPDATE OR TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION audit_log_is_only_added_to()
    """,
    """
    CREATE TABLE canned_answers (
        canned_id   text PRIMARY KEY,
        title       text NOT NULL,
        texts       jsonb NOT NULL,
        version     bigint NOT NULL DEFAULT 1,
        update_time timestamptz NOT NULL
    )
    """,
    """
    -- Corrections by staff, for review. state: proposed, accepted, rejected.
    CREATE TABLE proposals (
        proposal_id text PRIMARY KEY,
        kind        text NOT NULL,
        state       text NOT NULL DEFAULT 'proposed',
        property_id text NOT NULL,
        session_id  text NOT NULL,
        turn_id     text NOT NULL,
        language    text NOT NULL,
        guest_text  text NOT NULL,
        was         text NOT NULL,
        should_be   text NOT NULL,
        words       text NOT NULL DEFAULT '',
        author      text NOT NULL,
        create_time timestamptz NOT NULL,
        reviewer    text NOT NULL DEFAULT '',
        review_time timestamptz
    )
    """,
    "CREATE INDEX proposals_state ON proposals (state, create_time)",
    "CREATE INDEX proposals_session ON proposals (session_id)",
    """
    -- One row a turn that the orchestrator answered: what the manager's page counts. No words, no names.
    CREATE TABLE turn_figures (
        turn_id         text PRIMARY KEY,
        property_id     text NOT NULL,
        session_id      text NOT NULL,
        channel         text NOT NULL,
        intent          text NOT NULL,
        replies         smallint NOT NULL,
        degraded        boolean NOT NULL,
        with_person     boolean NOT NULL,
        answer_seconds  real NOT NULL,
        booked_code     text NOT NULL DEFAULT '',
        booked_value    numeric,
        booked_currency text NOT NULL DEFAULT '',
        turn_time       timestamptz NOT NULL
    )
    """,
    "CREATE INDEX turn_figures_time ON turn_figures (turn_time)",
    "CREATE INDEX turn_figures_unvalued ON turn_figures (turn_time) WHERE booked_code <> '' AND booked_value IS NULL",
    """
    CREATE TABLE handoff_figures (
        session_id   text NOT NULL,
        open_time    timestamptz NOT NULL,
        property_id  text NOT NULL,
        desk         text NOT NULL,
        priority     text NOT NULL,
        reason       text NOT NULL,
        due_time     timestamptz,
        claim_time   timestamptz,
        answer_time  timestamptz,
        release_time timestamptz,
        PRIMARY KEY (session_id, open_time)
    )
    """,
    "CREATE INDEX handoff_figures_time ON handoff_figures (open_time)",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute(
        """
        DROP TABLE handoff_figures, turn_figures, proposals, canned_answers, audit_log, staff_attempts,
            staff_refresh_tokens, staff_sign_ins, staff_users
        """
    )
    op.execute("DROP FUNCTION audit_log_is_only_added_to()")
