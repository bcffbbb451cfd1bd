"""Rows to domain values and back. Rows come as JSON, so that one statement can bring several kinds at once.

What guests told us is sealed in them (`mesh.store.vault`). A row of a guest or a session brings the keys of its guest
along, wrapped, so that reading never takes a second statement.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Any

from mesh.store.postgres import Connection
from mesh.store.vault import DataKey, Vault, WrappedKey

from services.session.domain.document import Document, dumps, instant, read_dialogue
from services.session.domain.guest import Guest
from services.session.domain.identity import Channel, ChannelIdentity, MatchKey
from services.session.domain.recognition import KnownKey
from services.session.domain.session import Dialogue, Session

_SESSION_KEYS = "SELECT guest_id, {} AS keys FROM sessions s WHERE session_id = $1"
_REMEMBERED = 20_000
Row = Mapping[str, Any]


def keys_of(alias: str) -> str:
    """An expression: the wrapped keys of the guest of a row."""
    return f"(SELECT jsonb_agg(to_jsonb(k)) FROM data_keys k WHERE k.guest_id = {alias}.guest_id)"  # noqa: S608


def with_keys(alias: str) -> str:
    """An expression: a row that has a guest as JSON, with that guest's keys."""
    return f"to_jsonb({alias}) || jsonb_build_object('keys', {keys_of(alias)})"


def unsealed(alias: str) -> str:
    """An expression: a session's row that was just written, as JSON without what the writer knows: the dialogue."""
    return f"to_jsonb({alias}) - '{{state,handoff}}'::text[]"


