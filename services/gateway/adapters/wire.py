"""The gateway's messages as protobuf and back."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from hotel.common.v1 import channel_pb2, message_pb2
from mesh.wire import time_to_proto

from services.gateway.domain.attachment import MAX_FILE_NAME, Attachment
from services.gateway.domain.cleaning import clean_line
from services.gateway.domain.conversation import Conversation
from services.gateway.domain.message import (
    Button,
    Cards,
    Channel,
    Choice,
    Edit,
    Identity,
    InboundMessage,
    Location,
    Media,
    MediaKind,
    OutboundMessage,
    Reaction,
    Revoke,
    Structured,
    Text,
    Unsupported,
    Voice,
)

_CHANNELS = {
    Channel.WHATSAPP: channel_pb2.CHANNEL_WHATSAPP,
    Channel.SMS: channel_pb2.CHANNEL_SMS,
    Channel.EMAIL: channel_pb2.CHANNEL_EMAIL,
    Channel.WEBCHAT: channel_pb2.CHANNEL_WEBCHAT,
    Channel.GENERIC: channel_pb2.CHANNEL_GENERIC,
}
_CHANNEL_NAMES: dict[int, Channel] = {number: channel for channel, number in _CHANNELS.items()}
_KINDS = {
    MediaKind.IMAGE: message_pb2.MediaContent.KIND_IMAGE,
    MediaKind.VIDEO: message_pb2.MediaContent.KIND_VIDEO,
    MediaKind.DOCUMENT: message_pb2.MediaContent.KIND_DOCUMENT,
    MediaKind.STICKER: message_pb2.MediaContent.KIND_STICKER,
}


def channel_from_proto(number: int) -> Channel | None:
    """None for an unspecified or unknown channel."""
    return _CHANNEL_NAMES.get(number)


def identity_to_proto(identity: Identity) -> channel_pb2.ChannelIdentity:
    """A person on a channel."""
    return channel_pb2.ChannelIdentity(
        channel=_CHANNELS[identity.channel],
        address=identity.address,
        phone_number=identity.phone_number,
        channel_name=identity.channel_name,
    )


def inbound_to_proto(message: InboundMessage, conversation: Conversation) -> message_pb2.InboundMessage:
    """A message of a turn. Its sender is the conversation's: stable, whatever name the channel used this time."""
    proto = message_pb2.InboundMessage(
        message_id=message.message_id,
        sender=identity_to_proto(conversation.identity),
        send_time=time_to_proto(message.send_time),
        receive_time=time_to_proto(message.receive_time),
        sender_display_name=message.display_name,
        reply_to_message_id=message.reply_to_message_id,
        forwarded=message.forwarded,
        edited=message.edited,
        sender_unverified=message.sender_unverified,
        sender_language=message.language,
    )
    if isinstance(message.body, Edit | Revoke):
        raise ValueError("edits and revokes are settled before a turn starts")
    field, content = _CONTENTS[type(message.body)](message.body)
    getattr(proto, field).CopyFrom(content)
    return proto


def outbound_to_proto(message: OutboundMessage) -> message_pb2.OutboundMessage:
    """A message of ours."""
    return message_pb2.OutboundMessage(
        text=message.text,
        language=message.language,
        choices=[
            message_pb2.Choice(id=choice.id, title=choice.title, description=choice.description)
            for choice in message.choices
        ],
        subject=message.subject,
        reply_to_message_id=message.reply_to_message_id,
        template_name=message.template_name,
        template_arguments=message.template_arguments,
        attachment=_attachment_to_proto(message.attachment) if message.attachment is not None else None,
    )


def outbound_from_proto(proto: message_pb2.OutboundMessage) -> OutboundMessage:
    """A message of ours."""
    return OutboundMessage(
        text=proto.text,
        language=proto.language,
        choices=tuple(Choice(id=c.id, title=c.title, description=c.description) for c in proto.choices),
        subject=proto.subject,
        reply_to_message_id=proto.reply_to_message_id,
        template_name=proto.template_name,
        template_arguments=tuple(proto.template_arguments),
        attachment=attachment_from_proto(proto.attachment) if proto.HasField("attachment") else None,
    )


def attachment_from_proto(proto: message_pb2.Attachment) -> Attachment:
    """A file as it was given, with what is known of its bytes; whether it is one that can be sent is not looked at."""
    return attachment_of(proto.content, mime_type=proto.mime_type, file_name=proto.file_name, url=proto.url)


def attachment_of(content: bytes, *, mime_type: str, file_name: str, url: str = "") -> Attachment:
    """A file with its size and hash. Parameters of the type are left out, a name becomes one line without a path."""
    return Attachment(
        mime_type=mime_type.partition(";")[0].strip().lower(),
        file_name=clean_line(file_name.replace("\\", "/").rpartition("/")[2], limit=MAX_FILE_NAME + 1),
        url=url,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest() if content else "",
        content=content,
    )


def _attachment_to_proto(attachment: Attachment) -> message_pb2.Attachment:
    return message_pb2.Attachment(
        url=attachment.url or None,
        mime_type=attachment.mime_type,
        file_name=attachment.file_name,
        size_bytes=attachment.size,
        sha256=attachment.sha256,
    )


def _cards(body: Cards) -> tuple[str, Any]:
    cards = [
        message_pb2.Contact(display_name=card.display_name, phone_numbers=card.phone_numbers) for card in body.cards
    ]
    return "contacts", message_pb2.ContactsContent(contacts=cards)


def _media(body: Media) -> tuple[str, Any]:
    return "media", message_pb2.MediaContent(
        kind=_KINDS[body.kind],
        media_id=body.media_id,
        mime_type=body.mime_type,
        caption=body.caption,
        sha256=body.sha256,
        file_name=body.file_name,
    )


def _voice(body: Voice) -> tuple[str, Any]:
    return "voice", message_pb2.VoiceContent(
        media_id=body.media_id,
        mime_type=body.mime_type,
        transcript=body.transcript,
        confidence=body.confidence,
        words=[message_pb2.Word(text=word.text, confidence=word.confidence) for word in body.words],
        failure=body.failure,
    )


def _location(body: Location) -> tuple[str, Any]:
    return "location", message_pb2.LocationContent(latitude=body.latitude, longitude=body.longitude, label=body.label)


def _text(body: Text) -> tuple[str, Any]:
    return "text", message_pb2.TextContent(text=body.text, subject=body.subject, quoted_text=body.quoted_text)


def _button(body: Button) -> tuple[str, Any]:
    return "button", message_pb2.ButtonContent(button_id=body.button_id, title=body.title)


def _reaction(body: Reaction) -> tuple[str, Any]:
    return "reaction", message_pb2.ReactionContent(target_message_id=body.target_message_id, emoji=body.emoji)


def _structured(body: Structured) -> tuple[str, Any]:
    return "structured", message_pb2.StructuredContent(kind=body.kind, json=body.json)


def _unsupported(body: Unsupported) -> tuple[str, Any]:
    return "unsupported", message_pb2.UnsupportedContent(kind=body.kind)


_CONTENTS: dict[type[Any], Callable[[Any], tuple[str, Any]]] = {
    Text: _text,
    Media: _media,
    Voice: _voice,
    Location: _location,
    Button: _button,
    Reaction: _reaction,
    Cards: _cards,
    Structured: _structured,
    Unsupported: _unsupported,
}
