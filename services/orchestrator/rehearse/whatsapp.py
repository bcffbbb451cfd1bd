"""What a guest does on WhatsApp, as Meta's servers would tell it: messages of a signed webhook."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

Payload = dict[str, Any]
_MEDIA = ("image", "video", "document", "sticker")
_UNKNOWN_TYPE = {"code": 131051, "title": "Message type unknown"}


def message(kind: str, content: Any, options: Mapping[str, Any]) -> Payload:
    """The part of a message that says what it is. Targets of reactions, edits and revokes are message ids."""
    if kind == "g":
        return _text(content, options)
    if kind in _MEDIA:
        return {"type": kind, kind: _medium(kind, content)}
    made = _made(kind, content, options)
    name = "interactive" if kind == "button" else kind
    return {"type": name, name: made} if made else {"type": "unsupported", "errors": [_UNKNOWN_TYPE]}


def _text(content: Any, options: Mapping[str, Any]) -> Payload:
    context = {"context": {"forwarded": True}} if options.get("forwarded") else {}
    group = {"group_id": str(options["group"])} if options.get("group") else {}
    return {"type": "text", "text": {"body": str(content)}, **context, **group}


def _made(kind: str, content: Any, options: Mapping[str, Any]) -> Any:
    made: Any = None
    match kind:
        case "location":
            made = {"latitude": content[0], "longitude": content[1]}
        case "contacts":
            made = [{"name": {"formatted_name": str(content)}, "phones": []}]
        case "button":
            reply = {"id": str(content), "title": str(options.get("title") or content)}
            made = {"type": "button_reply", "button_reply": reply}
        case "reaction":
            made = {"message_id": options["of"], "emoji": str(content or "")}
        case "edit":
            edited = {"type": "text", "text": {"body": str(content["text"])}}
            made = {"original_message_id": content["of"], "message": edited}
        case "revoke":
            made = {"original_message_id": content}
    return made


def _medium(kind: str, caption: Any) -> Payload:
    medium = {"id": f"media-{kind}", "mime_type": "application/octet-stream", "sha256": "0" * 64}
    return {**medium, "caption": str(caption)} if caption else medium


def webhook(messages: Sequence[tuple[str, Payload]], *, sender: str, number: str, now: datetime) -> bytes:
    """The body of one webhook. `messages` are (message id, content) of one sender."""
    wa_id = sender.removeprefix("+")
    # Who has a username is known to us by a business-scoped id, and the number stays away.
    scoped = re.fullmatch(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}", wa_id) is not None
    contact, writer = ({"user_id": wa_id}, {"from_user_id": wa_id}) if scoped else ({"wa_id": wa_id}, {"from": wa_id})
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": number, "phone_number_id": number},
        "contacts": [{**contact, "profile": {"name": ""}}],
        "messages": [
            {**writer, "id": message_id, "timestamp": str(int(now.timestamp())), **content}
            for message_id, content in messages
        ],
    }
    entry = {"id": "rehearsal", "changes": [{"field": "messages", "value": value}]}
    # Escaped as Meta escapes it: the signature is over these bytes and no others.
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).replace("/", "\\/").encode("ascii")


def signature(body: bytes, secret: str) -> str:
    """The header that proves who sent a webhook."""
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"
