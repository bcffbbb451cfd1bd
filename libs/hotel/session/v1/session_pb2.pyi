import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from hotel.common.v1 import channel_pb2 as _channel_pb2
from hotel.common.v1 import handoff_pb2 as _handoff_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Session(_message.Message):
    __slots__ = ("session_id", "property_id", "guest_id", "identity", "language", "flow", "state", "current_intent", "asked_slots", "slots", "pending_actions", "handoff", "promises", "memory_json", "metadata", "version", "create_time", "update_time", "last_activity_time", "expire_time")
    class SlotsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: SlotValue
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[SlotValue, _Mapping]] = ...) -> None: ...
    class MetadataEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    PROPERTY_ID_FIELD_NUMBER: _ClassVar[int]
    GUEST_ID_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    FLOW_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    CURRENT_INTENT_FIELD_NUMBER: _ClassVar[int]
    ASKED_SLOTS_FIELD_NUMBER: _ClassVar[int]
    SLOTS_FIELD_NUMBER: _ClassVar[int]
    PENDING_ACTIONS_FIELD_NUMBER: _ClassVar[int]
    HANDOFF_FIELD_NUMBER: _ClassVar[int]
    PROMISES_FIELD_NUMBER: _ClassVar[int]
    MEMORY_JSON_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    LAST_ACTIVITY_TIME_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    session_id: str
    property_id: str
    guest_id: str
    identity: _channel_pb2.ChannelIdentity
    language: str
    flow: str
    state: str
    current_intent: str
    asked_slots: _containers.RepeatedScalarFieldContainer[str]
    slots: _containers.MessageMap[str, SlotValue]
    pending_actions: _containers.RepeatedCompositeFieldContainer[PendingAction]
    handoff: _handoff_pb2.Handoff
    promises: _containers.RepeatedCompositeFieldContainer[Promise]
    memory_json: str
    metadata: _containers.ScalarMap[str, str]
    version: int
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    last_activity_time: _timestamp_pb2.Timestamp
    expire_time: _timestamp_pb2.Timestamp
    def __init__(self, session_id: _Optional[str] = ..., property_id: _Optional[str] = ..., guest_id: _Optional[str] = ..., identity: _Optional[_Union[_channel_pb2.ChannelIdentity, _Mapping]] = ..., language: _Optional[str] = ..., flow: _Optional[str] = ..., state: _Optional[str] = ..., current_intent: _Optional[str] = ..., asked_slots: _Optional[_Iterable[str]] = ..., slots: _Optional[_Mapping[str, SlotValue]] = ..., pending_actions: _Optional[_Iterable[_Union[PendingAction, _Mapping]]] = ..., handoff: _Optional[_Union[_handoff_pb2.Handoff, _Mapping]] = ..., promises: _Optional[_Iterable[_Union[Promise, _Mapping]]] = ..., memory_json: _Optional[str] = ..., metadata: _Optional[_Mapping[str, str]] = ..., version: _Optional[int] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., last_activity_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class SlotValue(_message.Message):
    __slots__ = ("value", "source_message_id", "confidence")
    VALUE_FIELD_NUMBER: _ClassVar[int]
    SOURCE_MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    value: str
    source_message_id: str
    confidence: float
    def __init__(self, value: _Optional[str] = ..., source_message_id: _Optional[str] = ..., confidence: _Optional[float] = ...) -> None: ...

class PendingAction(_message.Message):
    __slots__ = ("type", "reference", "expire_time", "details")
    class DetailsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    TYPE_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    DETAILS_FIELD_NUMBER: _ClassVar[int]
    type: str
    reference: str
    expire_time: _timestamp_pb2.Timestamp
    details: _containers.ScalarMap[str, str]
    def __init__(self, type: _Optional[str] = ..., reference: _Optional[str] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., details: _Optional[_Mapping[str, str]] = ...) -> None: ...

class Promise(_message.Message):
    __slots__ = ("promise_id", "text", "owner", "due_time", "keep_time", "break_time")
    PROMISE_ID_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    DUE_TIME_FIELD_NUMBER: _ClassVar[int]
    KEEP_TIME_FIELD_NUMBER: _ClassVar[int]
    BREAK_TIME_FIELD_NUMBER: _ClassVar[int]
    promise_id: str
    text: str
    owner: str
    due_time: _timestamp_pb2.Timestamp
    keep_time: _timestamp_pb2.Timestamp
    break_time: _timestamp_pb2.Timestamp
    def __init__(self, promise_id: _Optional[str] = ..., text: _Optional[str] = ..., owner: _Optional[str] = ..., due_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., keep_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., break_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Turn(_message.Message):
    __slots__ = ("turn_id", "author", "inbound_texts", "inbound_message_ids", "outbound_texts", "agent", "outcome", "create_time", "sequence")
    class Author(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        AUTHOR_UNSPECIFIED: _ClassVar[Turn.Author]
        AUTHOR_GUEST: _ClassVar[Turn.Author]
        AUTHOR_STAFF: _ClassVar[Turn.Author]
        AUTHOR_BOT: _ClassVar[Turn.Author]
        AUTHOR_NOTE: _ClassVar[Turn.Author]
    AUTHOR_UNSPECIFIED: Turn.Author
    AUTHOR_GUEST: Turn.Author
    AUTHOR_STAFF: Turn.Author
    AUTHOR_BOT: Turn.Author
    AUTHOR_NOTE: Turn.Author
    TURN_ID_FIELD_NUMBER: _ClassVar[int]
    AUTHOR_FIELD_NUMBER: _ClassVar[int]
    INBOUND_TEXTS_FIELD_NUMBER: _ClassVar[int]
    INBOUND_MESSAGE_IDS_FIELD_NUMBER: _ClassVar[int]
    OUTBOUND_TEXTS_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    turn_id: str
    author: Turn.Author
    inbound_texts: _containers.RepeatedScalarFieldContainer[str]
    inbound_message_ids: _containers.RepeatedScalarFieldContainer[str]
    outbound_texts: _containers.RepeatedScalarFieldContainer[str]
    agent: str
    outcome: bytes
    create_time: _timestamp_pb2.Timestamp
    sequence: int
    def __init__(self, turn_id: _Optional[str] = ..., author: _Optional[_Union[Turn.Author, str]] = ..., inbound_texts: _Optional[_Iterable[str]] = ..., inbound_message_ids: _Optional[_Iterable[str]] = ..., outbound_texts: _Optional[_Iterable[str]] = ..., agent: _Optional[str] = ..., outcome: _Optional[bytes] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., sequence: _Optional[int] = ...) -> None: ...

class Guest(_message.Message):
    __slots__ = ("guest_id", "given_name", "family_name", "email", "phone_number", "language", "identities", "opted_out", "version", "create_time", "display_name")
    GUEST_ID_FIELD_NUMBER: _ClassVar[int]
    GIVEN_NAME_FIELD_NUMBER: _ClassVar[int]
    FAMILY_NAME_FIELD_NUMBER: _ClassVar[int]
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    PHONE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    IDENTITIES_FIELD_NUMBER: _ClassVar[int]
    OPTED_OUT_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    guest_id: str
    given_name: str
    family_name: str
    email: str
    phone_number: str
    language: str
    identities: _containers.RepeatedCompositeFieldContainer[_channel_pb2.ChannelIdentity]
    opted_out: bool
    version: int
    create_time: _timestamp_pb2.Timestamp
    display_name: str
    def __init__(self, guest_id: _Optional[str] = ..., given_name: _Optional[str] = ..., family_name: _Optional[str] = ..., email: _Optional[str] = ..., phone_number: _Optional[str] = ..., language: _Optional[str] = ..., identities: _Optional[_Iterable[_Union[_channel_pb2.ChannelIdentity, _Mapping]]] = ..., opted_out: _Optional[bool] = ..., version: _Optional[int] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., display_name: _Optional[str] = ...) -> None: ...

class GetOrCreateSessionRequest(_message.Message):
    __slots__ = ("property_id", "identity", "display_name", "turn_id")
    PROPERTY_ID_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    TURN_ID_FIELD_NUMBER: _ClassVar[int]
    property_id: str
    identity: _channel_pb2.ChannelIdentity
    display_name: str
    turn_id: str
    def __init__(self, property_id: _Optional[str] = ..., identity: _Optional[_Union[_channel_pb2.ChannelIdentity, _Mapping]] = ..., display_name: _Optional[str] = ..., turn_id: _Optional[str] = ...) -> None: ...

class GetOrCreateSessionResponse(_message.Message):
    __slots__ = ("session", "guest", "created", "recent_turns", "erasure")
    SESSION_FIELD_NUMBER: _ClassVar[int]
    GUEST_FIELD_NUMBER: _ClassVar[int]
    CREATED_FIELD_NUMBER: _ClassVar[int]
    RECENT_TURNS_FIELD_NUMBER: _ClassVar[int]
    ERASURE_FIELD_NUMBER: _ClassVar[int]
    session: Session
    guest: Guest
    created: bool
    recent_turns: _containers.RepeatedCompositeFieldContainer[Turn]
    erasure: EraseGuestResponse
    def __init__(self, session: _Optional[_Union[Session, _Mapping]] = ..., guest: _Optional[_Union[Guest, _Mapping]] = ..., created: _Optional[bool] = ..., recent_turns: _Optional[_Iterable[_Union[Turn, _Mapping]]] = ..., erasure: _Optional[_Union[EraseGuestResponse, _Mapping]] = ...) -> None: ...

class GetSessionRequest(_message.Message):
    __slots__ = ("session_id",)
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    session_id: str
    def __init__(self, session_id: _Optional[str] = ...) -> None: ...

class GetSessionResponse(_message.Message):
    __slots__ = ("session", "guest")
    SESSION_FIELD_NUMBER: _ClassVar[int]
    GUEST_FIELD_NUMBER: _ClassVar[int]
    session: Session
    guest: Guest
    def __init__(self, session: _Optional[_Union[Session, _Mapping]] = ..., guest: _Optional[_Union[Guest, _Mapping]] = ...) -> None: ...

class CommitTurnRequest(_message.Message):
    __slots__ = ("request_id", "session", "turn")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    SESSION_FIELD_NUMBER: _ClassVar[int]
    TURN_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    session: Session
    turn: Turn
    def __init__(self, request_id: _Optional[str] = ..., session: _Optional[_Union[Session, _Mapping]] = ..., turn: _Optional[_Union[Turn, _Mapping]] = ...) -> None: ...

class CommitTurnResponse(_message.Message):
    __slots__ = ("session", "turn", "replayed")
    SESSION_FIELD_NUMBER: _ClassVar[int]
    TURN_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    session: Session
    turn: Turn
    replayed: bool
    def __init__(self, session: _Optional[_Union[Session, _Mapping]] = ..., turn: _Optional[_Union[Turn, _Mapping]] = ..., replayed: _Optional[bool] = ...) -> None: ...

class UpdateSessionRequest(_message.Message):
    __slots__ = ("request_id", "session")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    SESSION_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    session: Session
    def __init__(self, request_id: _Optional[str] = ..., session: _Optional[_Union[Session, _Mapping]] = ...) -> None: ...

class UpdateSessionResponse(_message.Message):
    __slots__ = ("session",)
    SESSION_FIELD_NUMBER: _ClassVar[int]
    session: Session
    def __init__(self, session: _Optional[_Union[Session, _Mapping]] = ...) -> None: ...

class AppendTurnsRequest(_message.Message):
    __slots__ = ("request_id", "session_id", "turns")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    TURNS_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    session_id: str
    turns: _containers.RepeatedCompositeFieldContainer[Turn]
    def __init__(self, request_id: _Optional[str] = ..., session_id: _Optional[str] = ..., turns: _Optional[_Iterable[_Union[Turn, _Mapping]]] = ...) -> None: ...

class AppendTurnsResponse(_message.Message):
    __slots__ = ("turns",)
    TURNS_FIELD_NUMBER: _ClassVar[int]
    turns: _containers.RepeatedCompositeFieldContainer[Turn]
    def __init__(self, turns: _Optional[_Iterable[_Union[Turn, _Mapping]]] = ...) -> None: ...

class ListSessionsRequest(_message.Message):
    __slots__ = ("property_id", "guest_id", "handoff_state", "active_only", "page_size", "page_token", "due_before")
    PROPERTY_ID_FIELD_NUMBER: _ClassVar[int]
    GUEST_ID_FIELD_NUMBER: _ClassVar[int]
    HANDOFF_STATE_FIELD_NUMBER: _ClassVar[int]
    ACTIVE_ONLY_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    DUE_BEFORE_FIELD_NUMBER: _ClassVar[int]
    property_id: str
    guest_id: str
    handoff_state: _handoff_pb2.Handoff.State
    active_only: bool
    page_size: int
    page_token: str
    due_before: _timestamp_pb2.Timestamp
    def __init__(self, property_id: _Optional[str] = ..., guest_id: _Optional[str] = ..., handoff_state: _Optional[_Union[_handoff_pb2.Handoff.State, str]] = ..., active_only: _Optional[bool] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., due_before: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ListSessionsResponse(_message.Message):
    __slots__ = ("sessions", "next_page_token")
    SESSIONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    sessions: _containers.RepeatedCompositeFieldContainer[Session]
    next_page_token: str
    def __init__(self, sessions: _Optional[_Iterable[_Union[Session, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ListTurnsRequest(_message.Message):
    __slots__ = ("session_id", "page_size", "page_token")
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    session_id: str
    page_size: int
    page_token: str
    def __init__(self, session_id: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListTurnsResponse(_message.Message):
    __slots__ = ("turns", "next_page_token")
    TURNS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    turns: _containers.RepeatedCompositeFieldContainer[Turn]
    next_page_token: str
    def __init__(self, turns: _Optional[_Iterable[_Union[Turn, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class GetTurnRequest(_message.Message):
    __slots__ = ("session_id", "turn_id")
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    TURN_ID_FIELD_NUMBER: _ClassVar[int]
    session_id: str
    turn_id: str
    def __init__(self, session_id: _Optional[str] = ..., turn_id: _Optional[str] = ...) -> None: ...

class GetTurnResponse(_message.Message):
    __slots__ = ("turn",)
    TURN_FIELD_NUMBER: _ClassVar[int]
    turn: Turn
    def __init__(self, turn: _Optional[_Union[Turn, _Mapping]] = ...) -> None: ...

class ListHandoffsRequest(_message.Message):
    __slots__ = ("property_id", "state", "agent", "page_size", "page_token")
    PROPERTY_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    property_id: str
    state: _handoff_pb2.Handoff.State
    agent: str
    page_size: int
    page_token: str
    def __init__(self, property_id: _Optional[str] = ..., state: _Optional[_Union[_handoff_pb2.Handoff.State, str]] = ..., agent: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListHandoffsResponse(_message.Message):
    __slots__ = ("cases", "next_page_token", "open_count", "claimed_count")
    CASES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    OPEN_COUNT_FIELD_NUMBER: _ClassVar[int]
    CLAIMED_COUNT_FIELD_NUMBER: _ClassVar[int]
    cases: _containers.RepeatedCompositeFieldContainer[HandoffCase]
    next_page_token: str
    open_count: int
    claimed_count: int
    def __init__(self, cases: _Optional[_Iterable[_Union[HandoffCase, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., open_count: _Optional[int] = ..., claimed_count: _Optional[int] = ...) -> None: ...

class HandoffCase(_message.Message):
    __slots__ = ("session", "guest")
    SESSION_FIELD_NUMBER: _ClassVar[int]
    GUEST_FIELD_NUMBER: _ClassVar[int]
    session: Session
    guest: Guest
    def __init__(self, session: _Optional[_Union[Session, _Mapping]] = ..., guest: _Optional[_Union[Guest, _Mapping]] = ...) -> None: ...

class ClaimHandoffRequest(_message.Message):
    __slots__ = ("request_id", "session_id", "agent")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    session_id: str
    agent: str
    def __init__(self, request_id: _Optional[str] = ..., session_id: _Optional[str] = ..., agent: _Optional[str] = ...) -> None: ...

class ClaimHandoffResponse(_message.Message):
    __slots__ = ("session",)
    SESSION_FIELD_NUMBER: _ClassVar[int]
    session: Session
    def __init__(self, session: _Optional[_Union[Session, _Mapping]] = ...) -> None: ...

class ReleaseHandoffRequest(_message.Message):
    __slots__ = ("request_id", "session_id", "agent")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    session_id: str
    agent: str
    def __init__(self, request_id: _Optional[str] = ..., session_id: _Optional[str] = ..., agent: _Optional[str] = ...) -> None: ...

class ReleaseHandoffResponse(_message.Message):
    __slots__ = ("session",)
    SESSION_FIELD_NUMBER: _ClassVar[int]
    session: Session
    def __init__(self, session: _Optional[_Union[Session, _Mapping]] = ...) -> None: ...

class GetGuestRequest(_message.Message):
    __slots__ = ("guest_id", "identity")
    GUEST_ID_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_FIELD_NUMBER: _ClassVar[int]
    guest_id: str
    identity: _channel_pb2.ChannelIdentity
    def __init__(self, guest_id: _Optional[str] = ..., identity: _Optional[_Union[_channel_pb2.ChannelIdentity, _Mapping]] = ...) -> None: ...

class GetGuestResponse(_message.Message):
    __slots__ = ("guest",)
    GUEST_FIELD_NUMBER: _ClassVar[int]
    guest: Guest
    def __init__(self, guest: _Optional[_Union[Guest, _Mapping]] = ...) -> None: ...

class UpdateGuestRequest(_message.Message):
    __slots__ = ("request_id", "guest", "opted_out")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    GUEST_FIELD_NUMBER: _ClassVar[int]
    OPTED_OUT_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    guest: Guest
    opted_out: bool
    def __init__(self, request_id: _Optional[str] = ..., guest: _Optional[_Union[Guest, _Mapping]] = ..., opted_out: _Optional[bool] = ...) -> None: ...

class UpdateGuestResponse(_message.Message):
    __slots__ = ("guest",)
    GUEST_FIELD_NUMBER: _ClassVar[int]
    guest: Guest
    def __init__(self, guest: _Optional[_Union[Guest, _Mapping]] = ...) -> None: ...

class LinkIdentityRequest(_message.Message):
    __slots__ = ("request_id", "guest_id", "identity")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    GUEST_ID_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    guest_id: str
    identity: _channel_pb2.ChannelIdentity
    def __init__(self, request_id: _Optional[str] = ..., guest_id: _Optional[str] = ..., identity: _Optional[_Union[_channel_pb2.ChannelIdentity, _Mapping]] = ...) -> None: ...

class LinkIdentityResponse(_message.Message):
    __slots__ = ("guest",)
    GUEST_FIELD_NUMBER: _ClassVar[int]
    guest: Guest
    def __init__(self, guest: _Optional[_Union[Guest, _Mapping]] = ...) -> None: ...

class ExportGuestRequest(_message.Message):
    __slots__ = ("guest_id",)
    GUEST_ID_FIELD_NUMBER: _ClassVar[int]
    guest_id: str
    def __init__(self, guest_id: _Optional[str] = ...) -> None: ...

class ExportGuestResponse(_message.Message):
    __slots__ = ("document", "mime_type", "create_time")
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    MIME_TYPE_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    document: bytes
    mime_type: str
    create_time: _timestamp_pb2.Timestamp
    def __init__(self, document: _Optional[bytes] = ..., mime_type: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class EraseGuestRequest(_message.Message):
    __slots__ = ("request_id", "guest_id", "turn_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    GUEST_ID_FIELD_NUMBER: _ClassVar[int]
    TURN_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    guest_id: str
    turn_id: str
    def __init__(self, request_id: _Optional[str] = ..., guest_id: _Optional[str] = ..., turn_id: _Optional[str] = ...) -> None: ...

class EraseGuestResponse(_message.Message):
    __slots__ = ("receipt_id", "erase_time", "erased", "retained", "retention")
    RECEIPT_ID_FIELD_NUMBER: _ClassVar[int]
    ERASE_TIME_FIELD_NUMBER: _ClassVar[int]
    ERASED_FIELD_NUMBER: _ClassVar[int]
    RETAINED_FIELD_NUMBER: _ClassVar[int]
    RETENTION_FIELD_NUMBER: _ClassVar[int]
    receipt_id: str
    erase_time: _timestamp_pb2.Timestamp
    erased: _containers.RepeatedScalarFieldContainer[str]
    retained: _containers.RepeatedScalarFieldContainer[str]
    retention: _duration_pb2.Duration
    def __init__(self, receipt_id: _Optional[str] = ..., erase_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., erased: _Optional[_Iterable[str]] = ..., retained: _Optional[_Iterable[str]] = ..., retention: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class ListErasuresRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListErasuresResponse(_message.Message):
    __slots__ = ("erasures",)
    ERASURES_FIELD_NUMBER: _ClassVar[int]
    erasures: _containers.RepeatedCompositeFieldContainer[Erasure]
    def __init__(self, erasures: _Optional[_Iterable[_Union[Erasure, _Mapping]]] = ...) -> None: ...

class Erasure(_message.Message):
    __slots__ = ("receipt_id", "erase_time", "identities", "session_ids")
    RECEIPT_ID_FIELD_NUMBER: _ClassVar[int]
    ERASE_TIME_FIELD_NUMBER: _ClassVar[int]
    IDENTITIES_FIELD_NUMBER: _ClassVar[int]
    SESSION_IDS_FIELD_NUMBER: _ClassVar[int]
    receipt_id: str
    erase_time: _timestamp_pb2.Timestamp
    identities: _containers.RepeatedCompositeFieldContainer[_channel_pb2.ChannelIdentity]
    session_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, receipt_id: _Optional[str] = ..., erase_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., identities: _Optional[_Iterable[_Union[_channel_pb2.ChannelIdentity, _Mapping]]] = ..., session_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class AcknowledgeErasureRequest(_message.Message):
    __slots__ = ("receipt_id",)
    RECEIPT_ID_FIELD_NUMBER: _ClassVar[int]
    receipt_id: str
    def __init__(self, receipt_id: _Optional[str] = ...) -> None: ...

class AcknowledgeErasureResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
