import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from hotel.common.v1 import channel_pb2 as _channel_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class InboundMessage(_message.Message):
    __slots__ = ("message_id", "sender", "send_time", "receive_time", "sender_display_name", "text", "media", "voice", "location", "button", "reaction", "contacts", "structured", "unsupported", "reply_to_message_id", "forwarded", "edited", "sender_unverified", "sender_language")
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    SENDER_FIELD_NUMBER: _ClassVar[int]
    SEND_TIME_FIELD_NUMBER: _ClassVar[int]
    RECEIVE_TIME_FIELD_NUMBER: _ClassVar[int]
    SENDER_DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    MEDIA_FIELD_NUMBER: _ClassVar[int]
    VOICE_FIELD_NUMBER: _ClassVar[int]
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    BUTTON_FIELD_NUMBER: _ClassVar[int]
    REACTION_FIELD_NUMBER: _ClassVar[int]
    CONTACTS_FIELD_NUMBER: _ClassVar[int]
    STRUCTURED_FIELD_NUMBER: _ClassVar[int]
    UNSUPPORTED_FIELD_NUMBER: _ClassVar[int]
    REPLY_TO_MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    FORWARDED_FIELD_NUMBER: _ClassVar[int]
    EDITED_FIELD_NUMBER: _ClassVar[int]
    SENDER_UNVERIFIED_FIELD_NUMBER: _ClassVar[int]
    SENDER_LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    message_id: str
    sender: _channel_pb2.ChannelIdentity
    send_time: _timestamp_pb2.Timestamp
    receive_time: _timestamp_pb2.Timestamp
    sender_display_name: str
    text: TextContent
    media: MediaContent
    voice: VoiceContent
    location: LocationContent
    button: ButtonContent
    reaction: ReactionContent
    contacts: ContactsContent
    structured: StructuredContent
    unsupported: UnsupportedContent
    reply_to_message_id: str
    forwarded: bool
    edited: bool
    sender_unverified: bool
    sender_language: str
    def __init__(self, message_id: _Optional[str] = ..., sender: _Optional[_Union[_channel_pb2.ChannelIdentity, _Mapping]] = ..., send_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., receive_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., sender_display_name: _Optional[str] = ..., text: _Optional[_Union[TextContent, _Mapping]] = ..., media: _Optional[_Union[MediaContent, _Mapping]] = ..., voice: _Optional[_Union[VoiceContent, _Mapping]] = ..., location: _Optional[_Union[LocationContent, _Mapping]] = ..., button: _Optional[_Union[ButtonContent, _Mapping]] = ..., reaction: _Optional[_Union[ReactionContent, _Mapping]] = ..., contacts: _Optional[_Union[ContactsContent, _Mapping]] = ..., structured: _Optional[_Union[StructuredContent, _Mapping]] = ..., unsupported: _Optional[_Union[UnsupportedContent, _Mapping]] = ..., reply_to_message_id: _Optional[str] = ..., forwarded: _Optional[bool] = ..., edited: _Optional[bool] = ..., sender_unverified: _Optional[bool] = ..., sender_language: _Optional[str] = ...) -> None: ...

class TextContent(_message.Message):
    __slots__ = ("text", "subject", "quoted_text")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    QUOTED_TEXT_FIELD_NUMBER: _ClassVar[int]
    text: str
    subject: str
    quoted_text: str
    def __init__(self, text: _Optional[str] = ..., subject: _Optional[str] = ..., quoted_text: _Optional[str] = ...) -> None: ...

class MediaContent(_message.Message):
    __slots__ = ("kind", "media_id", "mime_type", "caption", "sha256", "file_name")
    class Kind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        KIND_UNSPECIFIED: _ClassVar[MediaContent.Kind]
        KIND_IMAGE: _ClassVar[MediaContent.Kind]
        KIND_VIDEO: _ClassVar[MediaContent.Kind]
        KIND_DOCUMENT: _ClassVar[MediaContent.Kind]
        KIND_STICKER: _ClassVar[MediaContent.Kind]
    KIND_UNSPECIFIED: MediaContent.Kind
    KIND_IMAGE: MediaContent.Kind
    KIND_VIDEO: MediaContent.Kind
    KIND_DOCUMENT: MediaContent.Kind
    KIND_STICKER: MediaContent.Kind
    KIND_FIELD_NUMBER: _ClassVar[int]
    MEDIA_ID_FIELD_NUMBER: _ClassVar[int]
    MIME_TYPE_FIELD_NUMBER: _ClassVar[int]
    CAPTION_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    FILE_NAME_FIELD_NUMBER: _ClassVar[int]
    kind: MediaContent.Kind
    media_id: str
    mime_type: str
    caption: str
    sha256: str
    file_name: str
    def __init__(self, kind: _Optional[_Union[MediaContent.Kind, str]] = ..., media_id: _Optional[str] = ..., mime_type: _Optional[str] = ..., caption: _Optional[str] = ..., sha256: _Optional[str] = ..., file_name: _Optional[str] = ...) -> None: ...

