"""What tells who a guest is, is sealed. Existing rows are sealed, and opened again on the way down.

Needs DATA_MASTER_KEYS and DATA_INDEX_KEY. Rows are read and written 500 at a time and found by their primary keys, so
that the time grows with the rows and not with their square. On the way down guests keep the ids that they were given
on the way up, and configurations have no bookers until the service reads its hotel files again, which it does at its
start.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op
from mesh.settings import load
from mesh.store.vault import DataKey, Vault, WrappedKey

from services.pms.domain import record
from services.pms.domain.phone import email_key, match_key
from services.pms.domain.reservation import Booker
from services.pms.settings import VaultSettings

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

Plain = dict[str, Any]
_BATCH = 500
_OF_RESERVATION = ("booker", "remark", "cancel_reason")
_OF_GUEST = ("given_name", "family_name", "email", "phone_number", "language")
_OF_CHARGE = ("description",)
_WITH_DOCUMENT = ("reservation", "reservation_event", "charge")

_ROOM_FOR_SEALED = (
    """
    -- Each guest's own key, wrapped by the master key of that name. `owner` is the guest's profile, or the reservation
    -- where there is none. With the row goes everything that was sealed with it.
    CREATE TABLE data_key (
        key_id  bytea PRIMARY KEY,
        owner   text NOT NULL,
        master  text NOT NULL,
        wrapped bytea NOT NULL
    )
    """,
    "CREATE INDEX data_key_owner ON data_key (owner)",
    "CREATE INDEX data_key_master ON data_key (master)",
    *(f"ALTER TABLE {table} ADD sealed bytea" for table in ("guest", "request_answer", *_WITH_DOCUMENT)),
    "ALTER TABLE qloapps_journal ADD sealed bytea, ADD key_id bytea UNIQUE, ADD master text, ADD wrapped bytea",
)
_ONLY_SEALED = (
    "ALTER TABLE guest DROP document, ALTER sealed SET NOT NULL",
    *(f"ALTER TABLE {table} ALTER sealed SET NOT NULL" for table in _WITH_DOCUMENT),
    "ALTER TABLE qloapps_journal DROP document, ALTER sealed SET NOT NULL, ALTER key_id SET NOT NULL,"
    " ALTER master SET NOT NULL, ALTER wrapped SET NOT NULL",
)
_ROOM_FOR_PLAIN = ("ALTER TABLE guest ADD document jsonb", "ALTER TABLE qloapps_journal ADD document jsonb")
_ONLY_PLAIN = (
    "ALTER TABLE guest DROP sealed, ALTER document SET NOT NULL",
    *(f"ALTER TABLE {table} DROP sealed" for table in ("request_answer", *_WITH_DOCUMENT)),
    "ALTER TABLE qloapps_journal DROP sealed, DROP key_id, DROP master, DROP wrapped, ALTER document SET NOT NULL",
    "DROP TABLE data_key",
)

# Rows with the key that seals them, or is to seal them: the guest's own.
_KEY = "k.key_id, k.master, k.wrapped"
_GUESTS = f"""
    SELECT t.*, {_KEY} FROM guest t LEFT JOIN data_key k ON k.key_id = substring(t.sealed FOR 16)
    WHERE t.profile_id = ANY(:ids)
"""  # noqa: S608 (put together of constants, as the next)
_RESERVATIONS = f"""
    SELECT t.*, {_KEY} FROM reservation t LEFT JOIN guest g USING (profile_id)
    LEFT JOIN data_key k ON k.key_id = substring(coalesce(t.sealed, g.sealed) FOR 16)
    WHERE t.reservation_id = ANY(:ids)
"""  # noqa: S608
_CHARGES = f"""
    SELECT t.*, {_KEY} FROM charge t LEFT JOIN reservation r USING (reservation_id)
    LEFT JOIN data_key k ON k.key_id = substring(coalesce(t.sealed, r.sealed) FOR 16)
    WHERE t.charge_id = ANY(:ids)
"""  # noqa: S608
_EVENTS = f"""
    SELECT t.*, {_KEY} FROM reservation_event t
    LEFT JOIN reservation r ON r.reservation_id = t.document ->> 'reservation_id'
    LEFT JOIN data_key k ON k.key_id = substring(coalesce(t.sealed, r.sealed) FOR 16)
    WHERE t.property_id = :property_id AND t.sequence = ANY(:ids)
