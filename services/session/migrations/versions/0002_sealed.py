"""What guests told us is sealed: names, addresses, words. Existing rows are sealed, and opened again on the way down.

Needs the settings of the service (DATA_MASTER_KEYS, DATA_INDEX_KEY) as soon as there are rows. Every row is found by an
index, so the time grows with the rows and not with their square.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op
from mesh.settings import load
from mesh.store.vault import DataKey, Vault, WrappedKey

from services.session.settings import VaultSettings

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_OF_GUEST = ("given_name", "family_name", "email", "phone_number", "display_name")
_OF_HANDOFF = ("state", "priority", "due_time", "agent")
_VIEW = """
    CREATE VIEW guest_documents AS
    SELECT g.guest_id, to_jsonb(g) || jsonb_build_object('identities', (
        SELECT coalesce(jsonb_agg(to_jsonb(i) ORDER BY i.position), '[]')
        FROM guest_identities i WHERE i.guest_id = g.guest_id
    ){keys}) AS document
    FROM guests g
"""
_KEYS = ", 'keys', (SELECT jsonb_agg(to_jsonb(k)) FROM data_keys k WHERE k.guest_id = g.guest_id)"
_ROOM_FOR_SEALED = (
    "DROP VIEW guest_documents",
    """
    -- Each guest's own key, wrapped by the master key of that name. It goes with the guest, and with it what it opens.
    CREATE TABLE data_keys (
        key_id   bytea PRIMARY KEY,
        guest_id text NOT NULL REFERENCES guests ON DELETE CASCADE,
        master   text NOT NULL,
        wrapped  bytea NOT NULL
    )
    """,
    "CREATE INDEX data_keys_guest ON data_keys (guest_id)",
    "CREATE INDEX data_keys_master ON data_keys (master)",
    "ALTER TABLE guests ADD sealed bytea",
    "ALTER TABLE guest_identities RENAME match_key TO match_hash",
    "ALTER TABLE guest_identities ADD sealed bytea",
    "ALTER TABLE sessions DROP handoff_state, ADD handoff jsonb, ADD sealed_address bytea, ADD sealed_state bytea",
    "ALTER TABLE turns ADD sealed bytea",
)
_ONLY_SEALED = (
    "ALTER TABLE guests DROP given_name, DROP family_name, DROP email, DROP phone_number, DROP display_name,"
    " ALTER sealed SET NOT NULL",
    "ALTER TABLE guest_identities DROP address, DROP phone_number, ALTER sealed SET NOT NULL",
    "ALTER TABLE sessions DROP address, DROP phone_number, DROP state",
    "ALTER TABLE sessions RENAME sealed_address TO address",
    "ALTER TABLE sessions RENAME sealed_state TO state",
    "ALTER TABLE sessions ALTER address SET NOT NULL, ALTER state SET NOT NULL,"
    " ADD handoff_state smallint GENERATED ALWAYS AS ((handoff ->> 'state')::smallint) STORED",
    "CREATE INDEX sessions_handoff ON sessions (handoff_state) WHERE handoff_state IS NOT NULL",
    "ALTER TABLE turns DROP content, DROP outcome, ALTER sealed SET NOT NULL",
    _VIEW.format(keys=_KEYS),
)
_ROOM_FOR_PLAIN = (
    "DROP VIEW guest_documents",
    "ALTER TABLE guests " + ", ".join(f"ADD {name} text NOT NULL DEFAULT ''" for name in _OF_GUEST),
    "ALTER TABLE guest_identities ADD address text, ADD phone_number text",
    "ALTER TABLE guest_identities RENAME match_hash TO match_key",
    "ALTER TABLE sessions DROP handoff_state",
    "ALTER TABLE sessions RENAME state TO sealed_state",
    "ALTER TABLE sessions RENAME address TO sealed_address",
    "ALTER TABLE sessions ADD address text, ADD phone_number text, ADD state jsonb",
    "ALTER TABLE turns ADD content jsonb, ADD outcome bytea",
)
_ONLY_PLAIN = (
    "ALTER TABLE guests DROP sealed",
    "ALTER TABLE guest_identities DROP sealed, ALTER address SET NOT NULL, ALTER phone_number SET NOT NULL",
    "ALTER TABLE sessions DROP sealed_state, DROP sealed_address, DROP handoff, ALTER address SET NOT NULL,"
    " ALTER phone_number SET NOT NULL, ALTER state SET NOT NULL,"
    " ADD handoff_state smallint GENERATED ALWAYS AS ((state -> 'handoff' ->> 'state')::smallint) STORED",
    "CREATE INDEX sessions_handoff ON sessions (handoff_state) WHERE handoff_state IS NOT NULL",
    "ALTER TABLE turns DROP sealed, ALTER content SET NOT NULL, ALTER outcome SET NOT NULL",
    "DROP TABLE data_keys",
    _VIEW.format(keys=""),
)


def upgrade() -> None:
    _each(_ROOM_FOR_SEALED)
    vault = load(VaultSettings).vault()
    for guest_id in _column("SELECT guest_id FROM guests"):
        key, stored = vault.new_key()
        _do("INSERT INTO data_keys VALUES (:key, :id, :master, :wrapped)",
            key=stored.key_id, id=guest_id, master=stored.master, wrapped=stored.wrapped)  # fmt: skip
        _seal_guest(vault, key, guest_id)
        for row in _rows(
            "SELECT session_id, address, phone_number, state FROM sessions WHERE guest_id = :id", guest_id
        ):
            _seal_session(key, row)
    _rewrite_digests(vault.veil)
    _each(_ONLY_SEALED)


def downgrade() -> None:
    _each(_ROOM_FOR_PLAIN)
    vault = load(VaultSettings).vault()
    for guest_id in _column("SELECT guest_id FROM guests"):
        for row in _rows("SELECT key_id, master, wrapped FROM data_keys WHERE guest_id = :id", guest_id):
            vault.learn(WrappedKey(key_id=row.key_id, master=row.master, wrapped=row.wrapped))
        _open_guest(vault, guest_id)
        for row in _rows(
            "SELECT session_id, sealed_address, sealed_state FROM sessions WHERE guest_id = :id", guest_id
        ):
            _open_session(vault, row)
    _rewrite_digests(vault.unveil)
    _each(_ONLY_PLAIN)


def _rewrite_digests(changed: Callable[[str], str]) -> None:
    """Digests are few kinds of text and guessable: of requests carried out, and of addresses not to be written to."""
    for row in list(op.get_bind().execute(sa.text("SELECT method, request_id, fingerprint FROM requests"))):
        _do("UPDATE requests SET fingerprint = :new WHERE method = :method AND request_id = :request_id",
            new=changed(row.fingerprint), method=row.method, request_id=row.request_id)  # fmt: skip
    for digest in _column("SELECT key_hash FROM suppressions"):
        _do("UPDATE suppressions SET key_hash = :new WHERE key_hash = :old", new=changed(digest), old=digest)


def _seal_guest(vault: Vault, key: DataKey, guest_id: str) -> None:
    (guest,) = _rows("SELECT * FROM guests WHERE guest_id = :id", guest_id)
    sealed = key.seal(_dumps({name: getattr(guest, name) for name in _OF_GUEST}), f"guest:{guest_id}")
    _do("UPDATE guests SET sealed = :sealed WHERE guest_id = :id", id=guest_id, sealed=sealed)
    for row in _rows("SELECT * FROM guest_identities WHERE guest_id = :id", guest_id):
        place = vault.index(str(row.channel), row.channel_name, row.match_hash)
        told = {"address": row.address, "phone_number": row.phone_number, "match_key": row.match_hash}
        sealed = key.seal(_dumps(told), f"identity:{place}")
        _do("UPDATE guest_identities SET match_hash = :place, sealed = :sealed"
            " WHERE guest_id = :id AND position = :position",
            id=guest_id, position=row.position, place=place, sealed=sealed)  # fmt: skip


def _seal_session(key: DataKey, row: Any) -> None:
    session_id, state = row.session_id, row.state
    handoff = state.get("handoff")
    shown = {name: handoff[name] for name in _OF_HANDOFF if name in handoff} if handoff else None
    address = {"address": row.address, "phone_number": row.phone_number}
    _do("UPDATE sessions SET sealed_address = :address, sealed_state = :state, handoff = cast(:handoff AS jsonb)"
        " WHERE session_id = :id",
        id=session_id, address=key.seal(_dumps(address), f"address:{session_id}"),
        state=key.seal(_dumps(state), f"state:{session_id}"), handoff=json.dumps(shown) if shown else None)  # fmt: skip
    for turn in _rows("SELECT sequence, turn_id, content, outcome FROM turns WHERE session_id = :id", session_id):
        sealed = key.seal(_dumps(turn.content) + b"\0" + turn.outcome, f"turn:{session_id}:{turn.turn_id}")
        _do("UPDATE turns SET sealed = :sealed WHERE session_id = :id AND sequence = :sequence",
            id=session_id, sequence=turn.sequence, sealed=sealed)  # fmt: skip


def _open_guest(vault: Vault, guest_id: str) -> None:
    (guest,) = _rows("SELECT sealed FROM guests WHERE guest_id = :id", guest_id)
    told = json.loads(vault.open(guest.sealed, f"guest:{guest_id}"))
    columns = ", ".join(f"{name} = :{name}" for name in _OF_GUEST)
    _do(f"UPDATE guests SET {columns} WHERE guest_id = :id", id=guest_id, **told)  # noqa: S608 (constants)
    for row in _rows("SELECT * FROM guest_identities WHERE guest_id = :id", guest_id):
        told = json.loads(vault.open(row.sealed, f"identity:{row.match_key}"))
        _do("UPDATE guest_identities SET match_key = :match_key, address = :address, phone_number = :phone_number"
            " WHERE guest_id = :id AND position = :position", id=guest_id, position=row.position, **told)  # fmt: skip


def _open_session(vault: Vault, row: Any) -> None:
    session_id = row.session_id
    address = json.loads(vault.open(row.sealed_address, f"address:{session_id}"))
    state = vault.open(row.sealed_state, f"state:{session_id}").decode()
    _do("UPDATE sessions SET address = :address, phone_number = :phone_number, state = cast(:state AS jsonb)"
        " WHERE session_id = :id", id=session_id, state=state, **address)  # fmt: skip
    for turn in _rows("SELECT sequence, turn_id, sealed FROM turns WHERE session_id = :id", session_id):
        content, _, outcome = vault.open(turn.sealed, f"turn:{session_id}:{turn.turn_id}").partition(b"\0")
        _do("UPDATE turns SET content = cast(:content AS jsonb), outcome = :outcome"
            " WHERE session_id = :id AND sequence = :sequence",
            id=session_id, sequence=turn.sequence, content=content.decode(), outcome=outcome)  # fmt: skip


def _each(statements: Iterable[str]) -> None:
    for statement in statements:
        op.execute(statement)


def _do(statement: str, **values: Any) -> None:
    op.get_bind().execute(sa.text(statement), values)


def _rows(statement: str, of: str) -> list[Any]:
    return list(op.get_bind().execute(sa.text(statement), {"id": of}))


def _column(statement: str) -> list[str]:
    """Read whole, since what is read is changed on the way."""
    return [row[0] for row in op.get_bind().execute(sa.text(statement))]


def _dumps(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
