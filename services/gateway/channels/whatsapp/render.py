"""Messages of ours as the Cloud API's JSON, cut to its limits: buttons for few short choices, a list for more."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from services.gateway.channels.cutting import parts, shortened
from services.gateway.channels.phones import is_user_id
from services.gateway.domain.attachment import Attachment, FileKind
from services.gateway.domain.message import Choice, OutboundMessage
from services.gateway.domain.outbox import OutboxItem

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_INTERACTIVE_BODY = 1024
MAX_BUTTONS = 3
MAX_BUTTON_TITLE = 20
MAX_ROWS = 10
MAX_ROW_TITLE = 24
MAX_ROW_DESCRIPTION = 72
MAX_ID = 200
_CAPTIONED = (FileKind.IMAGE, FileKind.VIDEO, FileKind.DOCUMENT)
_LIST_LABELS = {"es": "Ver opciones", "en": "See options"}

Payload = dict[str, Any]


def render(item: OutboxItem, file: Payload | None = None) -> list[Payload]:
    """The calls that carry one message: mostly one; words too long for a message with choices go ahead of them, and so
    does a file that cannot have these words as its caption. `file` names the message's file: `{"id"}` or `{"link"}`.

    Only the last carries the outbox id as `biz_opaque_callback_data`: its status is the message's. Those ahead of it
    carry theirs behind the id, so that what they cost is known to be the message's.
    """
    content = item.content
    as_template = content.template_name and not content.text
    payloads = [_template(content, file)] if as_template else _free_form(content, file)
    for payload in payloads:
        payload |= {"messaging_product": "whatsapp", "recipient_type": "individual", **_recipient(item)}
    if content.reply_to_message_id:
        payloads[0]["context"] = {"message_id": content.reply_to_message_id}
    for number, payload in enumerate(payloads[:-1], start=1):
        payload["biz_opaque_callback_data"] = f"{item.message_id}/{number}"
    payloads[-1]["biz_opaque_callback_data"] = item.message_id
    return payloads


def template(item: OutboxItem, file: Payload | None = None) -> Payload:
    """The message as its template, for when the free-form window is closed."""
    payload = _template(item.content, file)
    payload |= {"messaging_product": "whatsapp", "recipient_type": "individual", **_recipient(item)}
    payload["biz_opaque_callback_data"] = item.message_id
    return payload


def _recipient(item: OutboxItem) -> Payload:
    address = item.conversation.reply_address
    return {"recipient": address} if is_user_id(address) else {"to": address}


def _free_form(content: OutboundMessage, file: Payload | None) -> list[Payload]:
    if content.attachment is not None and file is not None:
        captioned = content.attachment.kind in _CAPTIONED and not content.choices
        if not content.text.strip() or (captioned and len(content.text) <= MAX_CAPTION):
            return [_media(content.attachment, file, content.text)]
        return [_media(content.attachment, file, ""), *_free_form(replace(content, attachment=None), None)]
    choices = [choice for choice in content.choices if choice.id][:MAX_ROWS]
    if not choices:
        return [_text(part) for part in parts(content.text, MAX_TEXT)]
    *before, body = parts(content.text, MAX_INTERACTIVE_BODY)
    return [*map(_text, before), _interactive(body, choices, content.language)]


def _media(attachment: Attachment, file: Payload, caption: str) -> Payload:
    medium = {**file}
    if caption.strip():
        medium["caption"] = caption
    if attachment.kind is FileKind.DOCUMENT:
        medium["filename"] = attachment.name
    return {"type": str(attachment.kind), str(attachment.kind): medium}


def _text(body: str) -> Payload:
    return {"type": "text", "text": {"body": body, "preview_url": False}}


def _interactive(body: str, choices: list[Choice], language: str) -> Payload:
    if _fit_on_buttons(choices):
        action: Payload = {
            "buttons": [
                {"type": "reply", "reply": {"id": choice.id[:MAX_ID], "title": title}}
                for choice, title in zip(choices, _unique(choices, MAX_BUTTON_TITLE), strict=True)
            ]
        }
        kind = "button"
    else:
        action = {
            "button": _LIST_LABELS.get(language[:2].lower(), _LIST_LABELS["en"]),
            "sections": [{"rows": _rows(choices)}],
        }
        kind = "list"
    return {"type": "interactive", "interactive": {"type": kind, "body": {"text": body}, "action": action}}


def _fit_on_buttons(choices: list[Choice]) -> bool:
    """A list shows longer titles and second lines, so it is taken where buttons would lose words."""
    return len(choices) <= MAX_BUTTONS and all(
        len(choice.title) <= MAX_BUTTON_TITLE and not choice.description for choice in choices
    )


def _rows(choices: list[Choice]) -> list[Payload]:
    rows = []
    for choice, title in zip(choices, _unique(choices, MAX_ROW_TITLE), strict=True):
        description = choice.description
        if len(choice.title) > MAX_ROW_TITLE:
            # What was cut from the title is said in full underneath.
            description = f"{choice.title}. {description}" if description else choice.title
        row = {"id": choice.id[:MAX_ID], "title": title}
        if description:
            row["description"] = shortened(description, MAX_ROW_DESCRIPTION)
        rows.append(row)
    return rows


def _unique(choices: list[Choice], limit: int) -> list[str]:
    """Titles within the limit and all different, as the API demands."""
    titles: list[str] = []
    for number, choice in enumerate(choices, start=1):
        title = shortened(choice.title or choice.id, limit)
        if title in titles:
            suffix = f" {number}"
            title = shortened(title, limit - len(suffix)) + suffix
        titles.append(title)
    return titles


def _template(content: OutboundMessage, file: Payload | None) -> Payload:
    template: Payload = {
        "name": content.template_name,
        "language": {"code": (content.language or "es").replace("-", "_")},
    }
    components: list[Payload] = []
    if content.attachment is not None and file is not None:
        components.append({"type": "header", "parameters": [_media(content.attachment, file, "")]})
    if content.template_arguments:
        parameters = [{"type": "text", "text": argument} for argument in content.template_arguments]
        components.append({"type": "body", "parameters": parameters})
    if components:
        template["components"] = components
    return {"type": "template", "template": template}
