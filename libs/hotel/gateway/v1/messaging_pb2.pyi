import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.type import money_pb2 as _money_pb2
from hotel.common.v1 import channel_pb2 as _channel_pb2
from hotel.common.v1 import message_pb2 as _message_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DeliveryState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DELIVERY_STATE_UNSPECIFIED: _ClassVar[DeliveryState]
    DELIVERY_STATE_QUEUED: _ClassVar[DeliveryState]
    DELIVERY_STATE_SENT: _ClassVar[DeliveryState]
    DELIVERY_STATE_DELIVERED: _ClassVar[DeliveryState]
    DELIVERY_STATE_READ: _ClassVar[DeliveryState]
    DELIVERY_STATE_FAILED: _ClassVar[DeliveryState]
DELIVERY_STATE_UNSPECIFIED: DeliveryState
DELIVERY_STATE_QUEUED: DeliveryState
DELIVERY_STATE_SENT: DeliveryState
DELIVERY_STATE_DELIVERED: DeliveryState
DELIVERY_STATE_READ: DeliveryState
DELIVERY_STATE_FAILED: DeliveryState

class Message(_message.Message):
    __slots__ = ("message_id", "recipient", "property_id", "content", "state", "channel_message_id", "failure_reason", "attempts", "create_time", "update_time", "possibly_repeated")
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    RECIPIENT_FIELD_NUMBER: _ClassVar[int]
    PROPERTY_ID_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    FAILURE_REASON_FIELD_NUMBER: _ClassVar[int]
    ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    POSSIBLY_REPEATED_FIELD_NUMBER: _ClassVar[int]
    message_id: str
    recipient: _channel_pb2.ChannelIdentity
    property_id: str
    content: _message_pb2.OutboundMessage
    state: DeliveryState
    channel_message_id: str
    failure_reason: str
    attempts: int
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    possibly_repeated: bool
    def __init__(self, message_id: _Optional[str] = ..., recipient: _Optional[_Union[_channel_pb2.ChannelIdentity, _Mapping]] = ..., property_id: _Optional[str] = ..., content: _Optional[_Union[_message_pb2.OutboundMessage, _Mapping]] = ..., state: _Optional[_Union[DeliveryState, str]] = ..., channel_message_id: _Optional[str] = ..., failure_reason: _Optional[str] = ..., attempts: _Optional[int] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., possibly_repeated: _Optional[bool] = ...) -> None: ...

class SendMessageRequest(_message.Message):
    __slots__ = ("request_id", "property_id", "guest_id", "identity", "content", "promotional", "send_after_time")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    PROPERTY_ID_FIELD_NUMBER: _ClassVar[int]
    GUEST_ID_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    PROMOTIONAL_FIELD_NUMBER: _ClassVar[int]
    SEND_AFTER_TIME_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    property_id: str
    guest_id: str
    identity: _channel_pb2.ChannelIdentity
    content: _message_pb2.OutboundMessage
    promotional: bool
    send_after_time: _timestamp_pb2.Timestamp
    def __init__(self, request_id: _Optional[str] = ..., property_id: _Optional[str] = ..., guest_id: _Optional[str] = ..., identity: _Optional[_Union[_channel_pb2.ChannelIdentity, _Mapping]] = ..., content: _Optional[_Union[_message_pb2.OutboundMessage, _Mapping]] = ..., promotional: _Optional[bool] = ..., send_after_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class SendMessageResponse(_message.Message):
    __slots__ = ("message",)
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    message: Message
    def __init__(self, message: _Optional[_Union[Message, _Mapping]] = ...) -> None: ...

class GetMessageRequest(_message.Message):
    __slots__ = ("message_id",)
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    message_id: str
    def __init__(self, message_id: _Optional[str] = ...) -> None: ...

class GetMessageResponse(_message.Message):
    __slots__ = ("message",)
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    message: Message
    def __init__(self, message: _Optional[_Union[Message, _Mapping]] = ...) -> None: ...

class ListMessagesRequest(_message.Message):
    __slots__ = ("identity", "property_id", "page_size", "page_token")
    IDENTITY_FIELD_NUMBER: _ClassVar[int]
    PROPERTY_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    identity: _channel_pb2.ChannelIdentity
    property_id: str
    page_size: int
    page_token: str
    def __init__(self, identity: _Optional[_Union[_channel_pb2.ChannelIdentity, _Mapping]] = ..., property_id: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListMessagesResponse(_message.Message):
    __slots__ = ("messages", "next_page_token")
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    messages: _containers.RepeatedCompositeFieldContainer[Message]
    next_page_token: str
    def __init__(self, messages: _Optional[_Iterable[_Union[Message, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class GetConversationCostRequest(_message.Message):
    __slots__ = ("identity", "property_id")
    IDENTITY_FIELD_NUMBER: _ClassVar[int]
    PROPERTY_ID_FIELD_NUMBER: _ClassVar[int]
    identity: _channel_pb2.ChannelIdentity
    property_id: str
    def __init__(self, identity: _Optional[_Union[_channel_pb2.ChannelIdentity, _Mapping]] = ..., property_id: _Optional[str] = ...) -> None: ...

class GetConversationCostResponse(_message.Message):
    __slots__ = ("messages", "billed_messages", "unpriced_messages", "amount")
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    BILLED_MESSAGES_FIELD_NUMBER: _ClassVar[int]
    UNPRICED_MESSAGES_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    messages: int
    billed_messages: int
    unpriced_messages: int
    amount: _money_pb2.Money
    def __init__(self, messages: _Optional[int] = ..., billed_messages: _Optional[int] = ..., unpriced_messages: _Optional[int] = ..., amount: _Optional[_Union[_money_pb2.Money, _Mapping]] = ...) -> None: ...
