"""Rows to domain values and back. Rows come as JSON, so that one statement can bring several kinds at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mesh.store.postgres import Connection

from services.session.domain.document import Document, dumps, instant, read_dialogue, read_turn, turn_document
from services.session.domain.guest import Guest
from services.session.domain.identity import Channel, ChannelIdentity, MatchKey
from services.session.domain.recognition import KnownKey
from services.session.domain.session import Session
from services.session.domain.turn import Turn

# What a turn has beside its columns.
_COLUMNS_OF_TURN = ("turn_id", "author", "outcome", "create_time", "sequence")

_UPDATE_GUEST = """
    UPDATE guests SET given_name = $2, family_name = $3, email = $4, phone_number = $5, language = $6,
                      display_name = $7, opted_out = $8, version = $9, create_time = $10
    WHERE guest_id = $1
"""

Row = Mapping[str, Any]


def session_of(text: str) -> Session:
    """A session from the JSON of its row."""
    row = json.loads(text)
    return Session(
        session_id=row["session_id"],
        property_id=row["property_id"],
        guest_id=row["guest_id"],
        identity=_identity(row),
        dialogue=read_dialogue(row["state"]),
        version=row["version"],
        create_time=instant(row["create_time"]),
        update_time=instant(row["update_time"]),
        last_activity_time=instant(row["last_activity_time"]),
        expire_time=instant(row["expire_time"]),
        live=row["live"],
        turn_count=row["turn_count"],
    )


def guest_of(text: str) -> Guest:
    """A guest from the JSON of its row with `identities`."""
    row = json.loads(text)
    return Guest(
        guest_id=row["guest_id"],
        given_name=row["given_name"],
        family_name=row["family_name"],
        email=row["email"],
        phone_number=row["phone_number"],
        language=row["language"],
        display_name=row["display_name"],
        identities=tuple(dict.fromkeys(_identity(identity) for identity in row["identities"])),
        opted_out=row["opted_out"],
        version=row["version"],
        create_time=instant(row["create_time"]),
    )


def turns_of(text: str | None) -> tuple[Turn, ...]:
    """Turns from the JSON array of their rows; none from NULL."""
    return tuple(_turn(row) for row in json.loads(text)) if text else ()


def turn_of(text: str) -> Turn:
    """A turn from the JSON of its row."""
    return _turn(json.loads(text))


def known_of(text: str | None) -> dict[MatchKey, KnownKey]:
    """Keys from the JSON array of rows of identities; none from NULL."""
    return {
        MatchKey(channel=Channel(row["channel"]), channel_name=row["channel_name"], key=row["match_key"]): KnownKey(
            guest_id=row["guest_id"], identity=_identity(row)
        )
        for row in (json.loads(text) if text else ())
    }


def turn_row(turn: Turn) -> Document:
    """A turn as a JSON value to insert: columns, with the rest in `content` and the outcome in base64."""
    document = turn_document(turn)
    content = {name: value for name, value in document.items() if name not in _COLUMNS_OF_TURN}
    return {
        "turn_id": turn.turn_id,
        "author": int(turn.author),
        "content": content,
        "outcome": document.get("outcome", ""),
    }


def turn_rows(turns: tuple[Turn, ...]) -> str:
    """Turns as a JSON array to insert."""
    return dumps([turn_row(turn) for turn in turns])


def _turn(row: Row) -> Turn:
    outcome = bytes.fromhex(row["outcome"].removeprefix("\\x"))
    columns = {"turn_id": row["turn_id"], "author": row["author"], "sequence": row["sequence"]}
    return read_turn(row["content"] | columns | {"create_time": row["create_time"]}, outcome=outcome)


def _identity(row: Row) -> ChannelIdentity:
    return ChannelIdentity(
        channel=Channel(row["channel"]),
        address=row["address"],
        phone_number=row["phone_number"],
        channel_name=row["channel_name"],
    )


async def store_guest(db: Connection, guest: Guest) -> None:
    """Writes a guest's own fields."""
    await db.execute(
        _UPDATE_GUEST,
        guest.guest_id,
        guest.given_name,
        guest.family_name,
        guest.email,
        guest.phone_number,
        guest.language,
        guest.display_name,
        guest.opted_out,
        guest.version,
        guest.create_time,
    )
