"""What in the books tells who a guest is, or is in somebody's own words, sealed under a key of the guest's own.

A row has a document, which is the hotel's business (rooms, nights, money, states), and sealed beside it the fields
named here. So the books stay books for whoever adds them up, and nobody is in them without the key. A sealed value
names its key: whatever reads a row joins `data_key` by the value itself, in the same statement.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeAlias

import asyncpg
from mesh.store.vault import DataKey, KeyMissing, Vault, WrappedKey

from services.pms.domain import record
from services.pms.domain.guest import Charge, GuestProfile
from services.pms.domain.hold import Hold
from services.pms.domain.reservation import Reservation

PERSONAL: Mapping[type, tuple[str, ...]] = {
    Reservation: ("booker", "remark", "cancel_reason"),
    GuestProfile: ("given_name", "family_name", "email", "phone_number", "language"),
    Charge: ("description",),
    Hold: (),
}
# What a row tells of a guest who was forgotten: there is nothing sealed in it any more.
FORGOTTEN: Mapping[str, Any] = {"booker": {"given_name": ""}, "description": ""}
# A read of `{alias}` brings these columns along.
KEY = "{alias}.sealed, k.master, k.wrapped"
JOIN_KEY = "LEFT JOIN data_key k ON k.key_id = substring({alias}.sealed FOR 16)"
# Before an INSERT; takes the first four arguments: a new key, or nothing.
STORE_KEY = """
    WITH new_key AS (
        INSERT INTO data_key (key_id, owner, master, wrapped)
        SELECT $1::bytea, $2::text, $3::text, $4::bytea WHERE $1::bytea IS NOT NULL
    )
"""
StoredKey: TypeAlias = tuple[bytes | None, str | None, str | None, bytes | None]
NOTHING_NEW: StoredKey = (None, None, None, None)


def parted(value: object) -> tuple[str, bytes]:
    """A value's document, and what is to be sealed of it; empty when nothing is."""
    plain = record.to_plain(value)
    personal = {name: plain.pop(name) for name in PERSONAL[type(value)]}
    return _dumps(plain), _dumps(personal).encode() if personal else b""


def joined(vault: Vault, document: str, row: asyncpg.Record, place: str) -> dict[str, Any]:
    """A value as JSON types again. Raises KeyMissing."""
    plain: dict[str, Any] = json.loads(document)
    return plain | opened(vault, row, place)


def opened(vault: Vault, row: asyncpg.Record, place: str) -> dict[str, Any]:
    """What is sealed in a row; nothing personal in it, or its guest forgotten, and it is nothing. Raises KeyMissing."""
    if row["sealed"] is None:
        return {}
    if not row["sealed"]:
        return dict(FORGOTTEN)
    learned(vault, row)
    fields: dict[str, Any] = json.loads(vault.open(row["sealed"], place))
    return fields


def learned(vault: Vault, row: asyncpg.Record) -> DataKey:
    """The key that a row is sealed with, which the row brings along. Raises KeyMissing."""
    key_id = bytes(row["sealed"][:16])
    if row["wrapped"] is None:
        raise KeyMissing(f"key {key_id.hex()} was destroyed")
    return vault.learn(WrappedKey(key_id=key_id, master=row["master"], wrapped=row["wrapped"]))


def looked_up(vault: Vault, kind: str, property_id: str, key: str) -> str:
    """What stands in the database for a phone, an address or an identity of a guest of a property; empty for none."""
    return vault.index(kind, property_id, key) if key else ""


def profile_named(vault: Vault, profile: GuestProfile) -> GuestProfile:
    """The profile under an id that still follows from phone or e-mail, but that nobody can try them by."""
    return replace(profile, profile_id=f"gst_{vault.index('profile', profile.profile_id)[:20]}")


class Keys:
    """The keys of the guests that one transaction read or made, by what they seal: profiles and reservations."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._keys: dict[str, DataKey] = {}

    def note(self, row: asyncpg.Record, subject: str) -> None:
        """The key of a row that was read; of a guest who was forgotten there is none. Raises KeyMissing."""
        if row["sealed"]:
            self._keys[subject] = learned(self._vault, row)

    def known(self, subject: str) -> DataKey:
        """The key of what this transaction read or made. Raises LookupError: nothing is sealed under a key that is
        nowhere stored."""
        return self._keys[subject]

    def known_or_new(self, *subjects: str) -> tuple[DataKey, StoredKey]:
        """The key of the first of these that has one, else a new one of the last; and what STORE_KEY stores of it."""
        named = [subject for subject in subjects if subject]
        key, stored = next((self._keys[subject] for subject in named if subject in self._keys), None), NOTHING_NEW
        if key is None:
            key, wrapped = self._vault.new_key()
            stored = (wrapped.key_id, named[-1], wrapped.master, wrapped.wrapped)
        self._keys |= dict.fromkeys(named, key)
        return key, stored


def _dumps(plain: object) -> str:
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
