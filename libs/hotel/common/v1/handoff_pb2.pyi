import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Handoff(_message.Message):
    __slots__ = ("state", "desk", "priority", "sla_minutes", "reason", "summary", "agent", "open_time", "due_time")
    class Desk(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        DESK_UNSPECIFIED: _ClassVar[Handoff.Desk]
        DESK_RECEPTION: _ClassVar[Handoff.Desk]
        DESK_RESERVATIONS: _ClassVar[Handoff.Desk]
        DESK_ON_CALL: _ClassVar[Handoff.Desk]
        DESK_MANAGER: _ClassVar[Handoff.Desk]
    DESK_UNSPECIFIED: Handoff.Desk
    DESK_RECEPTION: Handoff.Desk
    DESK_RESERVATIONS: Handoff.Desk
    DESK_ON_CALL: Handoff.Desk
    DESK_MANAGER: Handoff.Desk
    class Priority(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        PRIORITY_UNSPECIFIED: _ClassVar[Handoff.Priority]
        PRIORITY_LOW: _ClassVar[Handoff.Priority]
        PRIORITY_NORMAL: _ClassVar[Handoff.Priority]
        PRIORITY_URGENT: _ClassVar[Handoff.Priority]
    PRIORITY_UNSPECIFIED: Handoff.Priority
    PRIORITY_LOW: Handoff.Priority
    PRIORITY_NORMAL: Handoff.Priority
    PRIORITY_URGENT: Handoff.Priority
    class State(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STATE_UNSPECIFIED: _ClassVar[Handoff.State]
        STATE_OPEN: _ClassVar[Handoff.State]
        STATE_CLAIMED: _ClassVar[Handoff.State]
        STATE_RELEASED: _ClassVar[Handoff.State]
    STATE_UNSPECIFIED: Handoff.State
    STATE_OPEN: Handoff.State
    STATE_CLAIMED: Handoff.State
    STATE_RELEASED: Handoff.State
    STATE_FIELD_NUMBER: _ClassVar[int]
    DESK_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    SLA_MINUTES_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    OPEN_TIME_FIELD_NUMBER: _ClassVar[int]
    DUE_TIME_FIELD_NUMBER: _ClassVar[int]
    state: Handoff.State
    desk: Handoff.Desk
    priority: Handoff.Priority
    sla_minutes: int
    reason: str
    summary: str
    agent: str
    open_time: _timestamp_pb2.Timestamp
    due_time: _timestamp_pb2.Timestamp
    def __init__(self, state: _Optional[_Union[Handoff.State, str]] = ..., desk: _Optional[_Union[Handoff.Desk, str]] = ..., priority: _Optional[_Union[Handoff.Priority, str]] = ..., sla_minutes: _Optional[int] = ..., reason: _Optional[str] = ..., summary: _Optional[str] = ..., agent: _Optional[str] = ..., open_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., due_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
