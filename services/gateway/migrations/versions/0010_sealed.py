"""What guests write and are told, and the addresses they write from, is sealed. Existing rows are sealed, and opened
again on the way down.

Needs DATA_MASTER_KEYS and DATA_INDEX_KEY. Rows are read and written 500 at a time and found by their primary keys.
Conversations are named anew, since the old names were hashes of phones; turns and messages keep theirs, by which other
services know them. On the way down conversations keep their new names, further addresses of guests are read out of the
messages that are kept, and repeats of messages of erased guests are no longer known.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from mesh.settings import load
from mesh.store.vault import DataKey, WrappedKey

from services.gateway.adapters.rows import message_from_text
from services.gateway.adapters.sealing import ADDRESS, FILE, MESSAGE, PAGE, PHONE, REPLY, TURN, Sealing
from services.gateway.domain.conversation import addresses_of
from services.gateway.domain.message import Channel, Edit, Identity, Revoke
from services.gateway.settings import VaultSettings

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

Plain = dict[str, Any]
_BATCH = 500
_CONTACT = ("address", "phone_number", "reply_address")
# Table, primary key, the column with the words, the place of what is sealed, and what names a value there.
_OF_CONVERSATIONS = (
    ("inbound_messages", "sequence", "payload", MESSAGE, "external_id"),
    ("turns", "turn_id", "payload", TURN, "turn_id"),
    ("outbox", "message_id", "content", REPLY, "message_id"),
    ("chat_events", "event_id", "payload", PAGE, "message_id"),
)
# Rows with keys of their own: table, what names a row, and the columns that are sealed.
_ALONE = (
    ("channel_events", ("channel", "event_id"), {"payload": "text NOT NULL DEFAULT ''"}, "event"),
    (
        "mail_threads",
        ("thread_key",),
        {
            "message_id": "text NOT NULL DEFAULT ''",
            "reference_ids": "text[] NOT NULL DEFAULT '{}'",
            "subject": "text NOT NULL DEFAULT ''",
            "thread_id": "text NOT NULL DEFAULT ''",
        },
        "thread",
    ),
    (
        "proposals",
        ("proposal_id",),
        dict.fromkeys(("guest_text", "was", "should_be", "words"), "text NOT NULL DEFAULT ''"),
        "proposal",
    ),
)
_SEALED_ALONE = ("sealed", "key_id", "master", "wrapped")
_KEY_COLUMNS = "ADD key_id bytea UNIQUE, ADD master text, ADD wrapped bytea"
_KEY_NEEDED = "ALTER key_id SET NOT NULL, ALTER master SET NOT NULL, ALTER wrapped SET NOT NULL"


def upgrade() -> None:
    sealing = Sealing(vault=load(VaultSettings).vault())
    for column in _CONTACT:
        op.execute(f"ALTER TABLE conversations RENAME {column} TO plain_{column}")
        op.execute(f"ALTER TABLE conversations ADD {column} bytea")
    op.execute(f"ALTER TABLE conversations {_KEY_COLUMNS}, ADD new_id text")
    _rewrite("conversations", ("conversation_id",), _SEAL_CONVERSATION, lambda row: _conversation(sealing, row))
    _convert("plain", "bytea", lambda *value: _sealer(sealing, *value), lambda row: _message(sealing, row))
    _rewrite_files(lambda row: _learn(sealing, row).seal(row.content, f"{FILE}:{row.message_id}"))
    _rename_ids(sealing.vault.veil_text)
    _seal_names(sealing)
    _seal_alone(sealing)
    for table in ("conversation_addresses", *(table for table, *_ in _OF_CONVERSATIONS)):
        op.execute(
            f"UPDATE {table} t SET conversation_id = c.new_id FROM conversations c "  # noqa: S608 (constants)
            "WHERE c.conversation_id = t.conversation_id"
        )
    op.execute("UPDATE conversations SET conversation_id = new_id")
    op.execute(
        f"ALTER TABLE conversations {', '.join(f'DROP plain_{column}' for column in _CONTACT)}, DROP new_id, "
        f"ALTER address SET NOT NULL, ALTER reply_address SET NOT NULL, {_KEY_NEEDED}"
    )


def downgrade() -> None:
    sealing = Sealing(vault=load(VaultSettings).vault())
    _rewrite_files(lambda row: _open_file(sealing, row))
    op.execute("DELETE FROM conversation_addresses")
    op.execute("DELETE FROM forgotten_messages")
    op.execute("ALTER TABLE forgotten_messages ALTER digest TYPE bytea USING decode(digest, 'hex')")
    _convert("sealed", "text", lambda *value: _opener(sealing, *value), lambda row: _open_message(sealing, row))
    for column in _CONTACT:
        op.execute(f"ALTER TABLE conversations RENAME {column} TO sealed_{column}")
        op.execute(f"ALTER TABLE conversations ADD {column} text NOT NULL DEFAULT ''")
    _rewrite("conversations", ("conversation_id",), _OPEN_CONVERSATION, lambda row: _open_contact(sealing, row))
    _open_names()
    _rename_ids(sealing.vault.unveil_text)
    _open_alone(sealing)
    op.execute(
        f"ALTER TABLE conversations {', '.join(f'DROP sealed_{column}' for column in _CONTACT)}, DROP key_id, "
        "DROP master, DROP wrapped, ALTER address DROP DEFAULT, ALTER reply_address DROP DEFAULT"
    )


# Conversations and what is in them.

_PUT_MESSAGE = """
    UPDATE inbound_messages SET payload = :value, external_id = :external_id, target_id = :target_id
    WHERE sequence = :key
