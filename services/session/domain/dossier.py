"""Everything stored about a guest, and the same as a document for the guest to read and take along.

Names are spelled out and times are ISO 8601. What the orchestrator keeps of a turn to repeat it (what was understood,
and where each figure came from) is there as it is stored: its own message, in base64.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.session.domain.document import (
    Document,
    dialogue_document,
    guest_document,
    identity_document,
    turn_document,
)
from services.session.domain.guest import Guest
from services.session.domain.handoff import Handoff
from services.session.domain.identity import ChannelIdentity
from services.session.domain.session import Session
from services.session.domain.turn import Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """A guest with every session and every turn, by session id."""

    guest: Guest
    sessions: tuple[Session, ...]
    turns: Mapping[str, tuple[Turn, ...]]


def export(dossier: Dossier, now: datetime) -> bytes:
    """The document, as JSON in UTF-8."""
    content = {
        "exported": now.isoformat(),
        "guest": guest_document(dossier.guest) | {"identities": [_identity(i) for i in dossier.guest.identities]},
        "sessions": [_session(session, dossier.turns.get(session.session_id, ())) for session in dossier.sessions],
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def _session(session: Session, turns: tuple[Turn, ...]) -> Document:
    return {
        "session_id": session.session_id,
        "property_id": session.property_id,
        "identity": _identity(session.identity),
        "began": session.create_time.isoformat(),
        "last_message": session.last_activity_time.isoformat(),
        "ends": session.expire_time.isoformat(),
        **_dialogue(session),
        "turns": [_turn(turn) for turn in turns],
    }


def _dialogue(session: Session) -> Document:
    content = dialogue_document(session.dialogue)
    if memory := content.pop("memory_json", None):
        content["memory"] = json.loads(memory)
    if session.dialogue.handoff:
        content["handoff"] |= _handoff(session.dialogue.handoff)
    return content


def _handoff(handoff: Handoff) -> dict[str, str]:
    return {
        "state": handoff.state.name.lower(),
        "desk": handoff.desk.name.lower(),
        "priority": handoff.priority.name.lower(),
    }


def _turn(turn: Turn) -> dict[str, Any]:
    return turn_document(turn) | {"author": turn.author.name.lower()}


def _identity(identity: ChannelIdentity) -> Document:
    return identity_document(identity) | {"channel": identity.channel.name.lower()}
