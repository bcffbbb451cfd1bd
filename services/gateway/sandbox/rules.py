"""What the Graph API refuses in a message, by its documented limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_MAX_TEXT, _MAX_BODY = 4096, 1024
_MAX_BUTTONS, _MAX_BUTTON_TITLE, _MAX_BUTTON_ID = 3, 20, 256
_MAX_ROWS, _MAX_ROW_TITLE, _MAX_ROW_DESCRIPTION, _MAX_ROW_ID = 10, 24, 72, 200
_MAX_CALLBACK_DATA = 512
_MAX_CAPTION = 1024
_MEDIA = frozenset({"image", "document", "audio", "video", "sticker"})


# What is taken of each type by `POST …/media`, in bytes.
_MEGABYTE = 1024 * 1024
_OFFICE = "application/vnd.openxmlformats-officedocument"
UPLOAD_LIMITS = {
    **dict.fromkeys(("image/jpeg", "image/png"), 5 * _MEGABYTE),
    "image/webp": 500 * 1024,
    **dict.fromkeys(("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg; codecs=opus"), 16 * _MEGABYTE),
    **dict.fromkeys(("video/mp4", "video/3gpp"), 16 * _MEGABYTE),
    **dict.fromkeys(
        (
            "text/plain",
            "application/pdf",
            "application/msword",
            "application/vnd.ms-excel",
            "application/vnd.ms-powerpoint",
            f"{_OFFICE}.wordprocessingml.document",
            f"{_OFFICE}.spreadsheetml.sheet",
            f"{_OFFICE}.presentationml.presentation",
        ),
        100 * _MEGABYTE,
    ),
}


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
    elif kind in _MEDIA:
        yield from _medium(kind, body)
    elif kind == "template":
        for component in _objects(body.get("components")):
            for parameter in _objects(component.get("parameters")):
                if parameter.get("type") in _MEDIA:
                    yield from _medium(parameter["type"], parameter.get(parameter["type"]))


def media_ids(payload: Mapping[str, Any]) -> list[str]:
    """The uploads that a message names, in a header of a template too."""
    template = payload.get("template")
    components = _objects(template.get("components")) if isinstance(template, dict) else []
    shown = [payload, *(parameter for part in components for parameter in _objects(part.get("parameters")))]
    media = [one.get(kind) for one in shown for kind in _MEDIA]
    return [str(medium["id"]) for medium in media if isinstance(medium, dict) and medium.get("id")]


def _medium(kind: str, medium: object) -> Iterator[str]:
    if not isinstance(medium, dict):
        yield f"{kind} must be an object"
        return
    if bool(medium.get("id")) is bool(medium.get("link")):
        yield f"{kind} needs an id or a link"
    if "caption" in medium:
        if kind in ("audio", "sticker"):
            yield f"{kind} has no caption"
        yield from _length(f"{kind}.caption", medium["caption"], 1, _MAX_CAPTION)
    if "filename" in medium and kind != "document":
        yield f"{kind} has no filename"


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