"""


def _convert(
    old: str, kind: str, changed: Callable[[str, str, str], Callable[[Any], Plain]], message: Callable[[Any], Plain]
) -> None:
    """Every row of a conversation: its words are `old` until they are written anew as `kind`."""
    op.execute("ALTER TABLE inbound_messages DROP CONSTRAINT inbound_messages_channel_external_id_key")
    for table, key, column, place, name in _OF_CONVERSATIONS:
        op.execute(f"ALTER TABLE {table} RENAME {column} TO {old}")
        op.execute(f"ALTER TABLE {table} ADD {column} {kind}")
        if table == "inbound_messages":
            _rewrite_joined(table, key, _PUT_MESSAGE, message)
        else:
            write = f"UPDATE {table} SET {column} = :value WHERE {key} = :key"  # noqa: S608 (constants)
            _rewrite_joined(table, key, write, changed(key, place, name))
        # Chat pages that outlived their conversation are nobody's any more.
        op.execute(f"DELETE FROM {table} WHERE {column} IS NULL")  # noqa: S608 (constants)
        op.execute(f"ALTER TABLE {table} DROP {old}, ALTER {column} SET NOT NULL")
    op.execute("ALTER TABLE inbound_messages ADD UNIQUE (channel, external_id)")


_SEAL_CONVERSATION = """
    UPDATE conversations SET address = :address, phone_number = :phone_number, reply_address = :reply_address,
        key_id = :key_id, master = :master, wrapped = :wrapped, new_id = :new_id
    WHERE conversation_id = :conversation_id
"""
_OPEN_CONVERSATION = """
    UPDATE conversations SET address = :address, phone_number = :phone_number, reply_address = :reply_address
    WHERE conversation_id = :conversation_id
"""


def _conversation(sealing: Sealing, row: Any) -> Plain:
    key, stored = sealing.vault.new_key()
    person = Identity(channel=Channel(row.channel), channel_name=row.channel_name, address=row.plain_address)
    return {
        "conversation_id": row.conversation_id,
        "address": sealing.seal(key, row.plain_address, ADDRESS),
        "phone_number": sealing.seal(key, row.plain_phone_number, PHONE),
        "reply_address": sealing.seal(key, row.plain_reply_address, ADDRESS),
        "new_id": sealing.conversation_id(row.property_id, person),
        **_columns(stored),
    }


def _open_contact(sealing: Sealing, row: Any) -> Plain:
    _learn(sealing, row)
    return {
        "conversation_id": row.conversation_id,
        "address": sealing.open(row.sealed_address, ADDRESS),
        "phone_number": sealing.open(row.sealed_phone_number, PHONE),
        "reply_address": sealing.open(row.sealed_reply_address, ADDRESS),
    }


def _sealer(sealing: Sealing, key: str, place: str, name: str) -> Callable[[Any], Plain]:
    def sealed(row: Any) -> Plain:
        return {
            "key": getattr(row, key),
            "value": _learn(sealing, row).seal(row.plain.encode(), f"{place}:{getattr(row, name)}"),
        }

    return sealed


def _opener(sealing: Sealing, key: str, place: str, name: str) -> Callable[[Any], Plain]:
    def opened(row: Any) -> Plain:
        _learn(sealing, row)
        return {"key": getattr(row, key), "value": sealing.open(row.sealed, f"{place}:{getattr(row, name)}")}

    return opened


def _open_file(sealing: Sealing, row: Any) -> bytes:
    _learn(sealing, row)
    return sealing.vault.open(row.content, f"{FILE}:{row.message_id}")


def _message(sealing: Sealing, row: Any) -> Plain:
    external_id = sealing.message_id(row.channel, row.external_id)
    return {
        "key": row.sequence,
        "external_id": external_id,
        "target_id": sealing.message_id(row.channel, row.target_id) if row.target_id is not None else None,
        "value": _learn(sealing, row).seal(row.plain.encode(), f"{MESSAGE}:{external_id}"),
    }


def _open_message(sealing: Sealing, row: Any) -> Plain:
    _learn(sealing, row)
    plain = sealing.open(row.sealed, f"{MESSAGE}:{row.external_id}")
    message = message_from_text(plain)
    return {
        "key": row.sequence,
        "value": plain,
        "external_id": message.message_id,
        "target_id": message.body.target_message_id if isinstance(message.body, Edit | Revoke) else None,
    }


def _rename_ids(named: Callable[[str], str]) -> None:
    """Channels' ids of messages of ours, and digests of what other systems had sent."""

    def of_outbox(row: Any) -> Plain:
        digest = named(row.request_digest) if row.request_digest is not None else None
        return {"key": row.message_id, "named": named(row.channel_message_id), "digest": digest}

    def of_status(row: Any) -> Plain:
        return {n: getattr(row, n) for n in _STATUS} | {"named": named(row.channel_message_id)}

    _rewrite(
        "outbox",
        ("message_id",),
        "UPDATE outbox SET channel_message_id = :named, request_digest = :digest WHERE message_id = :key",
        of_outbox,
    )
    _rewrite(
        "delivery_statuses",
        _STATUS,
        "UPDATE delivery_statuses SET channel_message_id = :named "
        "WHERE channel = :channel AND channel_message_id = :channel_message_id AND status = :status",
        of_status,
    )