class VoiceContent(_message.Message):
    __slots__ = ("media_id", "mime_type", "transcript", "confidence", "words", "failure")
    MEDIA_ID_FIELD_NUMBER: _ClassVar[int]
    MIME_TYPE_FIELD_NUMBER: _ClassVar[int]
    TRANSCRIPT_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    media_id: str
    mime_type: str
    transcript: str
    confidence: float
    words: _containers.RepeatedCompositeFieldContainer[Word]
    failure: str
    def __init__(self, media_id: _Optional[str] = ..., mime_type: _Optional[str] = ..., transcript: _Optional[str] = ..., confidence: _Optional[float] = ..., words: _Optional[_Iterable[_Union[Word, _Mapping]]] = ..., failure: _Optional[str] = ...) -> None: ...

class Word(_message.Message):
    __slots__ = ("text", "confidence")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    text: str
    confidence: float
    def __init__(self, text: _Optional[str] = ..., confidence: _Optional[float] = ...) -> None: ...

class LocationContent(_message.Message):
    __slots__ = ("latitude", "longitude", "label")
    LATITUDE_FIELD_NUMBER: _ClassVar[int]
    LONGITUDE_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    latitude: float
    longitude: float
    label: str
    def __init__(self, latitude: _Optional[float] = ..., longitude: _Optional[float] = ..., label: _Optional[str] = ...) -> None: ...

class ButtonContent(_message.Message):
    __slots__ = ("button_id", "title")
    BUTTON_ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    button_id: str
    title: str
    def __init__(self, button_id: _Optional[str] = ..., title: _Optional[str] = ...) -> None: ...

class ReactionContent(_message.Message):
    __slots__ = ("target_message_id", "emoji")
    TARGET_MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    EMOJI_FIELD_NUMBER: _ClassVar[int]
    target_message_id: str
    emoji: str
    def __init__(self, target_message_id: _Optional[str] = ..., emoji: _Optional[str] = ...) -> None: ...

class ContactsContent(_message.Message):
    __slots__ = ("contacts",)
    CONTACTS_FIELD_NUMBER: _ClassVar[int]
    contacts: _containers.RepeatedCompositeFieldContainer[Contact]
    def __init__(self, contacts: _Optional[_Iterable[_Union[Contact, _Mapping]]] = ...) -> None: ...

class Contact(_message.Message):
    __slots__ = ("display_name", "phone_numbers")
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    PHONE_NUMBERS_FIELD_NUMBER: _ClassVar[int]
    display_name: str
    phone_numbers: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, display_name: _Optional[str] = ..., phone_numbers: _Optional[_Iterable[str]] = ...) -> None: ...

class StructuredContent(_message.Message):
    __slots__ = ("kind", "json")
    KIND_FIELD_NUMBER: _ClassVar[int]
    JSON_FIELD_NUMBER: _ClassVar[int]
    kind: str
    json: str
    def __init__(self, kind: _Optional[str] = ..., json: _Optional[str] = ...) -> None: ...

class UnsupportedContent(_message.Message):
    __slots__ = ("kind",)
    KIND_FIELD_NUMBER: _ClassVar[int]
    kind: str
    def __init__(self, kind: _Optional[str] = ...) -> None: ...

class OutboundMessage(_message.Message):
    __slots__ = ("text", "language", "choices", "subject", "reply_to_message_id", "template_name", "template_arguments", "attachment")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    CHOICES_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    REPLY_TO_MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    TEMPLATE_NAME_FIELD_NUMBER: _ClassVar[int]
    TEMPLATE_ARGUMENTS_FIELD_NUMBER: _ClassVar[int]
    ATTACHMENT_FIELD_NUMBER: _ClassVar[int]
    text: str
    language: str
    choices: _containers.RepeatedCompositeFieldContainer[Choice]
    subject: str
    reply_to_message_id: str
    template_name: str
    template_arguments: _containers.RepeatedScalarFieldContainer[str]
    attachment: Attachment
    def __init__(self, text: _Optional[str] = ..., language: _Optional[str] = ..., choices: _Optional[_Iterable[_Union[Choice, _Mapping]]] = ..., subject: _Optional[str] = ..., reply_to_message_id: _Optional[str] = ..., template_name: _Optional[str] = ..., template_arguments: _Optional[_Iterable[str]] = ..., attachment: _Optional[_Union[Attachment, _Mapping]] = ...) -> None: ...

class Attachment(_message.Message):
    __slots__ = ("url", "content", "mime_type", "file_name", "size_bytes", "sha256")
    URL_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    MIME_TYPE_FIELD_NUMBER: _ClassVar[int]
    FILE_NAME_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    url: str
    content: bytes
    mime_type: str
    file_name: str
    size_bytes: int
    sha256: str
    def __init__(self, url: _Optional[str] = ..., content: _Optional[bytes] = ..., mime_type: _Optional[str] = ..., file_name: _Optional[str] = ..., size_bytes: _Optional[int] = ..., sha256: _Optional[str] = ...) -> None: ...

class Choice(_message.Message):
    __slots__ = ("id", "title", "description")
    ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    id: str
    title: str
    description: str
    def __init__(self, id: _Optional[str] = ..., title: _Optional[str] = ..., description: _Optional[str] = ...) -> None: ...