"""  # noqa: S608
_ANSWERS = f"""
    SELECT t.*, {_KEY} FROM request_answer t
    LEFT JOIN reservation r ON r.reservation_id = nullif(t.answer, '')::jsonb ->> 'reservation_id'
    LEFT JOIN guest g ON g.profile_id = nullif(t.answer, '')::jsonb ->> 'profile_id'
    LEFT JOIN data_key k ON k.key_id = substring(coalesce(t.sealed, r.sealed, g.sealed) FOR 16)
    WHERE t.request_id = ANY(:ids)
"""  # noqa: S608
_JOURNAL = "SELECT * FROM qloapps_journal WHERE request_id = ANY(:ids)"

_PUT_RESERVATION = """
    UPDATE reservation SET document = cast(:document AS jsonb), sealed = :sealed,
        phone_key = :phone, email_key = :email, identity_key = :identity
    WHERE reservation_id = :id
"""
_PUT_EVENT = """
    UPDATE reservation_event SET document = cast(:document AS jsonb), sealed = :sealed
    WHERE property_id = :property_id AND sequence = :id
"""
_PUT_CHARGE = "UPDATE charge SET document = cast(:document AS jsonb), sealed = :sealed WHERE charge_id = :id"
_PUT_ANSWER = "UPDATE request_answer SET answer = :document, sealed = :sealed, digest = :digest WHERE request_id = :id"
_SEAL_GUEST = "UPDATE guest SET sealed = :sealed, phone_key = :phone, email_key = :email WHERE profile_id = :id"
_OPEN_GUEST = """
    UPDATE guest SET document = cast(:document AS jsonb), phone_key = :phone, email_key = :email WHERE profile_id = :id
"""
_SEAL_JOURNAL = """
    UPDATE qloapps_journal SET sealed = :sealed, key_id = :key_id, master = :master, wrapped = :wrapped
    WHERE request_id = :id
