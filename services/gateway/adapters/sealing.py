"""What guests write and are told, and the addresses they write from, sealed under a key of their conversation's own.

The key stands in the conversation's row, wrapped: who works on a conversation reads that row anyway. Only a webhook
seals before it has read anything. It seals under the key it remembers of the sender, or under a new one that it offers;
`postgres_store` says what happens when the row has another. Rows that belong to no conversation have keys of their own.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import asyncpg
from mesh.store.postgres import Connection
from mesh.store.vault import DataKey, KeyMissing, Vault, WrappedKey

from services.gateway.domain.conversation import key_of
from services.gateway.domain.message import Channel, Identity, digest_of

# Half a kilobyte each; who is not among them costs one read more.
_REMEMBERED = 5_000
# What is sealed in the row of a conversation, and in rows of its own: values open only where they belong.
ADDRESS, PHONE, MESSAGE, TURN, REPLY, PAGE, FILE = "address", "phone", "message", "turn", "reply", "page", "file"
_READ_KEY = "SELECT conversation_id, key_id, master, wrapped FROM conversations WHERE conversation_id = $1"


class Sealing:
    """One for the process: the vault, and which key each conversation and each sender of late has."""

    def __init__(self, *, vault: Vault) -> None:
        self.vault = vault
        self._of_conversations: OrderedDict[str, bytes] = OrderedDict()
        self._of_senders: OrderedDict[tuple[str, ...], bytes] = OrderedDict()

    # Lookups.

    def address(self, channel: str, channel_name: str, address: str) -> str:
        """What stands in the database for an address."""
        return self.vault.index("address", channel, channel_name, address)

    def conversation_id(self, property_id: str, identity: Identity) -> str:
        """The id of a conversation that begins: the same on every replica, and nobody can try addresses by it.

        A chat page names its conversation without asking the store. Its address is a random number already.
        """
        if identity.channel is Channel.WEBCHAT:
            return key_of(property_id, identity).conversation_id
        named = self.vault.index(
            "conversation", property_id, str(identity.channel), identity.channel_name, identity.address
        )
        return f"cnv_{named[:20]}"

    def message_id(self, channel: str, message_id: str) -> str:
        """What stands in the database for a channel's id of a guest's message: some of them hold the guest's number."""
        return self.vault.veil(digest_of(channel, message_id))

    # Values.

    def open(self, sealed: bytes | None, place: str) -> str:
        """What was sealed there; empty for nothing. Raises KeyMissing."""
        return self.vault.open(sealed, place).decode() if sealed is not None else ""

    def seal(self, key: DataKey, plain: str, place: str) -> bytes | None:
        """None for nothing."""
        return key.seal(plain.encode(), place) if plain else None

    def key_in(self, row: asyncpg.Record) -> DataKey:
        """The key that stands wrapped in a row. Raises KeyMissing."""
        return self.vault.learn(WrappedKey(key_id=row["key_id"], master=row["master"], wrapped=row["wrapped"]))

    # Keys of conversations.

    def learn(self, row: asyncpg.Record) -> DataKey:
        """The key that a row brings along with its conversation. Raises KeyMissing."""
        key = self.key_in(row)
        _remember(self._of_conversations, row["conversation_id"], key.key_id)
        return key

    async def key_of(self, conn: Connection, conversation_id: str) -> DataKey:
        """The key of a conversation that is there: remembered, or read. Raises KeyMissing."""
        key_id = self._of_conversations.get(conversation_id)
        if key_id is not None and self.vault.knows(key_id):
            return self.vault.key(key_id)
        return await self.read_key(conn, conversation_id)

    async def read_key(self, conn: Connection, conversation_id: str) -> DataKey:
        """As the row has it now. Raises KeyMissing."""
        row = await conn.fetchrow(_READ_KEY, conversation_id)
        if row is None:
            raise KeyMissing("the key of a conversation was destroyed")
        return self.learn(row)

    def forget(self, conversation_id: str, key_id: bytes) -> None:
        """A key that was destroyed."""
        self._of_conversations.pop(conversation_id, None)
        self.vault.forget(key_id)

    # Keys of senders.

    def key_of_sender(self, sender: tuple[str, ...]) -> DataKey | None:
        """The key of the conversation that this name led to a while ago."""
        key_id = self._of_senders.get(sender)
        return self.vault.key(key_id) if key_id is not None and self.vault.knows(key_id) else None

    def sender_has(self, sender: tuple[str, ...], key_id: bytes | None) -> None:
        """The key of the conversation that this name leads to; None when it has none any more."""
        if key_id is None:
            self._of_senders.pop(sender, None)
        else:
            _remember(self._of_senders, sender, key_id)

    # Rows that belong to no conversation.

    def seal_alone(self, plain: str, place: str) -> tuple[bytes, bytes, str, bytes]:
        """A value under a key of its own, as the columns sealed, key_id, master and wrapped have them."""
        key, stored = self.vault.new_key()
        return key.seal(plain.encode(), place), stored.key_id, stored.master, stored.wrapped

    def open_alone(self, row: asyncpg.Record, place: str) -> str:
        """The value again. Raises KeyMissing."""
        self.key_in(row)
        return self.open(row["sealed"], place)


def _remember(where: OrderedDict[Any, bytes], name: Any, key_id: bytes) -> None:
    where[name] = key_id
    where.move_to_end(name)
    while len(where) > _REMEMBERED:
        where.popitem(last=False)
