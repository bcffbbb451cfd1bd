"""Conversations in PostgreSQL: found by any address of the person, opened once whoever comes first, and sealed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import asyncpg
from mesh.store.postgres import Connection, Pool, connection, transaction

from services.gateway.adapters.sealing import ADDRESS, PHONE, Sealing
from services.gateway.domain.conversation import Conversation, addresses_of
from services.gateway.domain.message import AddressChange, Channel, Identity

_FIND = """
    SELECT a.property_id, a.channel, a.channel_name, a.address, a.conversation_id
    FROM conversation_addresses a
    JOIN unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS wanted (property_id, channel, channel_name, address)
      USING (property_id, channel, channel_name, address)
"""

# Sorted, so that two webhooks with the same new addresses cannot wait for each other in a circle. The update changes
# nothing: it makes the statement wait for a concurrent insert, whose conversation stands.
_LINK = """
    INSERT INTO conversation_addresses AS known (property_id, channel, channel_name, address, conversation_id)
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) ORDER BY 1, 2, 3, 4
    ON CONFLICT (property_id, channel, channel_name, address) DO UPDATE SET conversation_id = known.conversation_id
"""

# With a key that is new; where the conversation is there, it keeps its own.
_OPEN = """
    INSERT INTO conversations (conversation_id, property_id, channel, channel_name, address, phone_number,
        reply_address, account, create_time, key_id, master, wrapped)
    VALUES ($1, $2, $3, $4, $5, $6, $5, $7, $8, $9, $10, $11)
    ON CONFLICT (conversation_id) DO NOTHING
"""

_COLUMNS = """
    c.conversation_id, c.property_id, c.channel, c.channel_name, c.address, c.phone_number, c.reply_address, c.account,
    c.last_inbound_time, c.promotions_stopped, c.key_id, c.master, c.wrapped
"""

_READ = f"SELECT {_COLUMNS} FROM conversations c WHERE c.conversation_id = $1"  # noqa: S608 (constants only)

AddressKey = tuple[str, str, str, str]


def conversation_of(row: asyncpg.Record, sealing: Sealing) -> Conversation:
    """The conversation in a row that has the columns of CONVERSATION_COLUMNS. Raises KeyMissing."""
    sealing.learn(row)
    return Conversation(
        conversation_id=row["conversation_id"],
        property_id=row["property_id"],
        identity=Identity(
            channel=Channel(row["channel"]),
            channel_name=row["channel_name"],
            address=sealing.open(row["address"], ADDRESS),
            phone_number=sealing.open(row["phone_number"], PHONE),
        ),
        account=row["account"],
        reply_address=sealing.open(row["reply_address"], ADDRESS),
        last_inbound_time=row["last_inbound_time"],
        promotions_stopped=row["promotions_stopped"],
    )


CONVERSATION_COLUMNS = _COLUMNS


class PostgresConversations:
    """`Conversations` on a pool whose search path is the gateway's schema."""

    def __init__(self, *, pool: Pool, sealing: Sealing) -> None:
        self._pool = pool
        self._sealing = sealing

    async def find(self, property_id: str, identity: Identity) -> Conversation | None:
        async with connection(self._pool) as conn:
            keys = address_keys(self._sealing, property_id, identity)
            found = await _find(conn, keys)
            conversation_id = next((found[key] for key in keys if key in found), None)
            return await self._read(conn, conversation_id) if conversation_id is not None else None

    async def open(self, property_id: str, identity: Identity, *, account: str, now: datetime) -> Conversation:
        async with transaction(self._pool) as conn:
            conversation_id = await open_conversation(
                conn, self._sealing, property_id, identity, account=account, now=now
            )
            return await self._read(conn, conversation_id)

    async def _read(self, conn: Connection, conversation_id: str) -> Conversation:
        row = await conn.fetchrow(_READ, conversation_id)
        assert row is not None, "an address names a conversation that is not there"
        return conversation_of(row, self._sealing)


async def open_conversation(
    conn: Connection, sealing: Sealing, property_id: str, identity: Identity, *, account: str, now: datetime
) -> str:
    """The id of the conversation of an identity, made when there is none. In a transaction."""
    await _make_known(conn, sealing, property_id, identity)
    keys = address_keys(sealing, property_id, identity)
    found = await _find(conn, keys)
    conversation_id = next(found[key] for key in keys if key in found)
    key, stored = sealing.vault.new_key()
    await conn.execute(
        _OPEN,
        conversation_id,
        property_id,
        identity.channel,
        identity.channel_name,
        sealing.seal(key, identity.address, ADDRESS),
        sealing.seal(key, identity.phone_number, PHONE),
        account,
        now,
        stored.key_id,
        stored.master,
        stored.wrapped,
    )
    return conversation_id


async def _make_known(conn: Connection, sealing: Sealing, property_id: str, person: Identity) -> None:
    """Links every name of a person that leads nowhere yet to their conversation."""
    names = address_keys(sealing, property_id, person)
    found = await _find(conn, names)
    known = next((found[name] for name in names if name in found), None)
    chosen = known or sealing.conversation_id(property_id, person)
    missing = {name: chosen for name in names if name not in found}
    if missing:
        await _link(conn, missing)


async def link_changes(conn: Connection, sealing: Sealing, changes: Sequence[AddressChange]) -> None:
    """The new address of a known person names the same conversation. Unknown people are left alone."""

    def name(change: AddressChange, address: str) -> AddressKey:
        channel = str(change.channel)
        return (change.property_id, channel, "", sealing.address(channel, "", address))

    previous = [name(change, change.previous) for change in changes]
    found = await _find(conn, previous)
    links = {
        name(change, change.current): found[key] for change, key in zip(changes, previous, strict=True) if key in found
    }
    if links:
        await _link(conn, links)


def address_keys(sealing: Sealing, property_id: str, identity: Identity) -> list[AddressKey]:
    """Every name of a person as the table has them, the most telling first."""
    channel, channel_name = str(identity.channel), identity.channel_name
    return [
        (property_id, channel, channel_name, sealing.address(channel, channel_name, address))
        for address in addresses_of(identity)
    ]


async def _find(conn: Connection, keys: Iterable[AddressKey]) -> dict[AddressKey, str]:
    columns = list(zip(*keys, strict=True))
    if not columns:
        return {}
    rows = await conn.fetch(_FIND, *columns)
    return {(row[0], row[1], row[2], row[3]): row[4] for row in rows}


async def _link(conn: Connection, links: dict[AddressKey, str]) -> None:
    columns = list(zip(*links, strict=True))
    await conn.execute(_LINK, *columns, list(links.values()))
