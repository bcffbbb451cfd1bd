import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from hotel.common.v1 import channel_pb2 as _channel_pb2
from hotel.common.v1 import handoff_pb2 as _handoff_pb2
from hotel.common.v1 import message_pb2 as _message_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class HandleTurnRequest(_message.Message):
    __slots__ = ("turn_id", "property_id", "messages")
    TURN_ID_FIELD_NUMBER: _ClassVar[int]
    PROPERTY_ID_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    turn_id: str
    property_id: str
    messages: _containers.RepeatedCompositeFieldContainer[_message_pb2.InboundMessage]
    def __init__(self, turn_id: _Optional[str] = ..., property_id: _Optional[str] = ..., messages: _Optional[_Iterable[_Union[_message_pb2.InboundMessage, _Mapping]]] = ...) -> None: ...

class HandleTurnResponse(_message.Message):
    __slots__ = ("replies", "outcome", "replayed")
    REPLIES_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    replies: _containers.RepeatedCompositeFieldContainer[_message_pb2.OutboundMessage]
    outcome: Outcome
    replayed: bool
    def __init__(self, replies: _Optional[_Iterable[_Union[_message_pb2.OutboundMessage, _Mapping]]] = ..., outcome: _Optional[_Union[Outcome, _Mapping]] = ..., replayed: _Optional[bool] = ...) -> None: ...

class Outcome(_message.Message):
    __slots__ = ("session_id", "intents", "slots", "asks", "pms_operations", "handoff", "language", "reasons", "proofs", "flow", "state", "variants", "degraded")
    class SlotsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    class VariantsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    INTENTS_FIELD_NUMBER: _ClassVar[int]
    SLOTS_FIELD_NUMBER: _ClassVar[int]
    ASKS_FIELD_NUMBER: _ClassVar[int]
    PMS_OPERATIONS_FIELD_NUMBER: _ClassVar[int]
    HANDOFF_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    PROOFS_FIELD_NUMBER: _ClassVar[int]
    FLOW_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    VARIANTS_FIELD_NUMBER: _ClassVar[int]
    DEGRADED_FIELD_NUMBER: _ClassVar[int]
    session_id: str
    intents: _containers.RepeatedCompositeFieldContainer[UnderstoodIntent]
    slots: _containers.ScalarMap[str, str]
    asks: _containers.RepeatedScalarFieldContainer[str]
    pms_operations: _containers.RepeatedCompositeFieldContainer[PmsOperation]
    handoff: _handoff_pb2.Handoff
    language: str
    reasons: _containers.RepeatedScalarFieldContainer[str]
    proofs: _containers.RepeatedCompositeFieldContainer[Proof]
    flow: str
    state: str
    variants: _containers.ScalarMap[str, str]
    degraded: bool
    def __init__(self, session_id: _Optional[str] = ..., intents: _Optional[_Iterable[_Union[UnderstoodIntent, _Mapping]]] = ..., slots: _Optional[_Mapping[str, str]] = ..., asks: _Optional[_Iterable[str]] = ..., pms_operations: _Optional[_Iterable[_Union[PmsOperation, _Mapping]]] = ..., handoff: _Optional[_Union[_handoff_pb2.Handoff, _Mapping]] = ..., language: _Optional[str] = ..., reasons: _Optional[_Iterable[str]] = ..., proofs: _Optional[_Iterable[_Union[Proof, _Mapping]]] = ..., flow: _Optional[str] = ..., state: _Optional[str] = ..., variants: _Optional[_Mapping[str, str]] = ..., degraded: _Optional[bool] = ...) -> None: ...

class UnderstoodIntent(_message.Message):
    __slots__ = ("name", "confidence", "topic")
    NAME_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    TOPIC_FIELD_NUMBER: _ClassVar[int]
    name: str
    confidence: float
    topic: str
    def __init__(self, name: _Optional[str] = ..., confidence: _Optional[float] = ..., topic: _Optional[str] = ...) -> None: ...

class PmsOperation(_message.Message):
    __slots__ = ("operation", "reference", "succeeded", "error_reason")
    OPERATION_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    SUCCEEDED_FIELD_NUMBER: _ClassVar[int]
    ERROR_REASON_FIELD_NUMBER: _ClassVar[int]
    operation: str
    reference: str
    succeeded: bool
    error_reason: str
    def __init__(self, operation: _Optional[str] = ..., reference: _Optional[str] = ..., succeeded: _Optional[bool] = ..., error_reason: _Optional[str] = ...) -> None: ...

