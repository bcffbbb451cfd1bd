"""Turns and dialogues, the words of a conversation, sealed and opened."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from mesh.store.vault import DataKey, Vault

from services.session.adapters.postgres.rows import raw
from services.session.domain.document import dialogue_document, dumps, read_turn, turn_document
from services.session.domain.session import Dialogue
from services.session.domain.turn import Turn

# What a turn has beside its sealed words.
_COLUMNS = ("turn_id", "author", "outcome", "create_time", "sequence")
# Nothing that a guest said: the summary and the reason are sealed with the rest.
_SHOWN_OF_HANDOFF = ("state", "priority", "due_time", "agent")
_END = b"\0"  # JSON has none; after it stands the outcome, as it is


def turns_of(vault: Vault, text: str | None) -> tuple[Turn, ...]:
    """Turns from the JSON array of their rows; none from NULL. The keys of their session were learned before."""
    return tuple(_turn(vault, row) for row in json.loads(text)) if text else ()


def turn_of(vault: Vault, text: str) -> Turn:
    """A turn from the JSON of its row."""
    return _turn(vault, json.loads(text))


def turn_rows(key: DataKey, session_id: str, turns: Iterable[Turn]) -> str:
    """Turns as a JSON array to insert."""
    rows = [
        {
            "turn_id": turn.turn_id,
            "author": int(turn.author),
            "sealed": b64encode(_sealed(key, session_id, turn)).decode(),
        }
        for turn in turns
    ]
    return dumps(rows)


def dialogue_columns(key: DataKey, session_id: str, dialogue: Dialogue) -> tuple[bytes, str | None, datetime | None]:
    """The sealed state, and what lists of sessions are searched by: where a hand-off stands, what is due when."""
    document = dialogue_document(dialogue)
    handoff = document.get("handoff")
    shown = {name: handoff[name] for name in _SHOWN_OF_HANDOFF if name in handoff} if handoff else None
    state = key.seal(dumps(document).encode(), f"state:{session_id}")
    return state, dumps(shown) if shown else None, dialogue.due_time


def _sealed(key: DataKey, session_id: str, turn: Turn) -> bytes:
    content = {name: value for name, value in turn_document(turn).items() if name not in _COLUMNS}
    return key.seal(dumps(content).encode() + _END + turn.outcome, f"turn:{session_id}:{turn.turn_id}")


def _turn(vault: Vault, row: Mapping[str, Any]) -> Turn:
    opened = vault.open(raw(row["sealed"]), f"turn:{row['session_id']}:{row['turn_id']}")
    content, _, outcome = opened.partition(_END)
    columns = {name: row[name] for name in ("turn_id", "author", "sequence", "create_time")}
    return read_turn(json.loads(content) | columns, outcome=outcome)
