"""Sessions, guests and turns as plain JSON values and back: how they are stored, cached, exported and compared.

What is empty is left out, so a field added later changes no document, and no fingerprint, made before.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

from services.session.domain.guest import Guest
from services.session.domain.handoff import Desk, Handoff, HandoffState, Priority
from services.session.domain.identity import Channel, ChannelIdentity
from services.session.domain.session import Dialogue, PendingAction, Promise, Session, SlotValue
from services.session.domain.turn import Author, Turn

Document: TypeAlias = dict[str, Any]


def dumps(document: object) -> str:
    """Compact JSON, always the same for the same document."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(method: str, *parts: object) -> str:
    """What tells a repeat from another request with the same id: SHA-256 in hex."""
    return hashlib.sha256(dumps([method, *parts]).encode()).hexdigest()


def dialogue_document(dialogue: Dialogue) -> Document:
    return _filled(
        language=dialogue.language,
        flow=dialogue.flow,
        state=dialogue.state,
        current_intent=dialogue.current_intent,
        asked_slots=list(dialogue.asked_slots),
        slots={
            name: _filled(value=slot.value, source=slot.source_message_id, confidence=slot.confidence)
            for name, slot in dialogue.slots.items()
        },
        pending_actions=[
            _filled(
                type=action.type,
                reference=action.reference,
                expire_time=_text(action.expire_time),
                details=dict(action.details),
            )
            for action in dialogue.pending_actions
        ],
        handoff=handoff_document(dialogue.handoff) if dialogue.handoff else None,
        promises=[promise_document(promise) for promise in dialogue.promises],
        memory_json=dialogue.memory_json,
        metadata=dict(dialogue.metadata),
    )


def promise_document(promise: Promise) -> Document:
    return _filled(
        promise_id=promise.promise_id,
        text=promise.text,
        owner=promise.owner,
        due_time=_text(promise.due_time),
        keep_time=_text(promise.keep_time),
        break_time=_text(promise.break_time),
    )


def handoff_document(handoff: Handoff) -> Document:
    return _filled(
        state=int(handoff.state),
        desk=int(handoff.desk),
        priority=int(handoff.priority),
        sla_minutes=handoff.sla_minutes,
        reason=handoff.reason,
        summary=handoff.summary,
        agent=handoff.agent,
        open_time=_text(handoff.open_time),
        due_time=_text(handoff.due_time),
    )


def read_dialogue(document: Mapping[str, Any]) -> Dialogue:
    handoff = document.get("handoff")
    return Dialogue(
        language=document.get("language", ""),
        flow=document.get("flow", ""),
        state=document.get("state", ""),
        current_intent=document.get("current_intent", ""),
        asked_slots=tuple(document.get("asked_slots", ())),
        slots={
            name: SlotValue(
                value=slot.get("value", ""),
                source_message_id=slot.get("source", ""),
                confidence=slot.get("confidence", 0.0),
            )
            for name, slot in document.get("slots", {}).items()
        },
        pending_actions=tuple(
            PendingAction(
                type=action.get("type", ""),
                reference=action.get("reference", ""),
                expire_time=_time(action.get("expire_time")),
                details=action.get("details", {}),
            )
            for action in document.get("pending_actions", ())
        ),
        handoff=_read_handoff(handoff) if handoff else None,
        promises=tuple(_read_promise(promise) for promise in document.get("promises", ())),
        memory_json=document.get("memory_json", ""),
        metadata=document.get("metadata", {}),
    )


def _read_handoff(document: Mapping[str, Any]) -> Handoff:
    return Handoff(
        state=HandoffState(document["state"]),
        desk=Desk(document["desk"]),
        priority=Priority(document["priority"]),
        sla_minutes=document.get("sla_minutes", 0),
        reason=document.get("reason", ""),
        summary=document.get("summary", ""),
        agent=document.get("agent", ""),
        open_time=_time(document.get("open_time")),
        due_time=_time(document.get("due_time")),
    )


def _read_promise(document: Mapping[str, Any]) -> Promise:
    return Promise(
        promise_id=document.get("promise_id", ""),
        text=document.get("text", ""),
        owner=document.get("owner", ""),
        due_time=_time(document.get("due_time")),
        keep_time=_time(document.get("keep_time")),
        break_time=_time(document.get("break_time")),
    )