_STATUS = ("channel", "channel_message_id", "status")


def _seal_names(sealing: Sealing) -> None:
    names = ("property_id", "channel", "channel_name", "address")
    _rewrite(
        "conversation_addresses",
        names,
        "UPDATE conversation_addresses SET address = :hash WHERE property_id = :property_id AND channel = :channel "
        "AND channel_name = :channel_name AND address = :address",
        lambda row: (
            {n: getattr(row, n) for n in names} | {"hash": sealing.address(row.channel, row.channel_name, row.address)}
        ),
    )
    op.execute("ALTER TABLE forgotten_messages ALTER digest TYPE text USING encode(digest, 'hex')")
    _rewrite(
        "forgotten_messages",
        ("digest",),
        "UPDATE forgotten_messages SET digest = :veiled WHERE digest = :digest",
        lambda row: {"digest": row.digest, "veiled": sealing.vault.veil(row.digest)},
    )


def _open_names() -> None:
    """Of each conversation the address it began with, and those that the messages still tell."""
    link = (
        "INSERT INTO conversation_addresses (property_id, channel, channel_name, address, conversation_id) "
        "VALUES (:property_id, :channel, :channel_name, :address, :conversation_id) ON CONFLICT DO NOTHING"
    )
    _rewrite("conversations", ("conversation_id",), link, lambda row: {n: getattr(row, n) for n in _LINK})
    for rows in _pages("inbound_messages", ("channel", "external_id")):
        links = [
            dict(
                zip(
                    _LINK,
                    (row.property_id, row.channel, sender.channel_name, address, row.conversation_id),
                    strict=True,
                )
            )
            for row in rows
            for sender in [message_from_text(row.payload).sender]
            for address in addresses_of(sender)
        ]
        _do(link, links)


_LINK = ("property_id", "channel", "channel_name", "address", "conversation_id")


def _seal_alone(sealing: Sealing) -> None:
    guests = op.get_bind().execute(sa.text("SELECT thread_key, guest FROM mail_threads")).all()
    _do(
        "UPDATE mail_threads SET guest = :guest WHERE thread_key = :key",
        [{"key": row.thread_key, "guest": sealing.address(str(Channel.EMAIL), "", row.guest)} for row in guests],
    )
    for table, key, columns, place in _ALONE:
        op.execute(f"ALTER TABLE {table} ADD sealed bytea, {_KEY_COLUMNS}")
        named = " AND ".join(f"{name} = :{name}" for name in key)

        def changed(row: Any, key: Sequence[str] = key, columns: Iterable[str] = columns, place: str = place) -> Plain:
            name = ":".join((place, *(getattr(row, part) for part in key)))
            sealed = zip(_SEALED_ALONE, sealing.seal_alone(_text(row, columns), name), strict=True)
            return {n: getattr(row, n) for n in key} | dict(sealed)

        write = ", ".join(f"{column} = :{column}" for column in _SEALED_ALONE)
        _rewrite(table, key, f"UPDATE {table} SET {write} WHERE {named}", changed)  # noqa: S608 (constants)
        dropped = ", ".join(f"DROP {column}" for column in columns)
        op.execute(f"ALTER TABLE {table} {dropped}, ALTER sealed SET NOT NULL, {_KEY_NEEDED}")