"""
_OPEN_JOURNAL = "UPDATE qloapps_journal SET document = cast(:document AS jsonb) WHERE request_id = :id"


def upgrade() -> None:
    _each(_ROOM_FOR_SEALED)
    sealer = Sealer(load(VaultSettings).vault())
    _rewrite("guest", "profile_id", _GUESTS, _SEAL_GUEST, sealer.guest)
    _rewrite("reservation", "reservation_id", _RESERVATIONS, _PUT_RESERVATION, sealer.reservation)
    _rewrite("charge", "charge_id", _CHARGES, _PUT_CHARGE, sealer.charge)
    _rewrite_events(sealer.event)
    _rewrite("request_answer", "request_id", _ANSWERS, _PUT_ANSWER, sealer.answer)
    _rewrite("qloapps_journal", "request_id", _JOURNAL, _SEAL_JOURNAL, sealer.journal)
    _rename_guests(sealer.named)
    _take_bookers_out_of_configurations()
    _each(_ONLY_SEALED)


def downgrade() -> None:
    _each(_ROOM_FOR_PLAIN)
    opener = Opener(load(VaultSettings).vault())
    _rewrite("request_answer", "request_id", _ANSWERS, _PUT_ANSWER, opener.answer)
    _rewrite_events(opener.event)
    _rewrite("charge", "charge_id", _CHARGES, _PUT_CHARGE, opener.charge)
    _rewrite("reservation", "reservation_id", _RESERVATIONS, _PUT_RESERVATION, opener.reservation)
    _rewrite("guest", "profile_id", _GUESTS, _OPEN_GUEST, opener.guest)
    _rewrite("qloapps_journal", "request_id", _JOURNAL, _OPEN_JOURNAL, opener.journal)
    _each(_ONLY_PLAIN)


class Sealer:
    """Open rows to sealed ones. Raises KeyMissing."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def named(self, profile_id: str) -> str:
        """A guest's id that nobody can try phones by: the old one was their hash."""
        return f"gst_{self._vault.index('profile', profile_id)[:20]}" if profile_id else ""

    def guest(self, row: Any) -> Plain:
        key, place = self._key(row, self.named(row.profile_id)), f"guest:{self.named(row.profile_id)}"
        _, sealed = _parted(row.document, _OF_GUEST, key, place)
        return {"id": row.profile_id, "sealed": sealed, **self._contact(row)}

    def reservation(self, row: Any) -> Plain:
        key = self._key(row, row.reservation_id)
        written = self._reservation(row.document, key, f"reservation:{row.reservation_id}")
        identity = self._looked_up("identity", row.property_id, row.identity_key)
        return {"id": row.reservation_id, **written, **self._contact(row), "identity": identity}

    def event(self, row: Any) -> Plain:
        place = _event_place(row.document)
        written = self._reservation(row.document, self._key(row, row.document["reservation_id"]), place)
        return {"id": row.sequence, "property_id": row.property_id, **written}

    def charge(self, row: Any) -> Plain:
        key = self._key(row, row.reservation_id)
        document, sealed = _parted(row.document, _OF_CHARGE, key, f"charge:{row.charge_id}")
        return {"id": row.charge_id, "document": _text(document), "sealed": sealed}

    def answer(self, row: Any) -> Plain:
        answer, place = json.loads(row.answer or "{}"), f"answer:{row.request_id}"
        digest = {"id": row.request_id, "digest": self._vault.veil(row.digest)}
        if "booker" in answer:
            return digest | self._reservation(answer, self._key(row, answer["reservation_id"]), place)
        if "charge_id" in answer:
            document, sealed = _parted(answer, _OF_CHARGE, self._key(row, answer["reservation_id"]), place)
        elif "given_name" in answer:
            named = self.named(answer["profile_id"])
            document, sealed = _parted(answer | {"profile_id": named}, _OF_GUEST, self._key(row, named), place)
        else:  # a hold: it names nobody
            return digest | {"document": row.answer, "sealed": None}
        return digest | {"document": _text(document), "sealed": sealed}

    def journal(self, row: Any) -> Plain:
        key, stored = self._vault.new_key()
        document = dict(row.document)
        for name in ("reservation", "target"):
            if name in document:
                document[name] = document[name] | {"profile_id": self.named(document[name].get("profile_id", ""))}
        sealed = key.seal(_text(document).encode(), f"journal:{row.request_id}")
        return {"id": row.request_id, "sealed": sealed, **_columns(stored)}

    def _reservation(self, document: Plain, key: DataKey, place: str) -> Plain:
        kept, sealed = _parted(document, _OF_RESERVATION, key, place)
        kept["profile_id"] = self.named(kept.get("profile_id", ""))
        return {"document": _text(kept), "sealed": sealed}

    def _key(self, row: Any, owner: str) -> DataKey:
        if row.key_id is not None:
            return self._vault.learn(_wrapped(row))
        key, stored = self._vault.new_key()
        _do("INSERT INTO data_key (key_id, owner, master, wrapped) VALUES (:key_id, :owner, :master, :wrapped)",
            [{"owner": owner, **_columns(stored)}])  # fmt: skip
        return key

    def _contact(self, row: Any) -> Plain:
        return {
            "phone": self._looked_up("phone", row.property_id, row.phone_key),
            "email": self._looked_up("email", row.property_id, row.email_key),
        }

    def _looked_up(self, kind: str, property_id: str, key: str) -> str:
        return self._vault.index(kind, property_id, key) if key else ""