class Proof(_message.Message):
    __slots__ = ("claim", "source", "read_time")
    CLAIM_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    READ_TIME_FIELD_NUMBER: _ClassVar[int]
    claim: str
    source: str
    read_time: _timestamp_pb2.Timestamp
    def __init__(self, claim: _Optional[str] = ..., source: _Optional[str] = ..., read_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ConverseRequest(_message.Message):
    __slots__ = ("request_id", "property_id", "identity", "text")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    PROPERTY_ID_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    property_id: str
    identity: _channel_pb2.ChannelIdentity
    text: str
    def __init__(self, request_id: _Optional[str] = ..., property_id: _Optional[str] = ..., identity: _Optional[_Union[_channel_pb2.ChannelIdentity, _Mapping]] = ..., text: _Optional[str] = ...) -> None: ...

class ConverseResponse(_message.Message):
    __slots__ = ("replies", "outcome")
    REPLIES_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    replies: _containers.RepeatedCompositeFieldContainer[_message_pb2.OutboundMessage]
    outcome: Outcome
    def __init__(self, replies: _Optional[_Iterable[_Union[_message_pb2.OutboundMessage, _Mapping]]] = ..., outcome: _Optional[_Union[Outcome, _Mapping]] = ...) -> None: ...

class HandleEventRequest(_message.Message):
    __slots__ = ("request_id", "session_id", "staff_claimed", "staff_said", "staff_released", "deadline_passed", "scheduled_message_due", "staff_took_over", "staff_wrote", "property_id", "identity")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    STAFF_CLAIMED_FIELD_NUMBER: _ClassVar[int]
    STAFF_SAID_FIELD_NUMBER: _ClassVar[int]
    STAFF_RELEASED_FIELD_NUMBER: _ClassVar[int]
    DEADLINE_PASSED_FIELD_NUMBER: _ClassVar[int]
    SCHEDULED_MESSAGE_DUE_FIELD_NUMBER: _ClassVar[int]
    STAFF_TOOK_OVER_FIELD_NUMBER: _ClassVar[int]
    STAFF_WROTE_FIELD_NUMBER: _ClassVar[int]
    PROPERTY_ID_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    session_id: str
    staff_claimed: StaffClaimed
    staff_said: StaffSaid
    staff_released: StaffReleased
    deadline_passed: DeadlinePassed
    scheduled_message_due: ScheduledMessageDue
    staff_took_over: StaffTookOver
    staff_wrote: StaffWrote
    property_id: str
    identity: _channel_pb2.ChannelIdentity
    def __init__(self, request_id: _Optional[str] = ..., session_id: _Optional[str] = ..., staff_claimed: _Optional[_Union[StaffClaimed, _Mapping]] = ..., staff_said: _Optional[_Union[StaffSaid, _Mapping]] = ..., staff_released: _Optional[_Union[StaffReleased, _Mapping]] = ..., deadline_passed: _Optional[_Union[DeadlinePassed, _Mapping]] = ..., scheduled_message_due: _Optional[_Union[ScheduledMessageDue, _Mapping]] = ..., staff_took_over: _Optional[_Union[StaffTookOver, _Mapping]] = ..., staff_wrote: _Optional[_Union[StaffWrote, _Mapping]] = ..., property_id: _Optional[str] = ..., identity: _Optional[_Union[_channel_pb2.ChannelIdentity, _Mapping]] = ...) -> None: ...

class StaffClaimed(_message.Message):
    __slots__ = ("agent",)
    AGENT_FIELD_NUMBER: _ClassVar[int]
    agent: str
    def __init__(self, agent: _Optional[str] = ...) -> None: ...

class StaffTookOver(_message.Message):
    __slots__ = ("agent",)
    AGENT_FIELD_NUMBER: _ClassVar[int]
    agent: str
    def __init__(self, agent: _Optional[str] = ...) -> None: ...

class StaffSaid(_message.Message):
    __slots__ = ("agent", "text")
    AGENT_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    agent: str
    text: str
    def __init__(self, agent: _Optional[str] = ..., text: _Optional[str] = ...) -> None: ...

class StaffWrote(_message.Message):
    __slots__ = ("text",)
    TEXT_FIELD_NUMBER: _ClassVar[int]
    text: str
    def __init__(self, text: _Optional[str] = ...) -> None: ...

class StaffReleased(_message.Message):
    __slots__ = ("agent",)
    AGENT_FIELD_NUMBER: _ClassVar[int]
    agent: str
    def __init__(self, agent: _Optional[str] = ...) -> None: ...

class DeadlinePassed(_message.Message):
    __slots__ = ("now",)
    NOW_FIELD_NUMBER: _ClassVar[int]
    now: _timestamp_pb2.Timestamp
    def __init__(self, now: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ScheduledMessageDue(_message.Message):
    __slots__ = ("kind", "reservation_code", "due_time")
    KIND_FIELD_NUMBER: _ClassVar[int]
    RESERVATION_CODE_FIELD_NUMBER: _ClassVar[int]
    DUE_TIME_FIELD_NUMBER: _ClassVar[int]
    kind: str
    reservation_code: str
    due_time: _timestamp_pb2.Timestamp
    def __init__(self, kind: _Optional[str] = ..., reservation_code: _Optional[str] = ..., due_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class HandleEventResponse(_message.Message):
    __slots__ = ("replies", "outcome", "identity", "send_after_time")
    REPLIES_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_FIELD_NUMBER: _ClassVar[int]
    SEND_AFTER_TIME_FIELD_NUMBER: _ClassVar[int]
    replies: _containers.RepeatedCompositeFieldContainer[_message_pb2.OutboundMessage]
    outcome: Outcome
    identity: _channel_pb2.ChannelIdentity
    send_after_time: _timestamp_pb2.Timestamp
    def __init__(self, replies: _Optional[_Iterable[_Union[_message_pb2.OutboundMessage, _Mapping]]] = ..., outcome: _Optional[_Union[Outcome, _Mapping]] = ..., identity: _Optional[_Union[_channel_pb2.ChannelIdentity, _Mapping]] = ..., send_after_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