def session_document(session: Session) -> Document:
    return {
        "session_id": session.session_id,
        "property_id": session.property_id,
        "guest_id": session.guest_id,
        "identity": identity_document(session.identity),
        "dialogue": dialogue_document(session.dialogue),
        "version": session.version,
        "create_time": _text(session.create_time),
        "update_time": _text(session.update_time),
        "last_activity_time": _text(session.last_activity_time),
        "expire_time": _text(session.expire_time),
        "live": session.live,
        "turn_count": session.turn_count,
    }


def read_session(document: Mapping[str, Any]) -> Session:
    return Session(
        session_id=document["session_id"],
        property_id=document["property_id"],
        guest_id=document["guest_id"],
        identity=read_identity(document["identity"]),
        dialogue=read_dialogue(document["dialogue"]),
        version=document["version"],
        create_time=instant(document["create_time"]),
        update_time=instant(document["update_time"]),
        last_activity_time=instant(document["last_activity_time"]),
        expire_time=instant(document["expire_time"]),
        live=document["live"],
        turn_count=document["turn_count"],
    )


def identity_document(identity: ChannelIdentity) -> Document:
    return _filled(
        channel=int(identity.channel),
        address=identity.address,
        phone_number=identity.phone_number,
        channel_name=identity.channel_name,
    )


def read_identity(document: Mapping[str, Any]) -> ChannelIdentity:
    return ChannelIdentity(
        channel=Channel(document["channel"]),
        address=document["address"],
        phone_number=document.get("phone_number", ""),
        channel_name=document.get("channel_name", ""),
    )


def guest_document(guest: Guest) -> Document:
    return _filled(
        guest_id=guest.guest_id,
        given_name=guest.given_name,
        family_name=guest.family_name,
        email=guest.email,
        phone_number=guest.phone_number,
        language=guest.language,
        display_name=guest.display_name,
        identities=[identity_document(identity) for identity in guest.identities],
        opted_out=guest.opted_out,
        version=guest.version,
        create_time=_text(guest.create_time),
    )


def read_guest(document: Mapping[str, Any]) -> Guest:
    return Guest(
        guest_id=document["guest_id"],
        given_name=document.get("given_name", ""),
        family_name=document.get("family_name", ""),
        email=document.get("email", ""),
        phone_number=document.get("phone_number", ""),
        language=document.get("language", ""),
        display_name=document.get("display_name", ""),
        identities=tuple(read_identity(identity) for identity in document.get("identities", ())),
        opted_out=document.get("opted_out", False),
        version=document["version"],
        create_time=instant(document["create_time"]),
    )


def turn_document(turn: Turn) -> Document:
    return _filled(
        turn_id=turn.turn_id,
        author=int(turn.author),
        inbound_texts=list(turn.inbound_texts),
        inbound_message_ids=list(turn.inbound_message_ids),
        outbound_texts=list(turn.outbound_texts),
        agent=turn.agent,
        outcome=b64encode(turn.outcome).decode(),
        create_time=_text(turn.create_time),
        sequence=turn.sequence,
    )


def read_turn(document: Mapping[str, Any], *, outcome: bytes = b"") -> Turn:
    """A turn. The outcome is taken from the document in base64 unless it is given."""
    return Turn(
        turn_id=document["turn_id"],
        author=Author(document["author"]),
        inbound_texts=tuple(document.get("inbound_texts", ())),
        inbound_message_ids=tuple(document.get("inbound_message_ids", ())),
        outbound_texts=tuple(document.get("outbound_texts", ())),
        agent=document.get("agent", ""),
        outcome=outcome or b64decode(document.get("outcome", "")),
        create_time=_time(document.get("create_time")),
        sequence=document.get("sequence", 0),
    )


def instant(text: str) -> datetime:
    """An instant in UTC from ISO 8601 text with an offset."""
    return datetime.fromisoformat(text).astimezone(UTC)


def _time(text: str | None) -> datetime | None:
    return instant(text) if text else None


def _text(time: datetime | None) -> str | None:
    return time.astimezone(UTC).isoformat() if time else None


def _filled(**fields: object) -> Document:
    return {name: value for name, value in fields.items() if value not in (None, "", 0, [], {})}