class Opener:
    """Sealed rows to open ones. Raises KeyMissing."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def guest(self, row: Any) -> Plain:
        told = self._opened(row, f"guest:{row.profile_id}")
        document = {"profile_id": row.profile_id, "property_id": row.property_id, "past_stays": 0, "live_codes": []}
        return {"id": row.profile_id, "document": _text(document | told), **_plain_contact(told)}

    def reservation(self, row: Any) -> Plain:
        document = row.document | self._opened(row, f"reservation:{row.reservation_id}")
        identity = record.from_plain(Booker, document["booker"]).identity
        contact = _plain_contact(document["booker"]) | {"identity": identity.key if identity else ""}
        return {"id": row.reservation_id, "document": _text(document), "sealed": row.sealed, **contact}

    def event(self, row: Any) -> Plain:
        document = row.document | self._opened(row, _event_place(row.document))
        return {"id": row.sequence, "property_id": row.property_id, "document": _text(document), "sealed": row.sealed}

    def charge(self, row: Any) -> Plain:
        document = row.document | self._opened(row, f"charge:{row.charge_id}")
        return {"id": row.charge_id, "document": _text(document), "sealed": row.sealed}

    def answer(self, row: Any) -> Plain:
        digest = {"id": row.request_id, "digest": self._vault.unveil(row.digest), "sealed": row.sealed}
        if row.sealed is None:
            return digest | {"document": row.answer}
        return digest | {"document": _text(json.loads(row.answer) | self._opened(row, f"answer:{row.request_id}"))}

    def journal(self, row: Any) -> Plain:
        self._vault.learn(_wrapped(row))
        opened = self._vault.open(row.sealed, f"journal:{row.request_id}")
        return {"id": row.request_id, "document": opened.decode()}

    def _opened(self, row: Any, place: str) -> Plain:
        self._vault.learn(_wrapped(row))
        fields: Plain = json.loads(self._vault.open(row.sealed, place))
        return fields


def _rewrite_events(changed: Callable[[Any], Plain]) -> None:
    for property_id in _column("SELECT DISTINCT property_id FROM reservation_event"):
        sequences = _column("SELECT sequence FROM reservation_event WHERE property_id = :of", of=property_id)
        _rewrite_rows(sequences, _EVENTS, _PUT_EVENT, changed, property_id=property_id)


def _rewrite(table: str, key: str, rows: str, write: str, changed: Callable[[Any], Plain]) -> None:
    _rewrite_rows(_column(f"SELECT {key} FROM {table}"), rows, write, changed)  # noqa: S608 (constants)


def _rewrite_rows(ids: list[Any], rows: str, write: str, changed: Callable[[Any], Plain], **among: str) -> None:
    for start in range(0, len(ids), _BATCH):
        found = op.get_bind().execute(sa.text(rows), {"ids": ids[start : start + _BATCH], **among}).all()
        _do(write, [changed(row) for row in found])


def _rename_guests(named: Callable[[str], str]) -> None:
    for table in ("guest", "reservation"):
        names = [{"old": each, "new": named(each)} for each in _column(f"SELECT DISTINCT profile_id FROM {table}")]  # noqa: S608
        _do(f"UPDATE {table} SET profile_id = :new WHERE profile_id = :old", names)  # noqa: S608 (constants)


def _take_bookers_out_of_configurations() -> None:
    for row in op.get_bind().execute(sa.text("SELECT property_id, configuration FROM property")).all():
        configuration = dict(row.configuration)
        configuration["reservations"] = [
            existing | {"booker": {"given_name": ""}} for existing in configuration.get("reservations", ())
        ]
        _do("UPDATE property SET configuration = cast(:configuration AS jsonb), digest = '' WHERE property_id = :id",
            [{"id": row.property_id, "configuration": _text(configuration)}])  # fmt: skip


def _parted(document: Plain, names: Iterable[str], key: DataKey, place: str) -> tuple[Plain, bytes]:
    """What of a document stays open, and the rest sealed. A field that an old one lacks is sealed as lacking."""
    kept = dict(document)
    personal = {name: kept.pop(name) for name in names if name in kept}
    return kept, key.seal(_text(personal).encode(), place)


def _plain_contact(told: Mapping[str, Any]) -> Plain:
    return {"phone": match_key(told.get("phone_number", "")), "email": email_key(told.get("email", ""))}


def _event_place(document: Plain) -> str:
    return f"event:{document['reservation_id']}:{document['version']}"


def _wrapped(row: Any) -> WrappedKey:
    return WrappedKey(key_id=row.key_id, master=row.master, wrapped=row.wrapped)


def _columns(stored: WrappedKey) -> Plain:
    return {"key_id": stored.key_id, "master": stored.master, "wrapped": stored.wrapped}


def _each(statements: Iterable[str]) -> None:
    for statement in statements:
        op.execute(statement)


def _do(statement: str, rows: list[Plain]) -> None:
    if rows:
        op.get_bind().execute(sa.text(statement), rows)


def _column(statement: str, **values: str) -> list[Any]:
    """Read whole, since what is read is changed on the way."""
    return [row[0] for row in op.get_bind().execute(sa.text(statement), values)]


def _text(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