def _open_alone(sealing: Sealing) -> None:
    # A thread's guest is a hash, which nothing opens: the next mail makes the thread known again.
    op.execute("DELETE FROM mail_threads")
    for table, key, columns, place in _ALONE:
        op.execute(f"ALTER TABLE {table} {', '.join(f'ADD {name} {kind}' for name, kind in columns.items())}")
        named = " AND ".join(f"{name} = :{name}" for name in key)

        def changed(row: Any, key: Sequence[str] = key, columns: Sequence[str] = tuple(columns),
                    place: str = place) -> Plain:  # fmt: skip
            _learn(sealing, row)
            text = sealing.open(row.sealed, ":".join((place, *(getattr(row, part) for part in key))))
            told = {"payload": text} if "payload" in columns else json.loads(text)
            return {n: getattr(row, n) for n in key} | {name: told[name] for name in columns}

        written = ", ".join(f"{name} = :{name}" for name in columns)
        _rewrite(table, key, f"UPDATE {table} SET {written} WHERE {named}", changed)  # noqa: S608 (constants)
        op.execute(f"ALTER TABLE {table} DROP sealed, DROP key_id, DROP master, DROP wrapped")


def _text(row: Any, columns: Iterable[str]) -> str:
    """As the stores seal it: an event's text, the fields of a thread or a proposal."""
    told = {name: getattr(row, name) for name in columns}
    if "payload" in told:
        return str(told["payload"])
    if "reference_ids" in told:
        told["references"] = list(told.pop("reference_ids"))
    return json.dumps(told)


def _rewrite(table: str, key: Sequence[str], write: str, changed: Callable[[Any], Plain]) -> None:
    for rows in _pages(table, key):
        _do(write, [changed(row) for row in rows])


def _pages(table: str, key: Sequence[str]) -> Iterator[Sequence[Any]]:
    """Rows some at a time, by keys that are texts; which there are is read first, since keys change on the way."""
    names, bound = ", ".join(key), ", ".join(f":{name}" for name in key)
    keys = op.get_bind().execute(sa.text(f"SELECT {names} FROM {table} ORDER BY {names}")).all()  # noqa: S608
    for start in range(0, len(keys), _BATCH):
        batch = keys[start : start + _BATCH]
        values = ", ".join("(" + bound.replace(":", f":v{number}_") + ")" for number in range(len(batch)))
        read = sa.text(f"SELECT * FROM {table} WHERE ({names}) IN (VALUES {values})")  # noqa: S608 (constants and parameters)
        told = {f"v{number}_{name}": getattr(row, name) for number, row in enumerate(batch) for name in key}
        yield op.get_bind().execute(read, told).all()


def _rewrite_joined(table: str, key: str, write: str, changed: Callable[[Any], Plain]) -> None:
    """Rows with the keys of their conversations."""
    keys = [row[0] for row in op.get_bind().execute(sa.text(f"SELECT {key} FROM {table} ORDER BY 1"))]  # noqa: S608
    read = sa.text(
        f"SELECT t.*, c.key_id, c.master, c.wrapped FROM {table} t "  # noqa: S608 (constants)
        f"JOIN conversations c USING (conversation_id) WHERE t.{key} = ANY(:keys)"
    )
    for start in range(0, len(keys), _BATCH):
        rows = op.get_bind().execute(read, {"keys": keys[start : start + _BATCH]}).all()
        _do(write, [changed(row) for row in rows])


def _rewrite_files(changed: Callable[[Any], bytes]) -> None:
    """One at a time: they are megabytes."""
    read = sa.text(
        "SELECT f.*, c.key_id, c.master, c.wrapped FROM outbox_files f JOIN outbox USING (message_id) "
        "JOIN conversations c USING (conversation_id) WHERE f.message_id = :key"
    )
    for (key,) in op.get_bind().execute(sa.text("SELECT message_id FROM outbox_files")).all():
        row = op.get_bind().execute(read, {"key": key}).one()
        _do(
            "UPDATE outbox_files SET content = :content WHERE message_id = :key",
            [{"key": key, "content": changed(row)}],
        )


def _learn(sealing: Sealing, row: Any) -> DataKey:
    return sealing.vault.learn(WrappedKey(key_id=row.key_id, master=row.master, wrapped=row.wrapped))


def _columns(stored: WrappedKey) -> Plain:
    return {"key_id": stored.key_id, "master": stored.master, "wrapped": stored.wrapped}


def _do(statement: str, rows: list[Plain]) -> None:
    if rows:
        op.get_bind().execute(sa.text(statement), rows)
