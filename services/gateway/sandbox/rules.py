"""What the Graph API refuses in a message, by its documented limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_MAX_TEXT, _MAX_BODY = 4096, 1024
_MAX_BUTTONS, _MAX_BUTTON_TITLE, _MAX_BUTTON_ID = 3, 20, 256
_MAX_ROWS, _MAX_ROW_TITLE, _MAX_ROW_DESCRIPTION, _MAX_ROW_ID = 10, 24, 72, 200
_MAX_CALLBACK_DATA = 512


def faults_of(payload: Mapping[str, Any]) -> list[str]:
    """Every way in which the message breaks the rules; empty for a good one."""
    return list(_faults(payload))


def _faults(payload: Mapping[str, Any]) -> Iterator[str]:
    if payload.get("messaging_product") != "whatsapp":
        yield "messaging_product must be whatsapp"
    if not (payload.get("to") or payload.get("recipient")):
        yield "to or recipient is required"
    if len(str(payload.get("biz_opaque_callback_data", ""))) > _MAX_CALLBACK_DATA:
        yield f"biz_opaque_callback_data is longer than {_MAX_CALLBACK_DATA}"
    kind = payload.get("type", "text")
    body = payload.get(kind) if isinstance(kind, str) else None
    if not isinstance(body, dict):
        yield f"type {kind} has no object of that name"
    elif kind == "text":
        yield from _length("text.body", body.get("body"), 1, _MAX_TEXT)
    elif kind == "interactive":
        yield from _interactive(body)


def _interactive(body: Mapping[str, Any]) -> Iterator[str]:
    words, action = body.get("body"), body.get("action")
    yield from _length("interactive.body.text", words.get("text") if isinstance(words, dict) else None, 1, _MAX_BODY)
    if not isinstance(action, dict):
        yield "interactive.action is required"
    elif body.get("type") == "button":
        yield from _buttons(_objects(action.get("buttons")))
    elif body.get("type") == "list":
        yield from _length("interactive.action.button", action.get("button"), 1, _MAX_BUTTON_TITLE)
        yield from _sections(_objects(action.get("sections")))


def _buttons(buttons: list[Mapping[str, Any]]) -> Iterator[str]:
    replies = [button.get("reply") for button in buttons]
    titles = [reply.get("title") for reply in replies if isinstance(reply, dict)]
    if not 1 <= len(buttons) <= _MAX_BUTTONS or len(titles) != len(buttons):
        yield f"1 to {_MAX_BUTTONS} reply buttons are allowed"
    if len(set(map(str, titles))) != len(titles):
        yield "button titles must differ"
    for reply in replies:
        if isinstance(reply, dict):
            yield from _length("button title", reply.get("title"), 1, _MAX_BUTTON_TITLE)
            yield from _length("button id", reply.get("id"), 1, _MAX_BUTTON_ID)


def _sections(sections: list[Mapping[str, Any]]) -> Iterator[str]:
    rows = [row for section in sections for row in _objects(section.get("rows"))]
    if not 1 <= len(rows) <= _MAX_ROWS:
        yield f"1 to {_MAX_ROWS} rows over all sections are allowed"
    if len(sections) > 1 and not all(section.get("title") for section in sections):
        yield "sections need titles when there is more than one"
    for row in rows:
        yield from _length("row title", row.get("title"), 1, _MAX_ROW_TITLE)
        yield from _length("row id", row.get("id"), 1, _MAX_ROW_ID)
        yield from _length("row description", row.get("description", ""), 0, _MAX_ROW_DESCRIPTION)


def _objects(value: object) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _length(name: str, value: object, least: int, most: int) -> Iterator[str]:
    if not isinstance(value, str) or not least <= len(value) <= most:
        yield f"{name} must have {least} to {most} characters"