class Rows:
    """Opens what is read. Remembers with which key a session or a guest is sealed, for what is written next."""

    def __init__(self, vault: Vault) -> None:
        self.vault = vault
        self._key_ids: OrderedDict[str, bytes] = OrderedDict()

    # -- reading

    def session(self, text: str, *, dialogue: Dialogue | None = None) -> Session:
        """A session from the JSON of its row with keys, or from what `unsealed` left of it and its dialogue."""
        row = json.loads(text)
        session_id = row["session_id"]
        if dialogue is None:
            self._learn(row["keys"], row["guest_id"])
            state = raw(row["state"])
            self._note(session_id, self.vault.key_of(state).key_id)
            dialogue = read_dialogue(json.loads(self.vault.open(state, f"state:{session_id}")))
        address = json.loads(self.vault.open(raw(row["address"]), f"address:{session_id}"))
        return Session(
            session_id=session_id,
            property_id=row["property_id"],
            guest_id=row["guest_id"],
            identity=_identity(row, address),
            dialogue=dialogue,
            version=row["version"],
            create_time=instant(row["create_time"]),
            update_time=instant(row["update_time"]),
            last_activity_time=instant(row["last_activity_time"]),
            expire_time=instant(row["expire_time"]),
            live=row["live"],
            turn_count=row["turn_count"],
        )

    def guest(self, text: str) -> Guest:
        """A guest from the JSON of its row with `identities` and keys."""
        row = json.loads(text)
        guest_id = row["guest_id"]
        self._learn(row["keys"], guest_id)
        told = json.loads(self.vault.open(raw(row["sealed"]), f"guest:{guest_id}"))
        identities = (_identity(identity, self._opened_identity(identity)) for identity in row["identities"])
        return Guest(
            guest_id=guest_id,
            **told,
            language=row["language"],
            identities=tuple(dict.fromkeys(identities)),
            opted_out=row["opted_out"],
            version=row["version"],
            create_time=instant(row["create_time"]),
        )

    def known(self, text: str | None) -> dict[MatchKey, KnownKey]:
        """Keys from the JSON array of rows of identities with keys; none from NULL."""
        found = {}
        for row in json.loads(text) if text else ():
            self._learn(row["keys"], row["guest_id"])
            told = self._opened_identity(row)
            key = MatchKey(channel=Channel(row["channel"]), channel_name=row["channel_name"], key=told["match_key"])
            found[key] = KnownKey(guest_id=row["guest_id"], identity=_identity(row, told))
        return found

    def learn(self, text: str, guest_id: str) -> None:
        """The keys of a guest from the JSON array of their rows."""
        self._learn(json.loads(text), guest_id)

    # -- writing

    def key(self, subject: str) -> DataKey:
        """The key of a guest or a session that was read or made just now."""
        return self.vault.key(self._key_ids[subject])

    async def key_of_session(self, db: Connection, session_id: str) -> DataKey | None:
        """The key to seal with, None when there is no such session. A statement only when it was not read lately."""
        known = self._key_ids.get(session_id)
        if known is not None and self.vault.knows(known):
            return self.vault.key(known)
        row = await db.fetchrow(_SESSION_KEYS.format(keys_of("s")), session_id)
        if row is None:
            return None
        self.learn(row["keys"], row["guest_id"])
        self._note(session_id, self._key_ids[row["guest_id"]])
        return self.key(session_id)

    def new_key(self, guest_id: str) -> WrappedKey:
        """A key for a new guest, to be stored."""
        key, wrapped = self.vault.new_key()
        self._note(guest_id, key.key_id)
        return wrapped

    def forget(self, subjects: Iterable[str]) -> None:
        """What was erased is not sealed with again, nor opened."""
        for subject in subjects:
            if key_id := self._key_ids.pop(subject, None):
                self.vault.forget(key_id)

    def identity_columns(
        self, keys: tuple[MatchKey, ...], guest_id: str, identity: ChannelIdentity
    ) -> tuple[list[int], list[str], list[str], list[bytes]]:
        """Channels, their names, hashes and sealed identities, key by key."""
        key = self.key(guest_id)
        channels, names, hashes = self.key_columns(keys)
        told = {"address": identity.address, "phone_number": identity.phone_number}
        sealed = [
            key.seal(dumps({**told, "match_key": match.key}).encode(), f"identity:{place}")
            for match, place in zip(keys, hashes, strict=True)
        ]
        return channels, names, hashes, sealed

    def key_columns(self, keys: tuple[MatchKey, ...]) -> tuple[list[int], list[str], list[str]]:
        """Channels, their names and hashes, to look up by."""
        hashes = [self.vault.index(str(int(key.channel)), key.channel_name, key.key) for key in keys]
        return [int(key.channel) for key in keys], [key.channel_name for key in keys], hashes

    def sealed_guest(self, guest: Guest) -> bytes:
        """What a guest told us."""
        told = {
            "given_name": guest.given_name,
            "family_name": guest.family_name,
            "email": guest.email,
            "phone_number": guest.phone_number,
            "display_name": guest.display_name,
        }
        return self.key(guest.guest_id).seal(dumps(told).encode(), f"guest:{guest.guest_id}")

    def sealed_address(self, key: DataKey, session_id: str, identity: ChannelIdentity) -> bytes:
        """Where a session's guest is answered."""
        told = {"address": identity.address, "phone_number": identity.phone_number}
        return key.seal(dumps(told).encode(), f"address:{session_id}")

    def _learn(self, keys: Iterable[Row], guest_id: str) -> None:
        for row in keys:
            key_id = raw(row["key_id"])
            self.vault.learn(WrappedKey(key_id=key_id, master=row["master"], wrapped=raw(row["wrapped"])))
            self._note(guest_id, key_id)

    def _note(self, subject: str, key_id: bytes) -> None:
        self._key_ids[subject] = key_id
        self._key_ids.move_to_end(subject)
        while len(self._key_ids) > _REMEMBERED:
            self._key_ids.popitem(last=False)

    def _opened_identity(self, row: Row) -> Document:
        told: Document = json.loads(self.vault.open(raw(row["sealed"]), f"identity:{row['match_hash']}"))
        return told


def raw(text: str) -> bytes:
    """Bytes as they come in a row's JSON."""
    return bytes.fromhex(text.removeprefix("\\x"))


def _identity(row: Row, told: Document) -> ChannelIdentity:
    return ChannelIdentity(
        channel=Channel(row["channel"]),
        address=told["address"],
        phone_number=told["phone_number"],
        channel_name=row["channel_name"],
    )


_UPDATE_GUEST = """
    UPDATE guests SET sealed = $2, language = $3, opted_out = $4, version = $5, create_time = $6 WHERE guest_id = $1
"""


async def store_guest(db: Connection, rows: Rows, guest: Guest) -> None:
    """Writes a guest's own fields."""
    columns = (guest.language, guest.opted_out, guest.version, guest.create_time)
    await db.execute(_UPDATE_GUEST, guest.guest_id, rows.sealed_guest(guest), *columns)
